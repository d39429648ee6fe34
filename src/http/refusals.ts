import type { IncomingMessage, ServerResponse } from "node:http";

/** Every way in which a request is turned away before the protocol sees it. */
const refusals = {
  host: { status: 403, code: -32_000 },
  origin: { status: 403, code: -32_000 },
  path: { status: 404, code: -32_000 },
  method: { status: 405, code: -32_000 },
  unauthorized: { status: 401, code: -32_000 },
  forbidden: { status: 403, code: -32_000 },
  time: { status: 408, code: -32_000 },
  headers: { status: 431, code: -32_000 },
  mediaType: { status: 415, code: -32_000 },
  notAcceptable: { status: 406, code: -32_000 },
  body: { status: 413, code: -32_000 },
  http: { status: 400, code: -32_000 },
  /** A header that may come once. */
  twice: { status: 400, code: -32_000 },
  narrowing: { status: 400, code: -32_000 },
  json: { status: 400, code: -32_700 },
  /** The credential of its caller stands where others would read it. */
  credential: { status: 400, code: -32_000 },
  caller: { status: 429, code: -32_000 },
  busy: { status: 503, code: -32_000 },
  /** The identity provider is away. */
  provider: { status: 503, code: -32_000 },
  failure: { status: 500, code: -32_603 },
} as const;

/** A request that is turned away: the sentence is for whoever sent it. */
export interface Refusal {
  readonly reason: keyof typeof refusals;
  readonly sentence: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Leaves the way of a request. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.sentence);
    this.refusal = refusal;
  }
}

/** The status and the JSON-RPC body that say a refusal. */
export function refusalAnswer({ reason, sentence }: Pick<Refusal, "reason" | "sentence">): {
  status: number;
  text: string;
} {
  const { status, code } = refusals[reason];
  return { status, text: JSON.stringify({ jsonrpc: "2.0", error: { code, message: sentence }, id: null }) };
}

/** How long a body that nobody wants may still come, so that its sender gets to read why. */
const lingerMilliseconds = 1000;

/** Answers a refusal, unless an answer was begun or the client has gone. */
export function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  headers: Iterable<readonly [string, string]> = [],
): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, text } = refusalAnswer(refusal);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...refusal.headers,
  });
  response.end(text);
  if (request.complete) return;
  const linger = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
  request.once("end", () => clearTimeout(linger)).once("close", () => clearTimeout(linger));
}
