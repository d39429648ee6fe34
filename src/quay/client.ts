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

/** An answer of Quay's, or a failure to get one. */
export interface Exchange {
  readonly method: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly milliseconds: number;
}

/** A request's place in a queue. */
export interface Turn {
  /** When it may be sent; undefined where that is now. */
  readonly ready: Promise<void> | undefined;
  /** It was answered, or given up, and the next may be sent. */
  done(): void;
}

/** What the clients of several callers have in common. */
export interface QuaySharing {
  /** Connections that others use as well: closing the client leaves them open. */
  readonly connections?: () => Promise<Dispatcher>;
  /** Puts a request behind those that came before it. */
  readonly takeTurn?: () => Turn;
  /** Hears how each request went. */
  readonly observe?: (exchange: Exchange) => void;
}

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
  readonly sharing?: QuaySharing | undefined;
}

export interface ClientRequest extends QuayRequest {
  /** By default the token as Bearer. */
  readonly authorization?: Authorization | undefined;
  /** Whether it may be sent again where that can help; by default, if it is a GET. */
  readonly retry?: boolean | undefined;
  /** Credentials in its body, which must not be told any more than the token. */
  readonly secrets?: readonly string[] | undefined;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Names and values, in turn, of headers that go along besides the client's own. */
  readonly headers?: readonly string[] | undefined;
}

export interface QuayClient {
  /** The registry's host, with its port. */
  readonly host: string;
  /**
   * Sends a request and answers what Quay answered, if that is a success.
   *
   * @throws QuayError for everything else
   */
  request(request: ClientRequest, options?: SendOptions): Promise<QuayAnswer>;
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
  const { authorities, environment, userAgent, timeoutMs = 30_000, sharing = {} } = options;
  const token = options.token || undefined;
  const { maxAnswerBytes = 16 * 1024 * 1024 } = options;
  const { origin, host, pathname } = new URL(options.url);
  const prefix = pathname.replace(/\/+$/, "");
  const ownSecrets = token === undefined ? [] : [token];
  const scrubOwn = createScrubber(ownSecrets);
  let own: Promise<Dispatcher> | undefined;
  const openOwn = () => (own ??= openDispatcher({ origin, timeoutMs, authorities, environment }));
  const { connections: open = openOwn, takeTurn, observe } = sharing;

  function headersOf(authorization: string | undefined, hasBody: boolean, more: readonly string[]): string[] {
    const headers = ["user-agent", userAgent, "accept", "application/json", "accept-encoding", "identity"];
    headers.push("x-requested-with", "XMLHttpRequest");
    if (authorization !== undefined) headers.push("authorization", authorization);
    if (hasBody) headers.push("content-type", "application/json");
    headers.push(...more);
    return headers;
  }

  async function once(request: Dispatcher.DispatchOptions, deadline: Deadline): Promise<Outcome> {
    const connections = await open();
    const turn = takeTurn?.();
    let [begun, status] = [Number.NaN, 0];
    try {
      if (turn?.ready !== undefined) await deadline.wait(turn.ready);
      begun = performance.now();
      const answer = await exchange(connections, request, maxAnswerBytes, deadline);
      status = answer.status;
      return answer;
    } catch (error) {
      return orTransportFailure(error);
    } finally {
      turn?.done();
      const milliseconds = performance.now() - begun;
      if (!Number.isNaN(begun)) observe?.({ method: request.method, status, milliseconds });
    }
  }

  async function send(request: ClientRequest, headers: string[], deadline: Deadline): Promise<RawAnswer> {
    const { method, retry = method === "GET" } = request;
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    let path = prefix + request.path;
    for (let attempt = 1; ; attempt++) {
      const outcome = await once({ origin, path, method, headers, body }, deadline);
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
    async request(request, { signal, headers = [] } = {}) {
      const { method, authorization = "bearer", secrets = [] } = request;
      const value = authorizationValue(authorization, token);
      const sent = [secretOf(authorization), ...secrets].filter((secret) => secret !== undefined);
      const scrub = sent.length === 0 ? scrubOwn : createScrubber([...ownSecrets, ...sent]);
      const deadline = createDeadline(method, timeoutMs, signal);
      try {
        const over = deadline.error();
        if (over !== undefined) throw over;
        const answer = await send(request, headersOf(value, request.body !== undefined, headers), deadline);
        return readAnswer(answer, { request, authorized: value !== undefined, scrub });
      } finally {
        deadline.clear();
      }
    },
    async close() {
      // What could not be opened was told to each request, and needs no closing.
      const connections = await own?.catch(() => undefined);
      await connections?.close();
    },
  };
}

type Outcome = RawAnswer | TransportFailure;

function orTransportFailure(error: unknown): TransportFailure {
  if (error instanceof TransportFailure) return error;
  throw error;
}
