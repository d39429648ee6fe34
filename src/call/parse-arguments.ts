import type * as z from "zod";
import { argumentSchema, inputSchema, type WithArguments } from "../arguments.ts";
import { ArgumentError } from "../errors.ts";
import { quote } from "../sentences/cite.ts";
import { didYouMean, firstNames, listed } from "../sentences/words.ts";

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
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, given, { known, tool }));
  throw new ArgumentError(`${tool.name} was not called. ${firstNames(problems, problemsTold).join(" ")}`);
}

/** More than there are arguments: only of what is no argument there may be any number. */
const problemsTold = 20;

/** As much of an argument's name as tells it from another. */
const longestName = 60;

const named = (name: string) => quote(name, longestName);

function problemsOf(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  { known, tool }: { readonly known: readonly string[]; readonly tool: WithArguments },
): string[] {
  const path = issue.path.map(String).join(".");
  const name = named(path);
  if (issue.code === "unrecognized_keys") {
    if (path !== "") {
      return issue.keys.map((key) => `${name} has no field ${named(key)}${fieldsAt(issue.path, tool)}.`);
    }
    return unknownArguments(issue.keys, known);
  }
  if (valueAt(issue.path, given) === undefined) return [`${name} is missing.`];
  if (issue.code === "invalid_union")
    return [`${name} ${inWords(issue.errors.flat()[0]?.message ?? issue.message)}.`];
  const fields = issue.code === "invalid_type" ? fieldsAt(issue.path, tool) : "";
  return [`${name} ${inWords(issue.message)}${fields}.`];
}

interface Listed {
  readonly properties?: Readonly<Record<string, Listed>>;
  readonly required?: readonly string[];
  readonly items?: Listed;
}

/** What an object argument takes, as the end of a sentence; nothing of what is no object, or takes any field. */
function fieldsAt(path: readonly PropertyKey[], tool: WithArguments): string {
  const whole: Listed = inputSchema(tool);
  const found = path.reduce<Listed | undefined>(
    (schema, key) => (typeof key === "number" ? schema?.items : schema?.properties?.[String(key)]),
    whole,
  );
  const fields = Object.keys(found?.properties ?? {});
  if (fields.length === 0) return "";
  const optional = fields.filter((field) => !found?.required?.includes(field));
  const omissible = optional.length === fields.length ? "all" : listed(optional);
  const left = optional.length === 0 ? "" : ` (${omissible} may be left out)`;
  return `; its fields are ${listed(fields)}${left}`;
}

function valueAt(path: readonly PropertyKey[], given: unknown): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);
}

function unknownArguments(keys: readonly string[], known: readonly string[]): string[] {
  const nearest = keys.map((key) => didYouMean(key, known));
  const takes = known.length === 0 ? "It takes no arguments." : `It takes ${listed(known)}.`;
  return [
    ...keys.map((key, index) => `There is no argument ${named(key)}.${nearest[index]}`),
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
