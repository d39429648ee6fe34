import type * as z from "zod";
import { argumentSchema, type WithArguments } from "./arguments.ts";
import { ArgumentError } from "./errors.ts";
import { didYouMean, listed } from "./words.ts";

const schemas = new WeakMap<WithArguments, z.ZodObject>();

/**
 * Checks a call's arguments against its strict schema.
 *
 * @returns the values that Quay takes, by argument
 * @throws ArgumentError naming every problem at once
 */
export function parseArguments(
  tool: WithArguments,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  let schema = schemas.get(tool);
  if (schema === undefined) {
    schema = argumentSchema(tool);
    schemas.set(tool, schema);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, given, known));
  throw new ArgumentError(`${tool.name} was not called. ${problems.join(" ")}`);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  const name = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    if (name !== "") return issue.keys.map((key) => `"${name}" has no field "${key}".`);
    return unknownArguments(issue.keys, known);
  }
  if (valueAt(issue.path, given) === undefined) return [`"${name}" is missing.`];
  if (issue.code === "invalid_union")
    return [`"${name}" ${inWords(issue.errors.flat()[0]?.message ?? issue.message)}.`];
  return [`"${name}" ${inWords(issue.message)}.`];
}

function valueAt(path: readonly PropertyKey[], given: unknown): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);
}

function unknownArguments(keys: readonly string[], known: readonly string[]): string[] {
  const nearest = keys.map((key) => didYouMean(key, known));
  const takes = known.length === 0 ? "It takes no arguments." : `It takes ${listed(known)}.`;
  return [
    ...keys.map((key, index) => `There is no argument "${key}".${nearest[index]}`),
    ...(nearest.includes("") ? [takes] : []),
  ];
}

const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const bounds: Readonly<Record<string, string>> = {
  "<=": "at most",
  ">=": "at least",
  "<": "less than",
  ">": "more than",
};

/** Turns zod's "Invalid input: expected string, received number" into the end of a sentence about the argument. */
function inWords(message: string): string {
  const plain = message.replace(/^(Invalid (input|option)|Too (small|big)): /, "");
  const [, expected = "", received = ""] = /^expected (\w+), received (\w+)$/.exec(plain) ?? [];
  if (received !== "") {
    const wanted = `must be ${kinds[expected] ?? expected}`;
    return expected === "int" && received === "number"
      ? wanted
      : `${wanted}, not ${kinds[received] ?? received}`;
  }
  return plain
    .replace(/^expected \S+ to have >=1 (characters|items)$/, "must not be empty")
    .replace(/^expected (\S+) to (have|be) /, "must $2 ")
    .replace(/^expected /, "must be ")
    .replace(/[<>]=?(?=-?\d)/, (sign) => `${bounds[sign]} `)
    .replaceAll('"|"', '", "');
}
