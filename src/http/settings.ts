import { readFileSync } from "node:fs";
import * as z from "zod";
import {
  type httpSettingNames,
  integer,
  readFrom,
  Settings as SharedSchema,
  type Settings as SharedSettings,
  type Sources,
  settingsOf,
  texts,
  words,
} from "../config.ts";
import { UsageError } from "../errors.ts";
import { redisUrlTrouble } from "../stores/redis-url.ts";
import { logLevels } from "./log.ts";

/** Who may call, and how they show it. */
const ways = ["passthrough", "key", "oidc"] as const;

/** Its word decides who may call: it must come from the provider itself. */
const providerUrl = z
  .string()
  .refine(isTrustworthy, "must be a URL with https://, or with http:// on this machine")
  .refine((value) => !/[?#@]/.test(value), "must be the issuer's name alone, as its tokens write it");

const shape = {
  host: z.string().min(1).default("127.0.0.1").register(texts, {
    value: "ADDRESS",
    help: "http: the address to listen on; any but a loopback needs --allowed-hosts (default: 127.0.0.1)",
  }),
  port: integer(0, 65_535).default(8787).register(texts, {
    value: "N",
    help: "http: the port to listen on; 0 takes any free one (default: 8787)",
  }),
  tlsCert: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "http: the server's certificate with its chain (PEM), to serve https",
  }),
  tlsKey: z
    .string()
    .min(1)
    .optional()
    .register(texts, { value: "FILE", help: "http: the private key of --tls-cert (PEM)" }),
  allowedHosts: words.optional().register(texts, {
    restricts: true,
    value: "NAMES",
    help: "http: the host names under which clients reach this server (default on loopback: localhost, 127.0.0.1, [::1])",
  }),
  allowedOrigins: words.default([]).register(texts, {
    value: "ORIGINS",
    help: "http: web pages of other origins that may call, such as https://tools.example.com (default: none)",
  }),
  auth: z
    .enum(ways, `must be some of ${ways.join(", ")}`)
    .default("passthrough")
    .register(texts, {
      value: "WAY",
      help: "http: how callers show who they are: passthrough (their own Quay token), key or oidc (default: passthrough)",
    }),
  keysFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "http, with --auth key: the callers' keys, each with a name and limits of its own (YAML)",
  }),
  oidcIssuer: providerUrl.optional().register(texts, {
    value: "URL",
    help: "http, with --auth oidc: the identity provider whose tokens callers bring",
  }),
  oidcAudience: z.string().min(1).optional().register(texts, {
    value: "AUDIENCE",
    help: "http, with --auth oidc: whom those tokens must be for: this server, as the provider knows it",
  }),
  oidcGroupsFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "http, with --auth oidc: what the members of which groups may do (YAML)",
  }),
  oidcGroupsClaim: z.string().min(1).default("groups").register(texts, {
    value: "CLAIM",
    help: "http, with --auth oidc: where the token names the caller's groups (default: groups)",
  }),
  oidcNameClaim: z.string().min(1).optional().register(texts, {
    value: "CLAIM",
    help: "http, with --auth oidc: the caller's name for the audit log (default: email, preferred_username or sub)",
  }),
  oidcScopes: words.optional().register(texts, {
    value: "SCOPES",
    help: "http, with --auth oidc: what clients should ask the provider for, such as openid,groups",
  }),
  publicUrl: z
    .url({ protocol: /^https?$/, error: "must be a URL such as https://quay-mcp.example.com/mcp" })
    .optional()
    .register(texts, {
      value: "URL",
      help: "http, with --auth oidc: where clients reach this server (default: the audience)",
    }),
  sealKey: z.string().optional().register(texts, {
    secret: true,
    value: "KEY",
    help: "http: at least 32 characters, the same for all replicas, with which confirmations are sealed (default: a random one)",
  }),
  sealKeyFile: z
    .string()
    .min(1)
    .optional()
    .register(texts, { value: "FILE", help: "http: a file that holds that key" }),
  redisUrl: z
    .string()
    .superRefine((value, context) => {
      const message = redisUrlTrouble(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .optional()
    .register(texts, {
      value: "URL",
      help: "http: the Redis or Valkey that replicas share, such as redis://redis:6379 (default: none, for one process)",
    }),
  redisUrlFile: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "http: a file that holds that URL, since it may have a password",
  }),
  maxRequests: integer(1, 100_000).default(1024).register(texts, {
    value: "N",
    help: "http: how many requests may be under way at once (default: 1024)",
  }),
  maxRequestsPerCaller: integer(1, 100_000).default(32).register(texts, {
    value: "N",
    help: "http: how many of them may be of one caller (default: 32)",
  }),
  drain: integer(0, 3600).default(20).register(texts, {
    value: "SECONDS",
    help: "http: how long requests under way may take to end when the server is told to stop (default: 20)",
  }),
  maxQuayRequests: integer(1, 10_000).default(64).register(texts, {
    value: "N",
    help: "http: how many requests may be under way to Quay, a quarter of them for one caller (default: 64)",
  }),
  metricsHost: z.string().min(1).default("127.0.0.1").register(texts, {
    value: "ADDRESS",
    help: "http: the address for --metrics-port, which asks nobody who they are (default: 127.0.0.1)",
  }),
  metricsPort: integer(0, 65_535).optional().register(texts, {
    value: "N",
    help: "http: a port for /metrics, /healthz and /readyz; 0 takes any free one (default: none)",
  }),
  logLevel: z
    .enum(logLevels, `must be some of ${logLevels.join(", ")}`)
    .default("info")
    .register(texts, {
      value: "LEVEL",
      help: "http: what is said on standard error: silent, error, warn, info (a line for each request) or debug (default: info)",
    }),
  config: z.string().min(1).optional().register(texts, {
    value: "FILE",
    help: "http: settings in YAML, under the names of the flags, which win over it as variables do",
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
  const settings = readFrom(HttpSettings, allHttpSettings, { flags, environment, file });
  const problems = rules.filter(({ broken }) => broken(settings)).map(({ sentence }) => sentence);
  if (problems.length > 0) throw new UsageError(problems.join(" "));
  return settings;
}

/** What no single setting can say. */
const rules: readonly { readonly broken: (settings: HttpSettings) => boolean; readonly sentence: string }[] =
  [
    {
      broken: ({ tlsCert, tlsKey }) => (tlsCert === undefined) !== (tlsKey === undefined),
      sentence: "--tls-cert and --tls-key need each other.",
    },
    {
      broken: ({ host, allowedHosts }) => !isLoopback(host) && allowedHosts === undefined,
      sentence:
        "--host opens the server to others than this machine: say with --allowed-hosts under which names they reach it, such as quay-mcp.example.com.",
    },
    {
      broken: ({ sealKey, sealKeyFile }) => sealKey !== undefined && sealKeyFile !== undefined,
      sentence: "The seal key is given twice: set QUAY_MCP_SEAL_KEY or --seal-key-file, not both.",
    },
    {
      broken: ({ redisUrl, redisUrlFile }) => redisUrl !== undefined && redisUrlFile !== undefined,
      sentence: "The Redis is given twice: set QUAY_MCP_REDIS_URL or --redis-url-file, not both.",
    },
    {
      broken: ({ redisUrl, redisUrlFile, sealKey, sealKeyFile }) =>
        (redisUrl ?? redisUrlFile) !== undefined && sealKey === undefined && sealKeyFile === undefined,
      sentence:
        "--redis-url is for several replicas, which need one seal key: set QUAY_MCP_SEAL_KEY or --seal-key-file.",
    },
    {
      broken: ({ auth, token, tokenFile }) =>
        auth === "passthrough" && (token !== undefined || tokenFile !== undefined),
      sentence:
        "With --auth passthrough each caller brings their own Quay token: leave QUAY_TOKEN and --token-file away, or choose --auth key or oidc, where callers use the server's.",
    },
    {
      broken: ({ auth, keysFile }) => auth === "key" && keysFile === undefined,
      sentence:
        "With --auth key, nobody can call without keys: name the file that holds them with --keys-file.",
    },
    {
      broken: ({ auth, keysFile }) => auth !== "key" && keysFile !== undefined,
      sentence: "--keys-file is for --auth key.",
    },
    {
      broken: ({ auth, oidcIssuer, oidcAudience, oidcGroupsFile }) =>
        auth === "oidc" && !(oidcIssuer && oidcAudience && oidcGroupsFile),
      sentence:
        "--auth oidc needs to know whose tokens to trust (--oidc-issuer), whom they must be for (--oidc-audience), and what the members of which groups may do (--oidc-groups-file).",
    },
    {
      broken: ({ auth, oidcIssuer, oidcAudience, oidcGroupsFile }) =>
        auth !== "oidc" && Boolean(oidcIssuer ?? oidcAudience ?? oidcGroupsFile),
      sentence: "The settings that begin with --oidc are for --auth oidc.",
    },
    {
      broken: ({ auth, oidcAudience, publicUrl }) =>
        auth === "oidc" && publicUrl === undefined && !/^https?:\/\//.test(oidcAudience ?? "https://"),
      sentence:
        "--oidc-audience is not where clients reach this server: say that with --public-url, such as https://quay-mcp.example.com/mcp.",
    },
    {
      broken: ({ secretsDir }) => secretsDir !== undefined,
      sentence:
        "--secrets-dir does not work over HTTP: callers cannot read this machine's files, and must not use its secrets.",
    },
    {
      broken: ({ demo, auth }) => demo && auth !== "passthrough",
      sentence: "--demo makes tokens of its own for callers to bring: leave --auth away.",
    },
  ];

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
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
