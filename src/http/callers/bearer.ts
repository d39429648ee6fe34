import type { IncomingHttpHeaders } from "node:http";

/** The value of `WWW-Authenticate` that asks for a credential as Bearer, with what a client needs to know besides. */
export function challenge(parameters: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries({ realm: "quay-mcp", ...parameters });
  const written = given
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"`);
  return `Bearer ${written.join(", ")}`;
}

/** The credential that a request shows (RFC 6750); undefined where there is none, or it is malformed. */
export function bearerOf({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /^bearer +([\x21-\x7e]+) *$/i.exec(authorization)?.[1];
}
