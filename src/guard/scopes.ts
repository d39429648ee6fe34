import type { Scope, ScopeRequirement } from "../operation.ts";
import { listed } from "../sentences/words.ts";
import type { GuardedTool } from "./tool.ts";

/** What each scope of Quay includes. */
const included: Partial<Record<Scope, readonly Scope[]>> = {
  "repo:admin": ["repo:write", "repo:read"],
  "repo:write": ["repo:read"],
  "user:admin": ["user:read"],
};

/** The scopes and all that they include. */
export function withIncluded(scopes: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(scopes.flatMap((scope) => [scope, ...(included[scope] ?? [])]));
}

const alternatives = (requirement: ScopeRequirement): readonly Scope[] =>
  typeof requirement === "string" ? [requirement] : requirement.anyOf;

/** Whether a token with these scopes (inclusions counted) meets every requirement. */
export function satisfies(scopes: ReadonlySet<Scope>, requirements: readonly ScopeRequirement[]): boolean {
  return requirements.every((requirement) => alternatives(requirement).some((scope) => scopes.has(scope)));
}

/** `repo:write`, `org:admin or repo:create`, `user:admin and org:admin`; empty where nothing is needed. */
export function describeScopes(requirements: readonly ScopeRequirement[]): string {
  return listed(requirements.map((requirement) => listed(alternatives(requirement), "or")));
}

/** Why the token cannot do what a tool does, as far as its scopes are known. */
export function scopeRefusal(tool: GuardedTool, scopes: ReadonlySet<Scope> | undefined): string | undefined {
  if (scopes === undefined || satisfies(scopes, tool.scopes)) return undefined;
  const held = scopes.size === 0 ? "none" : listed([...scopes]);
  return `${tool.name} needs a token with the scope ${describeScopes(tool.scopes)}, and --scopes says that this one has ${held}.`;
}
