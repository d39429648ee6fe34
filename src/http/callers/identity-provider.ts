import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from "jose";
import * as z from "zod";
import { parseJson } from "../../json.ts";
import { openDispatcher } from "../../quay/dispatcher.ts";
import { isTrustworthy } from "../settings.ts";

/** How an identity provider is reached. */
export interface ProviderParts {
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. */
  readonly authorities?: string | undefined;
  /** Where the proxy's variables are looked for. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** How long after it was asked for its keys it is not asked again because of a key that is not among them. */
  readonly cooldownMilliseconds?: number;
  /** How long it is left alone after it could not be asked. */
  readonly restMilliseconds?: number;
}

/** The identity provider cannot be asked for its keys, which says nothing about the token. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
}

const milliseconds = 5000;
const mostBytes = 1024 * 1024;
const usualCooldown = 30_000;
const usualRest = 2000;

const metadata = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

/**
 * The keys of an identity provider, asked for when the first token comes: a provider that is away keeps nobody from starting
 * a server. A key that is not known yet makes it ask again, but not more often than twice a minute; and a provider that
 * fails is left alone for two seconds, since anybody can make up tokens that make it be asked.
 *
 * @throws ProviderError when a key is sought and the provider cannot be asked
 */
export function keysOf(issuer: string, parts: ProviderParts = {}): JWTVerifyGetKey {
  const { cooldownMilliseconds = usualCooldown, restMilliseconds = usualRest } = parts;
  let failure: { readonly error: ProviderError; readonly until: number } | undefined;
  const read: FetchImplementation = async (url) => {
    if (failure !== undefined && performance.now() < failure.until) throw failure.error;
    return readText(url, parts);
  };
  let keys: ReturnType<typeof discover> | undefined;
  const discover = async () => {
    const uri = await keysUri(issuer, read);
    return createRemoteJWKSet(uri, { cooldownDuration: cooldownMilliseconds, [customFetch]: read });
  };
  return async (header, token) => {
    keys ??= discover();
    let known: Awaited<typeof keys> | undefined;
    try {
      known = await keys;
      return await known(header, token);
    } catch (error) {
      if (!isAway(error)) throw error;
      // Where the keys are may have changed. Fresh ones stay: an unknown key must not take them away from all others.
      if (known?.fresh !== true) keys = undefined;
      const told =
        error instanceof ProviderError
          ? error
          : new ProviderError(`The identity provider ${issuer} does not give its keys.`);
      if (told !== failure?.error) failure = { error: told, until: performance.now() + restMilliseconds };
      throw told;
    }
  };
}

/**
 * Asks the provider for its configuration, for whoever runs the server to know that it is away before the first caller does.
 *
 * @returns what is wrong, as a sentence; undefined where nothing is, or the signal came first
 */
export async function providerTrouble(
  issuer: string,
  parts: ProviderParts,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await keysUri(issuer, (url) => readText(url, parts, signal));
  } catch (error) {
    if (error instanceof ProviderError && !signal.aborted)
      return `${error.message} Until that is mended, callers are answered with 503.`;
  }
  return undefined;
}

function isAway(error: unknown): boolean {
  if (error instanceof ProviderError) return true;
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC";
}

/** OpenID Connect Discovery 1.0, section 4. */
async function keysUri(issuer: string, read: FetchImplementation): Promise<URL> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await read(url, {
    headers: new Headers(),
    method: "GET",
    redirect: "manual",
    signal: AbortSignal.timeout(milliseconds),
  });
  const text = await response.text();
  const strange = (what: string) => new ProviderError(`The identity provider ${issuer} ${what}.`);
  if (response.status !== 200) throw strange(`answers ${response.status} where its configuration should be`);
  const parsed = metadata.safeParse(parseJson(text));
  if (!parsed.success) throw strange("has no configuration of OpenID Connect");
  // Section 4.3: whoever names another issuer could sign for it.
  if (parsed.data.issuer !== issuer) throw strange("says that it is another issuer");
  if (!isTrustworthy(parsed.data.jwks_uri)) throw strange("gives its keys without TLS");
  return new URL(parsed.data.jwks_uri);
}

/** Asks so seldom that no connection is kept. */
async function readText(
  url: string,
  { authorities, environment }: ProviderParts,
  given?: AbortSignal,
): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  const dispatcher = await openDispatcher({ origin, timeoutMs: milliseconds, authorities, environment });
  try {
    const { statusCode, body } = await dispatcher.request({
      origin,
      path: pathname + search,
      method: "GET",
      headers: { accept: "application/json" },
      signal: AbortSignal.any([AbortSignal.timeout(milliseconds), ...(given ? [given] : [])]),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) throw new ProviderError(`The identity provider ${origin} says too much.`);
      chunks.push(chunk);
    }
    return new Response(Buffer.concat(chunks), { status: statusCode });
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const { code, name } = error as NodeJS.ErrnoException;
    throw new ProviderError(`The identity provider ${origin} cannot be reached (${code ?? name}).`);
  } finally {
    await dispatcher.destroy();
  }
}
