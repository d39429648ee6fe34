import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "./refusals.ts";

/** Where MCP is served. */
export const mcpPath = "/mcp";

export interface AllowedPlaces {
  /** Host names without a port, IPv6 addresses in brackets. */
  readonly hosts: readonly string[];
  /** Origins, such as `https://tools.example.com`, besides the server's own. */
  readonly origins: readonly string[];
}

/** The names of this machine for itself. */
export const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"] as const;

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What is wrong with a word of `--allowed-hosts`, which would let nobody in. */
export function hostTrouble(word: string): string | undefined {
  if (/^(?:[^\s:/?#@*[\]\\]+|\[[\da-f:.]+\])$/i.test(word) && URL.canParse(`http://${word}`))
    return undefined;
  return `must hold names of hosts alone, such as quay-mcp.example.com or [::1], and not ${JSON.stringify(word)}`;
}

/** What is wrong with a word of `--allowed-origins`: with a page that says `null`, nobody knows whose it is. */
export function originTrouble(word: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*\\]+\/?$/i.test(word)) return undefined;
  return `must hold origins, such as https://tools.example.com, and not ${JSON.stringify(word)}`;
}

/** What keeps web pages from calling, or lets them. */
export interface CrossOrigin {
  /** Why the request's Host or Origin keeps it from being answered. */
  refusal(request: IncomingMessage): Refusal | undefined;
  /** The headers with which a browser lets an allowed page read the answer. */
  headersFor(request: IncomingMessage): readonly (readonly [string, string])[];
  /** Answers a browser that asks whether a page may call; says whether that is what the request was. */
  preflight(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Checks under which name the server was reached and which web page asks. A page can make its visitor's browser send
 * requests to this machine, and by rebinding its own name even read the answers: then Host or Origin is the page's.
 */
export function createCrossOrigin({ hosts, origins }: AllowedPlaces): CrossOrigin {
  const allowedHosts = new Set(hosts.map((host) => new URL(`http://${host}`).hostname));
  const allowedOrigins = new Set(origins.map(normalOrigin));
  const isAllowed = (origin: string | undefined): origin is string =>
    origin !== undefined && allowedOrigins.has(normalOrigin(origin));
  return {
    refusal({ headers: { host = "", origin } }) {
      const reached = hostOf(host);
      if (reached === undefined || !allowedHosts.has(reached.hostname)) return strangeHost;
      if (origin === undefined || isAllowed(origin)) return undefined;
      return isOrigin(origin) && new URL(origin).host === reached.host ? undefined : foreignOrigin;
    },
    headersFor({ headers: { origin } }) {
      if (!isAllowed(origin)) return [];
      return [
        ["access-control-allow-origin", origin],
        ["access-control-expose-headers", "www-authenticate, x-request-id, retry-after"],
        ["vary", "origin"],
      ];
    },
    preflight({ method, headers }, response) {
      if (method !== "OPTIONS" || !isAllowed(headers.origin)) return false;
      response.writeHead(204, {
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": headers["access-control-request-headers"] ?? "",
        "access-control-max-age": "600",
      });
      response.end();
      return true;
    },
  };
}

/** The Host header as a URL; undefined where it is more or less than a name and a port. */
function hostOf(host: string): URL | undefined {
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`);
}

/** An origin as browsers write it; what is none stays what it is. */
const normalOrigin = (origin: string) => (isOrigin(origin) ? new URL(origin).origin : origin);

const isOrigin = (origin: string) => /^https?:\/\//.test(origin) && URL.canParse(origin);

const strangeHost: Refusal = {
  reason: "host",
  sentence:
    "The Host header names no host of this server. Its operator says with --allowed-hosts which it has.",
};

const foreignOrigin: Refusal = {
  reason: "origin",
  sentence:
    "Web pages of this Origin may not call this server. Its operator says with --allowed-origins which may.",
};
