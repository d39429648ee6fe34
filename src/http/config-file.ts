import { basename } from "node:path";
import * as z from "zod";
import type { Setting, Sources } from "../config.ts";
import { UsageError } from "../errors.ts";
import { isRecord } from "../json.ts";
import { didYouMean } from "../sentences/words.ts";
import { readYaml } from "./yaml-file.ts";

/** What a file says of the settings; `problems` are told together with those of flags and environment. */
export type ConfigFile = NonNullable<Sources["file"]>;

const variable = "QUAY_MCP_CONFIG";

/**
 * Reads the file that `--config` or QUAY_MCP_CONFIG names: settings in YAML, under the names of their flags. Lists may be
 * YAML lists. Credentials may not stand in it, since such files are copied, shown and kept in repositories.
 *
 * @returns undefined where no file is named
 * @throws UsageError where it cannot be read, or is not one mapping in YAML
 */
export async function readConfigFile(
  { flags, environment }: Pick<Sources, "flags" | "environment">,
  schema: z.ZodObject,
  settings: readonly Setting[],
): Promise<ConfigFile | undefined> {
  const path = String(flags.config ?? environment[variable] ?? "");
  if (path === "") return undefined;
  const name = basename(path);
  const content = asMapping(path, await readYaml(path, "configuration file"));
  const given: Record<string, unknown> = {};
  const problems: string[] = [];
  const byKey = new Map(settings.map((setting) => [keyOf(setting), setting]));
  for (const [key, value] of Object.entries(content)) {
    const setting = byKey.get(key);
    const read = setting === undefined ? unknownKey(key, byKey) : readValue(setting, value, schema, settings);
    if ("problem" in read) problems.push(`${key} in ${name} ${read.problem}`);
    else if (setting !== undefined) given[setting.name] = read.value;
  }
  const keys = new Map(settings.map((setting) => [setting.name, keyOf(setting)]));
  return { given, problems, placeOf: (setting) => `${keys.get(setting) ?? setting} in ${name}` };
}

function asMapping(path: string, content: unknown = {}): Readonly<Record<string, unknown>> {
  if (isRecord(content)) return content;
  throw new UsageError(
    `The configuration file ${path} must hold settings by their names, such as \`port: 8787\`.`,
  );
}

type Read = { readonly value: unknown } | { readonly problem: string };

const keyOf = ({ flag }: Setting) => flag.slice("--".length);

function unknownKey(key: string, byKey: ReadonlyMap<string, Setting>): Read {
  return { problem: `is not a setting of quay-mcp.${didYouMean(key, byKey.keys())}`.replace(/\.$/, "") };
}

function readValue(
  setting: Setting,
  value: unknown,
  schema: z.ZodObject,
  settings: readonly Setting[],
): Read {
  if (setting.environment === variable) return { problem: "cannot name another file" };
  if (setting.secret) return { problem: notHere(setting, settings) };
  const kind = kindOf(schema.shape[setting.name] as z.ZodType);
  if (kind === "structure") return { value };
  const isList = Array.isArray(value);
  const texts = isList ? value : [value];
  if (isList && kind === "text") return { problem: "must be one value, not a list" };
  if (!texts.every((text) => typeof text === "string"))
    return { problem: kind === "list" ? "must be a text or a list of texts" : "must be one value" };
  if (texts.length === 0 || texts.includes("")) return { problem: "is empty: set it, or leave it away" };
  if (isList && texts.some((text) => text.includes(",")))
    return { problem: "has an element with a comma: write one element for each" };
  if (texts.some(holdsPassword))
    return { problem: `holds a password, which may not stand here: set ${setting.environment}` };
  return { value: texts.join(",") };
}

function notHere({ name, environment }: Setting, settings: readonly Setting[]): string {
  const file = settings.find((other) => other.name === `${name}File`);
  const instead = file === undefined ? "" : `name a file that holds it with ${keyOf(file)}, or `;
  return `is a secret, which may not stand here: ${instead}set ${environment}`;
}

function holdsPassword(text: string): boolean {
  return URL.canParse(text) && new URL(text).password !== "";
}

/** What the schema of a setting makes of its text: one value, a list, or something with an inner structure. */
function kindOf(type: z.ZodType): "text" | "list" | "structure" {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault)
    return kindOf(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodPipe) return type.out instanceof z.ZodArray ? "list" : "text";
  if (type instanceof z.ZodArray || type instanceof z.ZodRecord || type instanceof z.ZodObject)
    return "structure";
  return "text";
}
