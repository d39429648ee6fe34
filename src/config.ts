import { readFileSync } from "node:fs";
import * as z from "zod";
import { UsageError } from "./errors.ts";
import { type Access, scopes } from "./operation.ts";
import { didYouMean } from "./words.ts";

/** How a setting appears to people; the flag and the environment variable follow from its name in the schema. */
interface SettingText {
  readonly help: string;
  /** What stands for the value in the help; a setting without one is a switch. */
  readonly value?: string;
  /** The environment variable, where it is not `QUAY_MCP_` and the flag's name. */
  readonly environment?: string;
  /** It lets less happen: an empty variable is refused rather than taken for none. */
  readonly restricts?: true;
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
      restricts: true,
      value: "SCOPES",
      help: "the token's OAuth scopes, to hide what it cannot do (default: not known)",
    }),
  toolsets: words
    .optional()
    .register(texts, { restricts: true, value: "NAMES", help: "only the tools of these toolsets" }),
  tools: words.optional().register(texts, {
    restricts: true,
    value: "NAMES",
    help: "only these tools, besides those of --toolsets",
  }),
  excludeTools: words
    .default([])
    .register(texts, { restricts: true, value: "NAMES", help: "not these tools" }),
  surface: z
    .enum(["auto", "all"], 'must be "auto" or "all"')
    .default("auto")
    .register(texts, { value: "SURFACE", help: "which permitted tools are listed: auto or all" }),
  namespaces: words.optional().register(texts, {
    restricts: true,
    value: "NAMES",
    help: "only these organizations and users, such as acme,dev-* (default: all)",
  }),
  protect: words.optional().register(texts, {
    restricts: true,
    value: "REPOSITORIES",
    help: "repositories that are only read, such as acme/prod-*",
  }),
  hosts: words.default([]).register(texts, {
    value: "HOSTS",
    help: "where Quay may be told to send data without a confirmation (default: the host already in use)",
  }),
  confirm: words.default(["auto"]).register(texts, {
    value: "POLICY",
    help: "how destructive calls are confirmed: auto, ask, code, never; also by toolset or tool: auto,tag=never (default: auto)",
  }),
  brake: integer(0, 100_000).default(10).register(texts, {
    value: "N",
    help: "how many destructive calls may be sent in a minute; 0 is no limit (default: 10)",
  }),
  dryRun: switchedOn.default(false).register(texts, {
    restricts: true,
    help: "send no writes: answer what would be sent, and what it would change",
  }),
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
  auditLog: z.string().min(1).optional().register(texts, {
    restricts: true,
    value: "FILE",
    help: "append one line before every write and one after every call to this file",
  }),
  secretsDir: z.string().min(1).optional().register(texts, {
    value: "DIR",
    help: "where credentials that Quay shows once go, and where secret:NAME comes from",
  }),
  revealSecrets: switchedOn
    .default(false)
    .register(texts, { help: "show the credentials in Quay's answers to the assistant" }),
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
 * as not set, since client configurations often pass one on; but not for what restricts.
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
    ...emptyRestrictions(environment),
    ...(parsed.error?.issues ?? []).map((issue) => `${sources[String(issue.path[0])]} ${issue.message}`),
  ];
  if (problems.length > 0 || parsed.data === undefined) throw new UsageError(`${problems.join("; ")}.`);
  return parsed.data;
}

/**
 * A variable that a client's configuration passes on and that nobody set must not take a restriction off without a word.
 */
function emptyRestrictions(environment: Readonly<Record<string, string | undefined>>): string[] {
  return settings
    .filter(({ restricts, environment: variable }) => restricts && environment[variable] === "")
    .map(({ environment: variable }) => `${variable} is empty: set it, or leave it away`);
}

/** What `secret:NAME` in an argument stands for. */
const secretVariable = /^QUAY_MCP_SECRET_[A-Z0-9_]+$/;

function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(settings.map((setting) => setting.environment));
  return Object.keys(environment)
    .filter((name) => name.startsWith("QUAY_MCP_") && !known.has(name) && !secretVariable.test(name))
    .map((name) => `${name} is not a setting of quay-mcp.${didYouMean(name, known)}`.replace(/\.$/, ""));
}

/** Where the registry is, who is calling it, and how it is reached. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. */
  readonly authorities?: string;
  /** Where the proxy's variables are looked for; without it, no proxy is used. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The registry and the token that the settings name.
 *
 * @throws UsageError when one is missing, or the token's file cannot be used
 */
export function connectionOf(settings: Settings): Pick<Connection, "url" | "token"> {
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
