/**
 * Tokens that this registry signs itself (https://distribution.github.io/distribution/spec/auth/jwt/): for its own API, and
 * for robots of another identity provider. Quay signs with the key of an instance, and this with one of the process.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Call } from "./call.ts";
import { epochSeconds } from "./formats.ts";

const key = randomBytes(32);
const lifetime = 3600;

/** What a token lets its bearer do with one repository. */
export interface Access {
  readonly type: "repository";
  readonly name: string;
  readonly actions: readonly string[];
}

export interface Claims {
  readonly iss?: string;
  readonly aud?: unknown;
  readonly sub?: string;
  readonly exp?: number;
  readonly access?: readonly Access[];
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = (text: string) => createHmac("sha256", key).update(text).digest();

/** The registry's name in tokens: its host and port. */
export const hostOfRegistry = (call: Call): string => new URL(call.url).host;

/** Signs a token for this registry that is good for an hour. */
export function signToken(
  call: Call,
  subject: string,
  kind: string,
  access: readonly Access[] | Record<string, never>,
): string {
  const now = epochSeconds(call.state.now());
  const claims = {
    iss: "quay",
    aud: hostOfRegistry(call),
    nbf: now,
    iat: now,
    exp: now + lifetime,
    sub: subject,
    access,
    context: { version: 2, entity_kind: kind, kind, ...(kind !== "anonymous" && { user: subject }) },
  };
  const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${text}.${signature(text).toString("base64url")}`;
}

export const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/** What a token says, whoever signed it; undefined where it is none. */
export function claimsOf(token: string): Claims | undefined {
  if (!isJwt(token)) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString("utf8"));
    return Object(claims) === claims ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** What a token of this registry says, or in words why it is not taken. */
export function readToken(call: Call, token: string): Claims | string {
  const claims = claimsOf(token);
  if (claims === undefined) return "Invalid bearer token format";
  const [header = "", payload = "", sign = ""] = token.split(".");
  const [given, right] = [Buffer.from(sign, "base64url"), signature(`${header}.${payload}`)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return "Signature verification failed";
  if (isExpired(call, claims)) return "Signature has expired";
  return claims.aud === hostOfRegistry(call) ? claims : "Audience doesn't match";
}

/** Whether a registry token's time is over, by the registry's own clock. */
export function isExpired(call: Call, { exp }: Claims): boolean {
  return exp !== undefined && exp <= epochSeconds(call.state.now());
}
