import { guardedTool } from "../guard/fence.ts";
import { createPolicy, type PolicySettings, refusal } from "../guard/policy.ts";
import { satisfies, withIncluded } from "../guard/scopes.ts";
import type { Access, CallableTool } from "../operation.ts";
import type { ScopeFinding } from "./scopes.ts";

/** What the guard lets through, by name of the tools that a client sees. */
export interface AllowedReport {
  readonly total: number;
  /** Those of the total that are made of several operations. */
  readonly tasks: number;
  readonly listed: number;
  readonly byAccess: Readonly<Record<Access, number>>;
  /** Listed, although the token lacks a scope that they need. */
  readonly lackScope: readonly string[];
  /** Listed, although the registry does not offer their operation. */
  readonly notOffered: readonly string[];
}

/**
 * Counts what the settings let through.
 *
 * @param missing tools whose operation the registry does not offer
 */
export function examineAllowed(
  settings: PolicySettings,
  tools: readonly CallableTool[],
  scopes: readonly ScopeFinding[],
  missing: readonly string[],
): AllowedReport {
  const policy = createPolicy(settings, tools);
  const listed = tools.filter((tool) => refusal(guardedTool(tool), policy) === undefined);
  const count = (access: Access) => listed.filter((tool) => tool.access === access).length;
  const possible = withIncluded(
    scopes.filter(({ verdict }) => verdict !== "missing").map(({ scope }) => scope),
  );
  return {
    total: tools.length,
    tasks: tools.filter(({ operationId }) => operationId === undefined).length,
    listed: listed.length,
    byAccess: { read: count("read"), write: count("write"), destructive: count("destructive") },
    lackScope: listed.filter((tool) => !satisfies(possible, tool.scopes)).map(({ name }) => name),
    notOffered: listed.filter(({ name }) => missing.includes(name)).map(({ name }) => name),
  };
}
