import type { Operation } from "../operation.ts";
import type { QuayClient, SendOptions } from "./client.ts";
import { givenUpUnsent } from "./deadline.ts";
import { QuayError } from "./errors.ts";
import { featureWords } from "./hints.ts";

/** `METHOD /path/{}` of each operation that a registry's discovery lists. */
type Offered = ReadonlySet<string>;

const offeredBy = new WeakMap<QuayClient, Promise<Offered>>();

/**
 * Whether the URL of an operation would be another operation's where its feature is switched off: below
 * `/repository/{repository}/` Quay then takes the whole rest for a longer name, so that `DELETE …/autoprunepolicy/x` is
 * "delete repository".
 */
export function mustBeOffered({ method, path, features }: Operation): boolean {
  return method !== "GET" && features !== undefined && path.startsWith("/api/v1/repository/{repository}/");
}

/**
 * Makes sure that the registry offers an operation whose URL would be another's otherwise. Its discovery is read once
 * for a client, and only if such an operation is called.
 *
 * @throws QuayError of the kind `not-offered` where it is not listed; another where discovery cannot be read
 */
export async function requireFeature(
  operation: Operation,
  client: QuayClient,
  { signal, headers }: SendOptions = {},
): Promise<void> {
  if (!mustBeOffered(operation)) return;
  const offered = await untilAborted(readOffered(client, headers), signal);
  if (offered.has(lineOf(operation.method, operation.path))) return;
  throw new QuayError({
    kind: "not-offered",
    message: `This registry does not offer ${operation.operationId} (${operation.method} ${operation.path}).`,
    hint: `Nothing was sent, since the registry would take the request for one about another repository. ${featureWords(operation)} is switched off there, or its Quay is too old.`,
  });
}

function readOffered(client: QuayClient, headers: SendOptions["headers"]): Promise<Offered> {
  const known = offeredBy.get(client);
  if (known !== undefined) return known;
  // Callers share this request: none of them can abort it for the others.
  const reading = client
    .request({ method: "GET", path: "/api/v1/discovery" }, { headers })
    .then(({ body }) => linesOf(body));
  offeredBy.set(client, reading);
  reading.catch(() => offeredBy.delete(client));
  return reading;
}

/** What a registry's discovery lists. */
export function linesOf(discovery: unknown): Offered {
  const { paths } = (discovery ?? {}) as { paths?: Readonly<Record<string, object>> };
  return new Set(
    Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => lineOf(method, path)),
    ),
  );
}

/** Placeholders have other names in some versions, and a path may end in a slash or not. */
export function lineOf(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}").replace(/\/$/, "")}`;
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(givenUpUnsent());
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
