import { readFileSync } from "node:fs";
import * as z from "zod";
import { UsageError } from "./errors.ts";
import { type Access, scopes } from "./operation.ts";

/** How a setting appears to people; the flag and the environment variable follow from its name in the schema. */
interface SettingText {
  readonly help: string;
  /** What stands for the value in the help; a setting without one is a switch. */
  readonly value?: string;
  /** The environment variable, where it is not `QUAY_MCP_` and the flag's name. */
  readonly environment?: string;
  /** Only the environment may set it: command lines are seen by every user of a machine. */
  readonly secret?: true;
}

const texts = z.registry<SettingText>();

const accessLevels = ["read", "write", "destructive"] as const satisfies readonly Access[];

const words = z
  .string()
  .transform((value) =>
    value
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  )
  .pipe(z.array(z.string()).min(1, "must name at least one"));

/** An integer, from the text of a flag or an environment variable. */
export const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

const switchedOn = z
  .union([z.boolean(), z.enum(["true", "false", "1", "0"], 'must be "true" or "false"')])
  .transform((value) => value === true || value === "true" || value === "1");

const registryUrl = z
  .string()
  .refine((value) => URL.canParse(value), 'must be a URL such as "https://quay.example.com"')
  .refine(
    (value) => !URL.canParse(value) || /^https?:$/.test(new URL(value).protocol),
    "must begin with https:// or http://",
  )
  .refine(
    (value) => !URL.canParse(value) || new URL(value).username + new URL(value).password === "",
    "must not hold a user name or password: set QUAY_TOKEN or --token-file",
  );

/** Tokens are sent in a header, which takes neither spaces nor line ends. */
const token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, "must be one line without spaces");

/** Every setting of the program: its type, its default and its words. */
export const Settings = z.strictObject({
  url: registryUrl.optional().register(texts, {
    value: "URL",
    environment: "QUAY_URL",
    help: "the registry, such as https://quay.example.com",
  }),
  token: token.optional().register(texts, {
    value: "TOKEN",
    environment: "QUAY_TOKEN",
    secret: true,
    help: "the OAuth access token of the registry",
  }),
  tokenFile: z
    .string()
    .min(1)
    .optional()
    .register(texts, { value: "FILE", help: "a file that holds the OAuth access token" }),
  demo: switchedOn
    .default(false)
    .register(texts, { help: "serve a small registry that lives inside the program" }),
  allow: words.default(["read"]).register(texts, {
    value: "LEVEL",
    help: `what may run: ${accessLevels.join(", ")}; also by toolset or tool: read,tag=destructive (default: read)`,
  }),
  scopes: z
    .string()
    .transform((value) => value.split(/[\s,]+/).filter((word) => word !== ""))
    .pipe(z.array(z.enum(scopes, `must be some of ${scopes.join(", ")}`)))
    .optional()
    .register(texts, {
      value: "SCOPES",
      help: "the token's OAuth scopes, to hide what it cannot do (default: not known)",
    }),
  toolsets: words.optional().register(texts, { value: "NAMES", help: "only the tools of these toolsets" }),
  tools: words
    .optional()
    .register(texts, { value: "NAMES", help: "only these tools, besides those of --toolsets" }),
  excludeTools: words.default([]).register(texts, { value: "NAMES", help: "not these tools" }),
  surface: z
    .enum(["auto", "all"], 'must be "auto" or "all"')
    .default("auto")
    .register(texts, { value: "SURFACE", help: "which permitted tools are listed: auto or all" }),
  timeout: integer(1, 3600)
    .default(30)
    .register(texts, { value: "SECONDS", help: "how long one call of the registry may take (default: 30)" }),
  maxAnswerBytes: integer(1024, 1024 ** 3)
    .default(16 * 1024 ** 2)
    .register(texts, { value: "BYTES", help: "the largest answer that is read (default: 16777216)" }),
  caFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "certificates (PEM) of a private authority, trusted besides the usual ones",
  }),
});

export type Settings = z.output<typeof Settings>;
export type SettingName = keyof Settings;

/** One setting as flag, environment variable and help text. */
export interface Setting extends SettingText {
  readonly name: SettingName;
  readonly flag: string;
  readonly environment: string;
}

/** Every setting, in the order of the schema. */
export const settings: readonly Setting[] = Object.entries(Settings.shape).map(([name, schema]) => {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    environment: `QUAY_MCP_${kebab.replaceAll("-", "_").toUpperCase()}`,
    ...texts.get(schema)!,
    name: name as SettingName,
    flag: `--${kebab}`,
  };
});

/**
 * Reads the settings from flags (by setting name) and environment variables; flags win, and an empty variable counts
 * as not set, since client configurations often pass one on.
 *
 * @throws UsageError naming every setting that is malformed or unknown
 */
export function readSettings(
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Settings {
  const given: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const setting of settings) {
    const variable = environment[setting.environment];
    if (flags[setting.name] !== undefined) {
      given[setting.name] = flags[setting.name];
      sources[setting.name] = setting.flag;
    } else if (variable !== undefined && variable !== "") {
      given[setting.name] = variable;
      sources[setting.name] = setting.environment;
    }
  }
  const parsed = Settings.safeParse(given);
  const problems = [
    ...unknownVariables(environment),
    ...(parsed.error?.issues ?? []).map((issue) => `${sources[String(issue.path[0])]} ${issue.message}`),
  ];
  if (problems.length > 0 || parsed.data === undefined) throw new UsageError(`${problems.join("; ")}.`);
  return parsed.data;
}

function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(settings.map((setting) => setting.environment));
  return Object.keys(environment)
    .filter((name) => name.startsWith("QUAY_MCP_") && !known.has(name))
    .map((name) => `${name} is not a setting of quay-mcp`);
}

/** Where the registry is and who is calling it. */
export interface Connection {
  readonly url: string;
  readonly token: string;
}

/**
 * The registry and the token that the settings name.
 *
 * @throws UsageError when one is missing, or the token's file cannot be used
 */
export function connectionOf(settings: Settings): Connection {
  const { url, token: given, tokenFile } = settings;
  if (url === undefined) {
    throw new UsageError(
      "The registry is not named: set QUAY_URL or --url, such as https://quay.example.com, or try --demo.",
    );
  }
  if (given !== undefined && tokenFile !== undefined) {
    throw new UsageError("The token is given twice: set QUAY_TOKEN or --token-file, not both.");
  }
  if (given !== undefined) return { url, token: given };
  if (tokenFile === undefined) {
    throw new UsageError(
      "There is no token: set QUAY_TOKEN or --token-file to an OAuth access token of the registry (an organization's Applications page makes one).",
    );
  }
  return { url, token: readToken(tokenFile) };
}

function readToken(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `The token file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`,
    );
  }
  const parsed = token.safeParse(text);
  if (!parsed.success) throw new UsageError(`The token file ${file} must hold the token alone, on one line.`);
  return parsed.data;
}
