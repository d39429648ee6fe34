import type { Scope } from "../operation.ts";
import { type AccessPolicy, accessRefusal, accessSetting } from "./access.ts";
import { type ByName, parseByName } from "./by-name.ts";
import { type ConfirmationPolicy, confirmationSetting } from "./confirmation-policy.ts";
import { confinementRefusal, type Fence, parseFence } from "./fence.ts";
import { parseHosts } from "./hosts.ts";
import { type Protection, parseProtection } from "./protection.ts";
import { scopeRefusal, withIncluded } from "./scopes.ts";
import { parseSelection, type Selection, selectionRefusal } from "./selection.ts";
import type { ConfinableTool, GuardedTool } from "./tool.ts";

/** What this server may do, as its operator said. */
export interface Policy {
  readonly access: AccessPolicy;
  /** What the token may do, inclusions counted; undefined where nobody said. */
  readonly scopes: ReadonlySet<Scope> | undefined;
  readonly selection: Selection;
  /** The namespaces that calls may touch; undefined where all are. */
  readonly fence: Fence | undefined;
  /** The repositories that are only read. */
  readonly protection: Protection | undefined;
  /** Where Quay may be told to send data without more ado. */
  readonly hosts: readonly string[];
  /** How destructive and escalated calls are confirmed. */
  readonly confirmation: ByName<ConfirmationPolicy>;
  /** Nothing that changes anything is sent: the answer says what would be. */
  readonly dryRun: boolean;
}

export interface PolicySettings {
  readonly allow: readonly string[];
  readonly scopes?: readonly Scope[] | undefined;
  readonly toolsets?: readonly string[] | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly excludeTools: readonly string[];
  readonly namespaces?: readonly string[] | undefined;
  readonly protect?: readonly string[] | undefined;
  readonly hosts: readonly string[];
  readonly confirm: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Makes the policy from the settings.
 *
 * @throws UsageError for a word that names no choice, toolset or tool
 */
export function createPolicy(settings: PolicySettings, tools: Iterable<GuardedTool>): Policy {
  const known = [...tools];
  const names = {
    tools: new Set(known.map((tool) => tool.name)),
    toolsets: new Set(known.map((tool) => tool.toolset)),
  };
  return {
    access: parseByName(settings.allow, accessSetting, names),
    scopes: settings.scopes && withIncluded(settings.scopes),
    selection: parseSelection(settings, names),
    fence: settings.namespaces && parseFence(settings.namespaces),
    protection: settings.protect && parseProtection(settings.protect),
    hosts: parseHosts(settings.hosts),
    confirmation: parseByName(settings.confirm, confirmationSetting, names),
    dryRun: settings.dryRun,
  };
}

/** A policy as a text that differs where policies do: what was confirmed under one does not hold under another. */
export function policyText(policy: Policy): string {
  return JSON.stringify(policy, (_name, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...value];
    return value instanceof RegExp ? String(value) : value;
  });
}

/** Why the guard keeps this tool from running, in words that name the option or scope it takes; undefined if it may. */
export function refusal(tool: ConfinableTool, policy: Policy): string | undefined {
  return (
    selectionRefusal(tool, policy.selection) ??
    accessRefusal(tool, policy.access) ??
    scopeRefusal(tool, policy.scopes) ??
    confinementRefusal(tool, policy.fence)
  );
}
