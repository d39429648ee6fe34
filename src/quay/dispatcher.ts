import * as tls from "node:tls";
import type { Dispatcher } from "undici";

export interface ConnectionOptions {
  readonly origin: string;
  readonly timeoutMs: number;
  /** The most that are open at once. */
  readonly connections?: number;
  /** Certificates (PEM) of authorities that are trusted besides the system's. */
  readonly authorities?: string | undefined;
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked for; without it, no proxy is used. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

const longestConnect = 10_000;
const usualConnections = 64;

/**
 * Opens the connections to the registry, directly or through the proxy of the environment. undici is loaded here, when
 * the first request is sent.
 */
export async function openDispatcher(options: ConnectionOptions): Promise<Dispatcher> {
  // The default export: of a bundled CommonJS module, that is the only one.
  const { EnvHttpProxyAgent, Pool } = (await import("undici")).default;
  const { authorities } = options;
  const secure = authorities === undefined ? {} : { ca: [...systemAuthorities(), authorities] };
  const common = {
    connections: options.connections ?? usualConnections,
    // The whole request has a deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ...secure, timeout: Math.min(options.timeoutMs, longestConnect) },
  };
  const proxies = proxySettings(options.environment ?? {});
  return proxies === undefined
    ? new Pool(options.origin, common)
    : new EnvHttpProxyAgent({ ...common, ...proxies, requestTls: secure, proxyTls: secure });
}

interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** Empty texts, not undefined: undici would look into the process's own environment. */
function proxySettings(environment: Readonly<Record<string, string | undefined>>): ProxySettings | undefined {
  const read = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? "";
  const settings = {
    httpProxy: read("HTTP_PROXY"),
    httpsProxy: read("HTTPS_PROXY"),
    noProxy: read("NO_PROXY"),
  };
  return settings.httpProxy === "" && settings.httpsProxy === "" ? undefined : settings;
}

/** Node 22 also tells what NODE_EXTRA_CA_CERTS and --use-system-ca add; a list of one's own takes the place of all. */
export function systemAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}
