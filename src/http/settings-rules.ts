/** What no single setting can say. */
import { isLoopback } from "./cross-origin.ts";
import type { HttpSettings } from "./settings.ts";

interface Rule {
  /** The settings that it looks at: where one of them is malformed, it says nothing. */
  readonly of: readonly (keyof HttpSettings)[];
  readonly isBroken: (settings: HttpSettings) => boolean;
  readonly sentence: string;
}

/** @param isBroken sees only the settings that are named */
function rule<Name extends keyof HttpSettings>(
  of: readonly Name[],
  isBroken: (settings: Pick<HttpSettings, Name>) => boolean,
  sentence: string,
): Rule {
  return { of, isBroken, sentence };
}

const rules: readonly Rule[] = [
  rule(
    ["tlsCert", "tlsKey"],
    ({ tlsCert, tlsKey }) => (tlsCert === undefined) !== (tlsKey === undefined),
    "--tls-cert and --tls-key need each other.",
  ),
  rule(
    ["host", "allowedHosts"],
    ({ host, allowedHosts }) => !isLoopback(host) && allowedHosts === undefined,
    "--host opens the server to others than this machine: say with --allowed-hosts under which names they reach it, such as quay-mcp.example.com.",
  ),
  rule(
    ["sealKey", "sealKeyFile"],
    ({ sealKey, sealKeyFile }) => sealKey !== undefined && sealKeyFile !== undefined,
    "The seal key is given twice: set QUAY_MCP_SEAL_KEY or --seal-key-file, not both.",
  ),
  rule(
    ["redisUrl", "redisUrlFile"],
    ({ redisUrl, redisUrlFile }) => redisUrl !== undefined && redisUrlFile !== undefined,
    "The Redis is given twice: set QUAY_MCP_REDIS_URL or --redis-url-file, not both.",
  ),
  rule(
    ["redisUrl", "redisUrlFile", "sealKey", "sealKeyFile"],
    ({ redisUrl, redisUrlFile, sealKey, sealKeyFile }) =>
      (redisUrl ?? redisUrlFile) !== undefined && sealKey === undefined && sealKeyFile === undefined,
    "--redis-url is for several replicas, which need one seal key: set QUAY_MCP_SEAL_KEY or --seal-key-file.",
  ),
  rule(
    ["auth", "token", "tokenFile"],
    ({ auth, token, tokenFile }) =>
      auth === "passthrough" && (token !== undefined || tokenFile !== undefined),
    "With --auth passthrough each caller brings their own Quay token: leave QUAY_TOKEN and --token-file away, or choose --auth key or oidc, where callers use the server's.",
  ),
  rule(
    ["auth", "keysFile"],
    ({ auth, keysFile }) => auth === "key" && keysFile === undefined,
    "With --auth key, nobody can call without keys: name the file that holds them with --keys-file.",
  ),
  rule(
    ["auth", "keysFile"],
    ({ auth, keysFile }) => auth !== "key" && keysFile !== undefined,
    "--keys-file is for --auth key.",
  ),
  rule(
    ["auth", "oidcIssuer", "oidcAudience", "oidcGroupsFile"],
    ({ auth, oidcIssuer, oidcAudience, oidcGroupsFile }) =>
      auth === "oidc" && !(oidcIssuer && oidcAudience && oidcGroupsFile),
    "--auth oidc needs to know whose tokens to trust (--oidc-issuer), whom they must be for (--oidc-audience), and what the members of which groups may do (--oidc-groups-file).",
  ),
  rule(
    ["auth", "oidcIssuer", "oidcAudience", "oidcGroupsFile"],
    ({ auth, oidcIssuer, oidcAudience, oidcGroupsFile }) =>
      auth !== "oidc" && Boolean(oidcIssuer ?? oidcAudience ?? oidcGroupsFile),
    "The settings that begin with --oidc are for --auth oidc.",
  ),
  rule(
    ["auth", "oidcAudience", "publicUrl"],
    ({ auth, oidcAudience, publicUrl }) =>
      auth === "oidc" && publicUrl === undefined && !/^https?:\/\//.test(oidcAudience ?? "https://"),
    "--oidc-audience is not where clients reach this server: say that with --public-url, such as https://quay-mcp.example.com/mcp.",
  ),
  rule(
    ["secretsDir"],
    ({ secretsDir }) => secretsDir !== undefined,
    "--secrets-dir does not work over HTTP: callers cannot read this machine's files, and must not use its secrets.",
  ),
  rule(
    ["demo", "auth"],
    ({ demo, auth }) => demo && auth !== "passthrough",
    "--demo makes tokens of its own for callers to bring: leave --auth away.",
  ),
];

/** What the settings break, as sentences. */
export function brokenRules(settings: HttpSettings, malformed: ReadonlySet<string>): readonly string[] {
  return rules
    .filter(({ of, isBroken }) => !of.some((name) => malformed.has(name)) && isBroken(settings))
    .map(({ sentence }) => sentence);
}
