import type { Dispatcher } from "undici";
import { isSlashRedirect, type QuayAnswer, readAnswer } from "./answer.ts";
import { type Authorization, authorizationValue, secretOf } from "./authorization.ts";
import { createDeadline, type Deadline } from "./deadline.ts";
import { type ConnectionOptions, openDispatcher } from "./dispatcher.ts";
import type { RawAnswer } from "./errors.ts";
import { exchange } from "./exchange.ts";
import type { QuayRequest } from "./request.ts";
import { retryDelay } from "./retry.ts";
import { createScrubber } from "./scrub.ts";
import { TransportFailure, transportError } from "./transport-error.ts";

export interface QuayClientOptions {
  /** Where the registry is; it may have a path. */
  readonly url: string;
  /** The OAuth token; without one, requests are anonymous. */
  readonly token?: string | undefined;
  /** Milliseconds for a whole request, its repetitions included. */
  readonly timeoutMs?: number | undefined;
  readonly maxAnswerBytes?: number | undefined;
  readonly authorities?: ConnectionOptions["authorities"];
  readonly environment?: ConnectionOptions["environment"];
  /** Not a browser's: Quay answers those with 400. */
  readonly userAgent: string;
}

export interface ClientRequest extends QuayRequest {
  /** By default the token as Bearer. */
  readonly authorization?: Authorization | undefined;
  /** Whether it may be sent again where that can help; by default, if it is a GET. */
  readonly retry?: boolean | undefined;
  /** Credentials in its body, which must not be told any more than the token. */
  readonly secrets?: readonly string[] | undefined;
}

export interface QuayClient {
  /** The registry's host, with its port. */
  readonly host: string;
  /**
   * Sends a request and answers what Quay answered, if that is a success.
   *
   * @throws QuayError for everything else
   */
  request(
    request: ClientRequest,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<QuayAnswer>;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}

/**
 * Makes a client for one registry. Nothing is loaded, read or connected before the first request.
 *
 * @example
 * const quay = createQuayClient({ url: "https://quay.example.com", token, userAgent: "quay-mcp/1.0.0" });
 * const { body } = await quay.request({ method: "GET", path: "/api/v1/user/" });
 */
export function createQuayClient(options: QuayClientOptions): QuayClient {
  const { authorities, environment, userAgent, timeoutMs = 30_000 } = options;
  const token = options.token || undefined;
  const { maxAnswerBytes = 16 * 1024 * 1024 } = options;
  const { origin, host, pathname } = new URL(options.url);
  const prefix = pathname.replace(/\/+$/, "");
  const ownSecrets = token === undefined ? [] : [token];
  const scrubOwn = createScrubber(ownSecrets);
  let dispatcher: Promise<Dispatcher> | undefined;

  function headersOf(authorization: string | undefined, hasBody: boolean): string[] {
    const headers = ["user-agent", userAgent, "accept", "application/json", "accept-encoding", "identity"];
    headers.push("x-requested-with", "XMLHttpRequest");
    if (authorization !== undefined) headers.push("authorization", authorization);
    if (hasBody) headers.push("content-type", "application/json");
    return headers;
  }

  async function send(request: ClientRequest, headers: string[], deadline: Deadline): Promise<RawAnswer> {
    dispatcher ??= openDispatcher({ origin, timeoutMs, authorities, environment });
    const connections = await dispatcher;
    const { method, retry = method === "GET" } = request;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    let path = prefix + request.path;
    for (let attempt = 1; ; attempt++) {
      const sent = exchange(connections, { origin, path, method, headers, body }, maxAnswerBytes, deadline);
      const outcome = await sent.catch(orTransportFailure);
      const delay = retry ? retryDelay(outcome, attempt) : undefined;
      if (delay !== undefined && delay < deadline.remaining()) {
        await deadline.sleep(delay);
      } else if (outcome instanceof TransportFailure) {
        throw transportError(outcome, method);
      } else if (isSlashRedirect(outcome, method, origin + path)) {
        path = path.replace(/(\?|$)/, "/$1");
      } else {
        return outcome;
      }
    }
  }

  return {
    host,
    async request(request, { signal } = {}) {
      const { method, authorization = "bearer", secrets = [] } = request;
      const value = authorizationValue(authorization, token);
      const sent = [secretOf(authorization), ...secrets].filter((secret) => secret !== undefined);
      const scrub = sent.length === 0 ? scrubOwn : createScrubber([...ownSecrets, ...sent]);
      const deadline = createDeadline(method, timeoutMs, signal);
      try {
        if (deadline.error !== undefined) throw deadline.error;
        const answer = await send(request, headersOf(value, request.body !== undefined), deadline);
        return readAnswer(answer, { request, authorized: value !== undefined, scrub });
      } finally {
        deadline.clear();
      }
    },
    async close() {
      // What could not be opened was told to each request, and needs no closing.
      const connections = await dispatcher?.catch(() => undefined);
      await connections?.close();
    },
  };
}

function orTransportFailure(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  throw error;
}
