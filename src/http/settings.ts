import { readFileSync } from "node:fs";
import * as z from "zod";
import {
  type httpSettingNames,
  integer,
  lookAt,
  Settings as SharedSchema,
  type Settings as SharedSettings,
  type Sources,
  settingsOf,
  texts,
  words,
} from "../config.ts";
import { UsageError } from "../errors.ts";
import { redisUrlTrouble } from "../stores/redis-url.ts";
import { hostTrouble, isLoopback, originTrouble } from "./cross-origin.ts";
import { logLevels } from "./log.ts";
import { brokenRules } from "./settings-rules.ts";

/** Who may call, and how they show it. */
const ways = ["passthrough", "key", "oidc"] as const;

/** Its word decides who may call: it must come from the provider itself. */
const providerUrl = z
  .string()
  .refine(isTrustworthy, "must be a URL with https://, or with http:// on this machine")
  .refine((value) => !/[?#@]/.test(value), "must be the issuer's name alone, as its tokens write it");

/** @param trouble what is wrong with a word, if anything is */
const eachWord =
  (trouble: (word: string) => string | undefined) =>
  (all: readonly string[], context: z.RefinementCtx): void => {
    for (const message of all.map(trouble))
      if (message !== undefined) context.addIssue({ code: "custom", message });
  };

const shape = {
  host: z.string().min(1).default("127.0.0.1").register(texts, {
    value: "ADDRESS",
    help: "the address to listen on; any but a loopback needs --allowed-hosts (default: 127.0.0.1)",
  }),
  port: integer(0, 65_535).default(8787).register(texts, {
    value: "N",
    help: "the port to listen on; 0 takes any free one (default: 8787)",
  }),
  tlsCert: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "the server's certificate with its chain (PEM), to serve https",
  }),
  tlsKey: z
    .string()
    .min(1)
    .optional()
    .register(texts, { value: "FILE", help: "the private key of --tls-cert (PEM)" }),
  allowedHosts: words.superRefine(eachWord(hostTrouble)).optional().register(texts, {
    restricts: true,
    value: "NAMES",
    help: "the host names under which clients reach this server (default on loopback: localhost, 127.0.0.1, [::1])",
  }),
  allowedOrigins: words.superRefine(eachWord(originTrouble)).default([]).register(texts, {
    value: "ORIGINS",
    help: "web pages of other origins that may call, such as https://tools.example.com (default: none)",
  }),
  auth: z
    .enum(ways, `must be some of ${ways.join(", ")}`)
    .default("passthrough")
    .register(texts, {
      value: "WAY",
      help: "how callers show who they are: passthrough (their own Quay token), key or oidc (default: passthrough)",
    }),
  keysFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "with --auth key: the callers' keys, each with a name and limits of its own (YAML)",
  }),
  oidcIssuer: providerUrl.optional().register(texts, {
    value: "URL",
    help: "with --auth oidc: the identity provider whose tokens callers bring",
  }),
  oidcAudience: z.string().min(1).optional().register(texts, {
    value: "AUDIENCE",
    help: "with --auth oidc: whom those tokens must be for: this server, as the provider knows it",
  }),
  oidcGroupsFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "with --auth oidc: what the members of which groups may do (YAML)",
  }),
  oidcGroupsClaim: z.string().min(1).default("groups").register(texts, {
    value: "CLAIM",
    help: "with --auth oidc: where the token names the caller's groups (default: groups)",
  }),
  oidcNameClaim: z.string().min(1).optional().register(texts, {
    value: "CLAIM",
    help: "with --auth oidc: the caller's name for the audit log (default: email, preferred_username or sub)",
  }),
  oidcScopes: words.optional().register(texts, {
    value: "SCOPES",
    help: "with --auth oidc: what clients should ask the provider for, such as openid,groups",
  }),
  publicUrl: z
    .url({ protocol: /^https?$/, error: "must be a URL such as https://quay-mcp.example.com/mcp" })
    .optional()
    .register(texts, {
      value: "URL",
      help: "with --auth oidc: where clients reach this server (default: the audience)",
    }),
  sealKey: z.string().optional().register(texts, {
    secret: true,
    value: "KEY",
    help: "the key with which confirmations are sealed: at least 32 characters, the same for all replicas (default: a random one)",
  }),
  sealKeyFile: z
    .string()
    .min(1)
    .optional()
    .register(texts, { value: "FILE", help: "a file that holds the seal key" }),
  redisUrl: z
    .string()
    .superRefine((value, context) => {
      const message = redisUrlTrouble(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .optional()
    .register(texts, {
      value: "URL",
      help: "the Redis or Valkey that replicas share, such as redis://redis:6379 (default: none, for one process)",
    }),
  redisUrlFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "a file that holds that URL, since it may have a password",
  }),
  maxRequests: integer(1, 100_000).default(1024).register(texts, {
    value: "N",
    help: "how many requests may be under way at once (default: 1024)",
  }),
  maxRequestsPerCaller: integer(1, 100_000).default(32).register(texts, {
    value: "N",
    help: "how many of them may be of one caller (default: 32)",
  }),
  maxConnectionsPerAddress: integer(0, 100_000).default(1024).register(texts, {
    value: "N",
    help: "how many connections one address may hold, of 4096 in all; 0 is no limit (default: 1024)",
  }),
  drain: integer(0, 3600).default(20).register(texts, {
    value: "SECONDS",
    help: "how long requests under way may take to end when the server is told to stop (default: 20)",
  }),
  maxQuayRequests: integer(1, 10_000).default(64).register(texts, {
    value: "N",
    help: "how many requests may be under way to Quay, a quarter of them for one caller (default: 64)",
  }),
  metricsHost: z.string().min(1).default("127.0.0.1").register(texts, {
    value: "ADDRESS",
    help: "the address for --metrics-port, which asks nobody who they are (default: 127.0.0.1)",
  }),
  metricsPort: integer(0, 65_535).optional().register(texts, {
    value: "N",
    help: "a port for /metrics, /healthz and /readyz; 0 takes any free one (default: none)",
  }),
  logLevel: z
    .enum(logLevels, `must be some of ${logLevels.join(", ")}`)
    .default("info")
    .register(texts, {
      value: "LEVEL",
      help: "what is said on standard error: silent, error, warn, info (a line for each request) or debug (default: info)",
    }),
  config: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "settings in YAML, under the names of the flags, which win over it as variables do",
  }),
} satisfies Record<(typeof httpSettingNames)[number], z.ZodType>;

