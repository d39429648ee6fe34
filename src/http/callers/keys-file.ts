import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as z from "zod";
import { UsageError } from "../../errors.ts";
import type { Limits } from "../../guard/restriction.ts";
import type { KnownNames } from "../../guard/tool.ts";
import { readYaml } from "../yaml-file.ts";
import { limitsShape, problemsIn, problemsWith } from "./limits.ts";

/** A key that opens the server, by its SHA-256: the key itself is not kept. */
export interface Key {
  readonly name: string;
  readonly hash: Buffer;
  readonly limits: Limits;
}

const leastLength = 32;
const leastVariety = 8;

const entrySchema = z
  .strictObject({
    name: z.string().regex(/^[\w.@-]{1,64}$/, "must be at most 64 letters, digits, _, ., @ or -"),
    /** The key itself, the file that holds it, or its SHA-256 in hex. */
    key: z.string().optional(),
    key_file: z.string().min(1).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, "must be the SHA-256 of the key, in hex")
      .optional(),
    ...limitsShape,
  })
  .refine(
    ({ key, key_file, sha256 }) => [key, key_file, sha256].filter((way) => way !== undefined).length === 1,
    "must hold one of key, key_file and sha256",
  );

const fileSchema = z.array(entrySchema, "must be a list of keys").min(1, "must hold at least one key");

type Entry = z.output<typeof entrySchema>;

/**
 * Reads `--keys-file`: a list of keys in YAML or JSON, each with a name of its own, and with limits where it has some.
 *
 * @throws UsageError naming everything that is wrong with it
 */
export async function readKeys(file: string, names: KnownNames): Promise<readonly Key[]> {
  const content = await readYaml(file, "keys file");
  const parsed = fileSchema.safeParse(content ?? []);
  if (parsed.error)
    throw problemOf(
      file,
      problemsIn(parsed.error, (path) => placeIn(content, path)),
    );
  const problems: string[] = [];
  const keys = parsed.data.flatMap((entry): readonly Key[] => {
    const { name, allow, toolsets, namespaces } = entry;
    const limits = { by: `the key ${name}`, allow, toolsets, namespaces };
    problems.push(...problemsWith(limits, names));
    const hash = hashOf(entry, dirname(file));
    if (Buffer.isBuffer(hash)) return [{ name, hash, limits }];
    problems.push(`${name} ${hash.problem}.`);
    return [];
  });
  problems.push(...repeated(keys));
  if (problems.length > 0) throw problemOf(file, problems);
  return keys;
}

const problemOf = (file: string, problems: readonly string[]) =>
  new UsageError(`The keys file ${file}: ${problems.join(" ")}`);

/** `key 2 (ci) allow `, for people; nothing for the whole file. */
function placeIn(content: unknown, [index, ...path]: readonly PropertyKey[]): string {
  if (typeof index !== "number") return "it ";
  const { name } = ((content as unknown[])[index] ?? {}) as { name?: unknown };
  const called = typeof name === "string" && /^[\w.@-]{1,64}$/.test(name) ? ` (${name})` : "";
  return `key ${[index + 1 + called, ...path].join(" ")} `;
}

function hashOf({ key, key_file: file, sha256 }: Entry, directory: string): Buffer | { problem: string } {
  if (sha256 !== undefined) return Buffer.from(sha256, "hex");
  try {
    const text = key ?? readFileSync(resolve(directory, file!), "utf8").trim();
    return hashOfKey(text);
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return { problem: `has a key_file that cannot be read (${code})` };
  }
}

function hashOfKey(key: string): Buffer | { problem: string } {
  if (!/^[\x21-\x7e]*$/.test(key)) return { problem: "has a key that is not one line without spaces" };
  if (key.length < leastLength || new Set(key).size < leastVariety)
    return {
      problem: `has a key that can be guessed: it must have at least ${leastLength} characters, such as \`openssl rand -hex 32\` makes`,
    };
  return sha256Of(key);
}

export const sha256Of = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The audit log tells callers apart by their names, and a key belongs to one of them. */
function repeated(keys: readonly Key[]): string[] {
  const namesTwice = twice(keys.map(({ name }) => name));
  const hashesTwice = new Set(twice(keys.map(({ hash }) => hash.toString("hex"))));
  const owners = keys.filter(({ hash }) => hashesTwice.has(hash.toString("hex"))).map(({ name }) => name);
  return [
    ...namesTwice.map((name) => `The name ${name} stands there twice.`),
    ...(owners.length > 0 ? [`These have the same key: ${owners.join(", ")}.`] : []),
  ];
}

const twice = (values: readonly string[]) => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];
