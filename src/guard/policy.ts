import type { Callable, CallableTool, Scope } from "../operation.ts";
import type { Given } from "../targets/target.ts";
import { type AccessPolicy, accessRefusal, accessSetting, escalatedRefusal } from "./access.ts";
import { type ByName, parseByName } from "./by-name.ts";
import { type ConfirmationPolicy, confirmationSetting } from "./confirmation-policy.ts";
import { confinementRefusal, type Fence, fenceRefusal, guardedTool, isInside, parseFence } from "./fence.ts";
import { parseHosts } from "./hosts.ts";
import { type Protection, parseProtection, protectionRefusal } from "./protection.ts";
import {
  type Alternatives,
  boundsEscalatedRefusal,
  boundsFenceRefusal,
  boundsRefusal,
  boundsThatLet,
  parseRestriction,
  type Restriction,
  refusalOfCall,
  restrictionsRefusal,
} from "./restriction.ts";
import { scopeRefusal, withIncluded } from "./scopes.ts";
import { parseSelection, type Selection, selectionRefusal } from "./selection.ts";
import type { ConfinableTool, GuardedTool, KnownNames } from "./tool.ts";

/** What a caller of this server may do, as its operator said, and as the caller is restricted besides. */
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
  /** What makes all that stricter; each must let a call through. */
  readonly restrictions: readonly Alternatives[];
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
 * @param restrictions what makes it stricter for a caller
 * @throws UsageError for a word that names no choice, toolset or tool
 */
export function createPolicy(
  settings: PolicySettings,
  tools: Iterable<GuardedTool>,
  restrictions: readonly Restriction[] = [],
): Policy {
  const names = namesOf(tools);
  return {
    access: parseByName(settings.allow, accessSetting, names),
    scopes: settings.scopes && withIncluded(settings.scopes),
    selection: parseSelection(settings, names),
    fence: settings.namespaces && parseFence(settings.namespaces),
    protection: settings.protect && parseProtection(settings.protect),
    hosts: parseHosts(settings.hosts),
    confirmation: parseByName(settings.confirm, confirmationSetting, names),
    dryRun: settings.dryRun,
    restrictions: restrictions.map((restriction) => parseRestriction(restriction, names)),
  };
}

/** The names that settings and restrictions may use. */
export function namesOf(tools: Iterable<GuardedTool>): KnownNames {
  const known = [...tools];
  return {
    tools: new Set(known.map((tool) => tool.name)),
    toolsets: new Set(known.map((tool) => tool.toolset)),
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
    confinementRefusal(tool, policy.fence) ??
    restrictionsRefusal(policy.restrictions, (bounds) => boundsRefusal(tool, bounds))
  );
}

/**
 * Why a call may not touch what it names.
 *
 * @param given the arguments as the assistant wrote them, after they were checked
 */
export function placeRefusal(tool: Callable, given: Given, policy: Policy): string | undefined {
  return (
    fenceRefusal(tool, given, policy.fence) ??
    restrictionsRefusal(policy.restrictions, (bounds) => boundsFenceRefusal(tool, given, bounds)) ??
    protectionRefusal(tool, given, policy.protection)
  );
}

/**
 * Why an escalated call may not run.
 *
 * @param reason what makes it as grave as a destructive call, as a sentence
 */
export function graveRefusal(tool: GuardedTool, reason: string, policy: Policy): string | undefined {
  return (
    escalatedRefusal(tool, reason, policy.access) ??
    restrictionsRefusal(policy.restrictions, (bounds) => boundsEscalatedRefusal(tool, reason, bounds))
  );
}

/** Whether it must be settled for each call which of a caller's rights it goes by. */
export function hasChoices({ restrictions }: Policy): boolean {
  return restrictions.some(({ length }) => length !== 1);
}

/**
 * Why none of a caller's rights suffices for a call: that of one group to a tool and that of another to a namespace make
 * no right to use the tool there.
 *
 * @param given the arguments as the assistant wrote them, after they were checked
 */
export function callRefusal(tool: CallableTool, given: Given, { restrictions }: Policy): string | undefined {
  const guarded = guardedTool(tool);
  return restrictionsRefusal(restrictions, (bounds) => refusalOfCall(guarded, tool, given, bounds));
}

/** The policy by which a call goes on: with those of the caller's rights that let it through, and no others. */
export function policyOfCall(tool: CallableTool, given: Given, policy: Policy): Policy {
  const restrictions = boundsThatLet(policy.restrictions, guardedTool(tool), tool, given);
  return { ...policy, restrictions };
}

/** The words of the fences around a caller, those that lie outside of another left out; undefined where there is none. */
export function fenceWords({ fence, restrictions }: Policy): readonly string[] | undefined {
  const fences = [[fence], ...restrictions.map((bounds) => bounds.map((each) => each.fence))].filter(
    (alternatives): alternatives is Fence[] => !alternatives.includes(undefined),
  );
  if (fences.length === 0) return undefined;
  const words = new Set(fences.flat().flatMap((each) => each.words));
  return [...words].filter((word) =>
    fences.every((alternatives) => alternatives.some((each) => isInside(word.toLowerCase(), each))),
  );
}