/** The settings of the HTTP server: its own, and those of all commands. */
export const HttpSettings = SharedSchema.extend(shape);

export type HttpSettings = SharedSettings & z.output<typeof HttpSettings>;

/** Those that only the HTTP server has. */
export const httpSettings = settingsOf(z.strictObject(shape));

/** All of them. */
export const allHttpSettings = settingsOf(HttpSettings);

/**
 * Reads the settings of the HTTP server.
 *
 * @throws UsageError naming every setting that is malformed, unknown, missing or that others rule out
 */
export function readHttpSettings(
  flags: Sources["flags"],
  environment: Sources["environment"],
  file?: Sources["file"],
): HttpSettings {
  const { settings, problems } = lookAtHttpSettings({ flags, environment, file });
  if (problems.length > 0) throw new UsageError(problems.join(" "));
  return settings;
}

/** The settings of the HTTP server as far as they can be read. */
export interface HttpReading {
  readonly settings: HttpSettings;
  readonly malformed: ReadonlySet<string>;
  /** What is wrong with them, as sentences. */
  readonly problems: readonly string[];
}

/** Reads them as `readHttpSettings` does, and says what is wrong beside what could be read. */
export function lookAtHttpSettings(sources: Sources): HttpReading {
  const { settings, malformed, problem } = lookAt(HttpSettings, allHttpSettings, sources);
  const broken = brokenRules(settings, malformed);
  return { settings, malformed, problems: problem === undefined ? broken : [problem, ...broken] };
}

/** Whether what comes from a URL is what its host sent: by TLS, or on this machine. */
export function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname.replace(/^\[|\]$/g, "")));
}

const leastKey = 32;

/**
 * The key that the operator gave for seals; undefined where a random one will do.
 *
 * @throws UsageError where its file cannot be read, or it is too short to keep anybody from guessing it
 */
export function sealKeyOf({ sealKey, sealKeyFile }: HttpSettings): Buffer | undefined {
  if (sealKey === undefined && sealKeyFile === undefined) return undefined;
  const name = sealKeyFile === undefined ? "QUAY_MCP_SEAL_KEY" : `The seal key in ${sealKeyFile}`;
  const key = Buffer.from(sealKey?.trim() ?? readSecret(sealKeyFile!, "seal key file"));
  if (key.length >= leastKey) return key;
  throw new UsageError(
    `${name} is too short: it must have at least ${leastKey} characters, such as \`openssl rand -hex 32\` makes.`,
  );
}

/**
 * The Redis that replicas share, by its URL or the file that holds it; undefined where there is none.
 *
 * @throws UsageError where the file cannot be used; it repeats nothing of what the file holds
 */
export function redisUrlOf({
  redisUrl,
  redisUrlFile: file,
}: Pick<HttpSettings, "redisUrl" | "redisUrlFile">): string | undefined {
  if (file === undefined) return redisUrl;
  const url = readSecret(file, "Redis URL file");
  const trouble = redisUrlTrouble(url);
  if (trouble !== undefined) throw new UsageError(`The URL in ${file} ${trouble}.`);
  return url;
}

function readSecret(file: string, called: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`The ${called} ${file} cannot be read (${code}).`);
  }
}
