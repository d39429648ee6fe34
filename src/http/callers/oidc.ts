import { createHash } from "node:crypto";
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { valueAt } from "../../guard/naming.ts";
import { canonical } from "../../guard/seal.ts";
import { RefusedRequest } from "../refusals.ts";
import { bearerOf, challenge } from "./bearer.ts";
import { type Authenticate, UnauthorizedError } from "./caller.ts";
import type { Groups } from "./groups-file.ts";
import { ProviderError } from "./identity-provider.ts";
import { restrictionsOf } from "./limits.ts";

export interface OidcParts {
  readonly issuer: string;
  readonly audience: string;
  /** The provider's. */
  readonly keys: JWTVerifyGetKey;
  /** The claim that names groups; a dotted path where they lie deeper. */
  readonly groupsClaim: string;
  /** The claim with a person's name for the audit log; without it, the first that there is of the usual ones. */
  readonly nameClaim?: string | undefined;
  readonly groups: Groups;
  /** The server's own token for Quay. */
  readonly token: string;
  /** Where a client learns where to sign in. */
  readonly metadataUrl: string;
  /** What a client should ask the provider for. */
  readonly scopes?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** Those with a public key: a secret that signs would have to be shared, and a public key used as one is known to all. */
const algorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];

/** Access tokens (RFC 9068), and those of providers that do not say what theirs are; others are for other purposes. */
const types: ReadonlySet<string | undefined> = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);

/** How far clocks may differ. */
const toleranceSeconds = 5;

/**
 * Callers bring a token (JWT) of an identity provider, and Quay is asked with the server's own. What they may do follows
 * from their groups: whoever is in several has the rights of each.
 */
export function authenticateByOidc(parts: OidcParts): Authenticate {
  const { metadataUrl, scopes, groups, token } = parts;
  const asking = { resource_metadata: metadataUrl, scope: scopes?.join(" ") };
  const unauthorized = (sentence: string, error?: string) =>
    new UnauthorizedError(sentence, { challenge: challenge({ ...asking, error }) });
  return async (headers) => {
    const shown = bearerOf(headers);
    if (shown === undefined)
      throw unauthorized(`Sign in at ${parts.issuer}, and bring its token: Authorization: Bearer TOKEN.`);
    const payload = await verify(shown, parts).catch((error: unknown) => {
      if (error instanceof ProviderError) throw awayFor(error);
      if (!(error instanceof errors.JOSEError)) throw error;
      throw unauthorized(`${sentenceFor(error, parts)} Sign in again.`, "invalid_token");
    });
    const own = groupsOf(payload, parts.groupsClaim);
    const limits = [...groups].filter(([group]) => own.has(group)).map(([, each]) => each);
    const name = nameOf(payload, parts.nameClaim);
    if (limits.length === 0) {
      throw new UnauthorizedError(
        `${name} is in none of the groups that may use this server: the claim ${parts.groupsClaim} of the token names ${own.size === 0 ? "no group" : "others"}. Ask its operator.`,
        { status: 403, challenge: challenge() },
      );
    }
    const id = createHash("sha256")
      .update(canonical(["oidc", parts.issuer, payload.sub]))
      .digest("hex");
    return { name, id, token, credential: shown, restrictions: restrictionsOf(limits) };
  };
}

/** @throws errors of jose; ProviderError where the keys cannot be had */
async function verify(
  token: string,
  { issuer, audience, keys, now = Date.now }: OidcParts,
): Promise<JWTPayload> {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience,
    algorithms,
    currentDate: new Date(now()),
    clockTolerance: toleranceSeconds,
    requiredClaims: ["exp", "sub"],
  });
  if (!types.has(protectedHeader.typ?.toLowerCase())) throw new errors.JWTInvalid("another type");
  if (typeof payload.sub !== "string" || payload.sub === "") throw new errors.JWTInvalid("no subject");
  return payload;
}

const awayFor = ({ message }: ProviderError) =>
  new RefusedRequest({
    reason: "provider",
    sentence: `${message} Nobody can be recognised until it is back. Try again later.`,
    headers: { "retry-after": "5" },
  });

/** What is wrong with a token, without repeating any of it. */
function sentenceFor(error: errors.JOSEError, { issuer, audience }: OidcParts): string {
  if (error instanceof errors.JWTExpired) return "The token has expired.";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return `The token is not for this server: its audience must be ${audience}.`;
    if (error.claim === "iss") return `The token is not of the issuer ${issuer}.`;
    return `The claim ${error.claim} of the token is missing, or does not hold.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `The token is not signed with a private key: its algorithm must be one of ${algorithms.join(", ")}.`;
  if (error.code === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" || error.code.startsWith("ERR_JWKS_"))
    return `The token is not signed with a key of ${issuer}.`;
  return "The token is no access token (JWT) that this server can read.";
}

function groupsOf(payload: JWTPayload, claim: string): ReadonlySet<string> {
  const value = Object.hasOwn(payload, claim) ? payload[claim] : valueAt(payload, claim);
  const all = Array.isArray(value) ? value : [value];
  return new Set(all.filter((group) => typeof group === "string"));
}

/** Who a token is about: people choose some of these names themselves, so the subject stands beside them. */
function nameOf(payload: JWTPayload, claim: string | undefined): string {
  const { sub = "", email, email_verified: verified, preferred_username: username } = payload;
  const usual = [verified === false ? undefined : email, username];
  const names = claim === undefined ? usual : [valueAt(payload, claim)];
  const name = names.find((each) => typeof each === "string" && each !== "");
  return [name, name === undefined ? sub : name !== sub && `(${sub})`]
    .filter((part) => typeof part === "string")
    .map(plain)
    .join(" ");
}

/** No control or format characters, which would forge a log's lines; not too long. */
const plain = (text: string) => text.replace(/[\p{C}\p{Z}]+/gu, " ").slice(0, 100);
