import * as z from "zod";
import { UsageError } from "./errors.ts";
import { type Access, scopes } from "./operation.ts";
import { didYouMean } from "./sentences/words.ts";

/** How a setting appears to people; the flag and the environment variable follow from its name in the schema. */
export interface SettingText {
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

export const texts = z.registry<SettingText>();

const accessLevels = ["read", "write", "destructive"] as const satisfies readonly Access[];

/** Words between commas, at least one. */
export const words = z
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

export const switchedOn = z
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
  )
  .refine((value) => !/\/api\/v\d+\/?$/.test(value), "must be the registry's own address, without /api/v1");

/** Tokens are sent in a header, which takes neither spaces nor line ends. */
export const token = z
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
    .enum(["auto", "all", "search"], 'must be "auto", "all" or "search"')
    .default("auto")
    .register(texts, {
      value: "SURFACE",
      help: "which permitted tools are listed: all, only those that search for the others, or auto: all up to 100, else the everyday ones and the search (default: auto)",
    }),
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
  answerTokens: integer(500, 1_000_000).default(8000).register(texts, {
    value: "TOKENS",
    help: "how long an answer may be; what is cut can be read piece by piece (default: 8000)",
  }),
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

/** The settings that only the HTTP server has: every command must know their variables, which one container sets for all. */
export const httpSettingNames = [
  "host",
  "port",
  "tlsCert",
  "tlsKey",
  "allowedHosts",
  "allowedOrigins",
  "auth",
  "keysFile",
  "oidcIssuer",
  "oidcAudience",
  "oidcGroupsFile",
  "oidcGroupsClaim",
  "oidcNameClaim",
  "oidcScopes",
  "publicUrl",
  "sealKey",
  "sealKeyFile",
  "redisUrl",
  "redisUrlFile",
  "maxRequests",
  "maxRequestsPerCaller",
  "maxConnectionsPerAddress",
  "drain",
  "maxQuayRequests",
  "metricsHost",
  "metricsPort",
  "logLevel",
  "config",
] as const;

/** One setting as flag, environment variable and help text. */
export interface Setting extends SettingText {
  readonly name: string;
  readonly flag: string;
  readonly environment: string;
}

/** The settings of a schema, in its order. */
export function settingsOf(schema: z.ZodObject): readonly Setting[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const flag = flagOf(name);
    return { environment: variableOf(name), ...texts.get(type as z.ZodType)!, name, flag };
  });
}

/** The flag of a setting. */
export const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const variableOf = (name: string) => `QUAY_MCP_${flagOf(name).slice(2).replaceAll("-", "_").toUpperCase()}`;

/** Every setting that all commands share. */
export const settings = settingsOf(Settings);

type Environment = Readonly<Record<string, string | undefined>>;

/** What a file says, by setting name. */
export interface FileSource {
  readonly given: Readonly<Record<string, unknown>>;
  /** What an error calls the place of a setting. */
  readonly placeOf: (name: string) => string;
  /** What is wrong with it besides, in words. */
  readonly problems?: readonly string[];
}

/** Where settings come from: the first that has one wins. */
export interface Sources {
  /** By setting name. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly file?: FileSource | undefined;
}

/**
 * Reads the settings from flags (by setting name) and environment variables; flags win, and an empty variable counts
 * as not set, since client configurations often pass one on; but not for what restricts.
 *
 * @throws UsageError naming every setting that is malformed or unknown
 */
export function readSettings(flags: Sources["flags"], environment: Environment): Settings {
  return readFrom(Settings, settings, { flags, environment });
}

/**
 * Reads the settings of a schema as `readSettings` does.
 *
 * @param known the schema's settings, as `settingsOf` lists them
 */
export function readFrom<Schema extends z.ZodObject>(
  schema: Schema,
  known: readonly Setting[],
  sources: Sources,
): z.output<Schema> {
  const { settings: read, problem } = lookAt(schema, known, sources);
  if (problem !== undefined) throw new UsageError(problem);
  return read;
}

/** Settings as far as they can be read. */
export interface Reading<Schema extends z.ZodObject> {
  /** Those that are malformed are left out. */
  readonly settings: z.output<Schema>;
  readonly malformed: ReadonlySet<string>;
  /** Everything that is malformed or unknown, as a sentence; undefined where nothing is. */
  readonly problem: string | undefined;
}

/** Reads the settings of a schema as `readFrom` does, and says what is wrong beside what could be read. */
export function lookAt<Schema extends z.ZodObject>(
  schema: Schema,
  known: readonly Setting[],
  { flags, environment, file }: Sources,
): Reading<Schema> {
  const given: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const setting of known) {
    const variable = environment[setting.environment];
    if (flags[setting.name] !== undefined) {
      given[setting.name] = flags[setting.name];
      sources[setting.name] = setting.flag;
    } else if (variable !== undefined && variable !== "") {
      given[setting.name] = variable;
      sources[setting.name] = setting.environment;
    } else if (file?.given[setting.name] !== undefined) {
      given[setting.name] = file.given[setting.name];
      sources[setting.name] = file.placeOf(setting.name);
    }
  }
  const parsed = schema.safeParse(given);
  const issues = parsed.error?.issues ?? [];
  const malformed = new Set(issues.map(({ path }) => String(path[0])));
  const problems = [
    ...unknownVariables(environment),
    ...emptyRestrictions(environment, known),
    ...(file?.problems ?? []),
    ...issues.map(({ path, message }) => `${sources[String(path[0])]} ${message}`),
  ];
  const wellFormed = Object.entries(given).filter(([name]) => !malformed.has(name));
  return {
    settings: parsed.data ?? schema.parse(Object.fromEntries(wellFormed)),
    malformed,
    problem: problems.length === 0 ? undefined : `${problems.join("; ")}.`,
  };
}

/**
 * A variable that a client's configuration passes on and that nobody set must not take a restriction off without a word.
 */
function emptyRestrictions(environment: Environment, known: readonly Setting[]): string[] {
  return known
    .filter(({ restricts, environment: variable }) => restricts && environment[variable] === "")
    .map(({ environment: variable }) => `${variable} is empty: set it, or leave it away`);
}

/** What `secret:NAME` in an argument stands for. */
const secretVariable = /^QUAY_MCP_SECRET_[A-Z0-9_]+$/;

function unknownVariables(environment: Environment): string[] {
  const known = new Set([
    ...settings.map((setting) => setting.environment),
    ...httpSettingNames.map(variableOf),
  ]);
  return Object.keys(environment)
    .filter((name) => name.startsWith("QUAY_MCP_") && !known.has(name) && !secretVariable.test(name))
    .map((name) => `${name} is not a setting of quay-mcp.${didYouMean(name, known)}`.replace(/\.$/, ""));
}
