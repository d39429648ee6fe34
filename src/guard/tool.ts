import type { Tool } from "../operation.ts";

/** What the guard knows of a tool. The listing made at build time holds these fields, so the guard needs no catalogue. */
export type GuardedTool = Pick<
  Tool,
  "name" | "toolset" | "access" | "escalates" | "scopes" | "yieldsCredential"
>;

/** The names that settings may use. */
export interface KnownNames {
  readonly tools: ReadonlySet<string>;
  readonly toolsets: ReadonlySet<string>;
}
