import type { CallableTool } from "../operation.ts";

/** What the guard knows of a tool. The listing made at build time holds these fields, so the guard needs no catalogue. */
export type GuardedTool = Pick<
  CallableTool,
  "name" | "toolset" | "access" | "scopes" | "yieldsCredential" | "repeats"
>;

/** A tool, and whether there are arguments with which its calls stay inside a fence. */
export interface ConfinableTool extends GuardedTool {
  readonly confinable: boolean;
}

/** The names that settings may use. */
export interface KnownNames {
  readonly tools: ReadonlySet<string>;
  readonly toolsets: ReadonlySet<string>;
}
