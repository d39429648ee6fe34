/**
 * What makes a caller's calls stricter than this server's settings: the headers of a request, a caller's key, their groups.
 * A restriction is asked besides the settings, never instead of them, so that it cannot make anything looser.
 */
import type { Callable, CallableTool } from "../operation.ts";
import type { Given } from "../targets/target.ts";
import { type AccessPolicy, accessRefusal, accessSetting, escalatedRefusal } from "./access.ts";
import { parseByName } from "./by-name.ts";
import { confinementRefusal, type Fence, fenceRefusal, parseFence } from "./fence.ts";
import { parseToolsets, toolsetRefusal } from "./selection.ts";
import type { ConfinableTool, GuardedTool, KnownNames } from "./tool.ts";

/** Limits in the words of the settings; what is left out limits nothing. */
export interface Limits {
  /** Whose they are, as a refusal names it, such as `the key ci`. */
  readonly by: string;
  readonly allow?: readonly string[] | undefined;
  readonly toolsets?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
}

/** A call must stay within one of these, with all that it is: its tool, what it names, and how grave it is. */
export interface Restriction {
  readonly anyOf: readonly Limits[];
}

/** Limits that were understood. */
export interface Bounds {
  readonly by: string;
  readonly access: AccessPolicy | undefined;
  readonly toolsets: ReadonlySet<string> | undefined;
  readonly fence: Fence | undefined;
}

/** A restriction that was understood: one of its bounds must let a call through. */
export type Alternatives = readonly Bounds[];

/** @throws UsageError for a word that names no choice, toolset or namespace */
export function parseRestriction({ anyOf }: Restriction, names: KnownNames): Alternatives {
  return anyOf.map(({ by, allow, toolsets, namespaces }) => {
    const flag = (word: string) => `${word} of ${by}`;
    return {
      by,
      access: allow && parseByName(allow, { ...accessSetting, flag: flag("allow") }, names),
      toolsets: toolsets && parseToolsets(toolsets, names, flag("toolsets")),
      fence: namespaces && { ...parseFence(namespaces, flag("namespaces")), by },
    };
  });
}

/** Why these bounds keep a tool from running at all. */
export function boundsRefusal(
  tool: ConfinableTool,
  { by, access, toolsets, fence }: Bounds,
): string | undefined {
  return (
    (toolsets && toolsetRefusal(tool, toolsets, by)) ??
    (access && accessRefusal(tool, access, by)) ??
    confinementRefusal(tool, fence)
  );
}

/** Why these bounds keep back what a call names. */
export function boundsFenceRefusal(tool: Callable, given: Given, { fence }: Bounds): string | undefined {
  return fenceRefusal(tool, given, fence);
}

/** Why these bounds keep an escalated call back. */
export function boundsEscalatedRefusal(
  tool: GuardedTool,
  reason: string,
  { by, access }: Bounds,
): string | undefined {
  return access && escalatedRefusal(tool, reason, access, by);
}

/**
 * Why restrictions keep something back: one of them has no bounds that let it through.
 *
 * @param refuse why these bounds do not
 */
export function restrictionsRefusal(
  restrictions: readonly Alternatives[],
  refuse: (bounds: Bounds) => string | undefined,
): string | undefined {
  for (const alternatives of restrictions) {
    const reasons = alternatives.map(refuse);
    if (reasons.length === 0) return "This caller may do nothing here.";
    if (!reasons.includes(undefined)) return [...new Set(reasons)].join(" ");
  }
  return undefined;
}

/** The restrictions with those bounds alone that let a call through: what it leads to must stay within the same. */
export function boundsThatLet(
  restrictions: readonly Alternatives[],
  guarded: ConfinableTool,
  tool: CallableTool,
  given: Given,
): readonly Alternatives[] {
  return restrictions.map((alternatives) =>
    alternatives.filter((bounds) => refusalOfCall(guarded, tool, given, bounds) === undefined),
  );
}

/** Why bounds keep back a call with these arguments. */
export function refusalOfCall(
  guarded: ConfinableTool,
  tool: CallableTool,
  given: Given,
  bounds: Bounds,
): string | undefined {
  return boundsRefusal(guarded, bounds) ?? boundsFenceRefusal(tool, given, bounds);
}
