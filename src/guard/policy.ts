import type { Scope } from "../operation.ts";
import { type AccessPolicy, accessRefusal, parseAccess } from "./access.ts";
import { scopeRefusal, withIncluded } from "./scopes.ts";
import { parseSelection, type Selection, selectionRefusal } from "./selection.ts";
import type { GuardedTool } from "./tool.ts";

/** What this server may do, as its operator said. */
export interface Policy {
  readonly access: AccessPolicy;
  /** What the token may do, inclusions counted; undefined where nobody said. */
  readonly scopes: ReadonlySet<Scope> | undefined;
  readonly selection: Selection;
}

export interface PolicySettings {
  readonly allow: readonly string[];
  readonly scopes?: readonly Scope[] | undefined;
  readonly toolsets?: readonly string[] | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly excludeTools: readonly string[];
}

/**
 * Makes the policy from the settings.
 *
 * @throws UsageError for a word that names no level, toolset or tool
 */
export function createPolicy(settings: PolicySettings, tools: Iterable<GuardedTool>): Policy {
  const known = [...tools];
  const names = {
    tools: new Set(known.map((tool) => tool.name)),
    toolsets: new Set(known.map((tool) => tool.toolset)),
  };
  return {
    access: parseAccess(settings.allow, names),
    scopes: settings.scopes && withIncluded(settings.scopes),
    selection: parseSelection(settings, names),
  };
}

/** Why the guard keeps this tool from running, in words that name the option or scope it takes; undefined if it may. */
export function refusal(tool: GuardedTool, policy: Policy): string | undefined {
  return (
    selectionRefusal(tool, policy.selection) ??
    accessRefusal(tool, policy.access) ??
    scopeRefusal(tool, policy.scopes)
  );
}

/**
 * Why a permitted call is not sent all the same: its answer is a credential that Quay shows once, which would be lost
 * or would enter the conversation.
 */
export function credentialRefusal(tool: GuardedTool): string | undefined {
  return tool.yieldsCredential === undefined
    ? undefined
    : `${tool.name} is not sent: its answer is a credential that Quay shows once, and credentials do not enter this conversation. Do this in Quay's own pages.`;
}
