/** The limits of keys and groups, as files write them. */
import * as z from "zod";
import { words } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import { type Limits, parseRestriction, type Restriction } from "../../guard/restriction.ts";
import type { KnownNames } from "../../guard/tool.ts";

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

/** Words between commas, or a list of them. */
const listOrWords = z.preprocess((value) => (isListOfTexts(value) ? value.join(",") : value), words);

export const limitsShape = {
  allow: listOrWords.optional(),
  toolsets: listOrWords.optional(),
  namespaces: listOrWords.optional(),
};

/**
 * The restriction that limits come to, of which at least one holds; none where some of them limit nothing.
 */
export function restrictionsOf(anyOf: readonly Limits[]): readonly Restriction[] {
  const isFree = ({ allow, toolsets, namespaces }: Limits) => !(allow || toolsets || namespaces);
  return anyOf.some(isFree) ? [] : [{ anyOf }];
}

/** What is wrong with the words of limits, as sentences. */
export function problemsWith(limits: Limits, names: KnownNames): string[] {
  const { by, ...each } = limits;
  return Object.entries(each).flatMap(([word, value]) => {
    try {
      parseRestriction({ anyOf: [{ by, [word]: value }] }, names);
      return [];
    } catch (error) {
      if (error instanceof UsageError) return [error.message];
      throw error;
    }
  });
}

/** What is wrong with a file's structure, place by place; values are not repeated, since they may be credentials. */
export function problemsIn(
  { issues }: z.ZodError,
  placeOf: (path: readonly PropertyKey[]) => string,
): string[] {
  return issues.map(({ path, message }) => `${placeOf(path)}${message}.`);
}
