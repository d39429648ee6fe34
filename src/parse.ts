import type { z } from "zod";
import { argumentSchema } from "./arguments.ts";
import { ArgumentError } from "./errors.ts";
import type { Operation } from "./operation.ts";
import { didYouMean, listed } from "./words.ts";

const schemas = new WeakMap<Operation, z.ZodObject>();

/**
 * Checks a call's arguments against its strict schema.
 *
 * @returns the values that Quay takes, by argument
 * @throws ArgumentError naming every problem at once
 */
export function parseArguments(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  let schema = schemas.get(operation);
  if (schema === undefined) {
    schema = argumentSchema(operation);
    schemas.set(operation, schema);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, given, known));
  throw new ArgumentError(`${operation.name} was not called. ${problems.join(" ")}`);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  const name = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const where = name === "" ? "argument" : `field of "${name}"`;
    return issue.keys.map((key) => `There is no ${where} "${key}".${name === "" ? hint(key, known) : ""}`);
  }
  const missing = issue.path.length === 1 && given[name] === undefined;
  if (missing) return [`"${name}" is missing.`];
  if (issue.code === "invalid_union")
    return [`"${name}" ${inWords(issue.errors.flat()[0]?.message ?? issue.message)}.`];
  return [`"${name}" ${inWords(issue.message)}.`];
}

function hint(key: string, known: readonly string[]): string {
  if (known.length === 0) return " It takes no arguments.";
  return didYouMean(key, known) || ` It takes ${listed(known)}.`;
}

/** Turns zod's "Invalid input: expected string, received number" into the end of a sentence about the argument. */
function inWords(message: string): string {
  const plain = message.replace(/^(Invalid (input|option)|Too (small|big)): /, "");
  return plain.replace(/^expected (\S+) to (have|be) /, "must $2 ").replace(/^expected /, "must be ");
}
