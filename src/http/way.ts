import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Origin } from "../call/context.ts";
import type { Admission } from "./admission.ts";
import { type BodyLimits, BodyTooLongError, createBodyReader, type ReadBody } from "./body.ts";
import { type Authenticate, type Caller, UnauthorizedError } from "./callers/caller.ts";
import type { Narrow } from "./callers/narrowing.ts";
import { repetitionRefusal } from "./callers/repetition.ts";
import { type CrossOrigin, mcpPath } from "./cross-origin.ts";
import { headersRefusal } from "./headers.ts";
import type { AnsweredRequest, Observer } from "./observe.ts";
import { answerPage, type Pages } from "./pages.ts";
import { type Refusal, RefusedRequest, turnAway } from "./refusals.ts";
import { contextOf, learnFromBody, originOf, type RequestContext } from "./request-context.ts";

/** What the way of a request leads through. */
export interface WayParts extends BodyLimits {
  readonly crossOrigin: CrossOrigin;
  readonly authenticate: Authenticate;
  /** How a request makes itself stricter. */
  readonly narrow: Narrow;
  readonly admission: Admission;
  /** Answers the protocol's requests; settles when that is done. */
  readonly serve: (asked: Asked) => Promise<void>;
  /** For probes, which know no host's name: they say nothing private, and Host and Origin are not looked at. */
  readonly health: Pages;
  readonly pages: Pages;
  readonly observer: Observer;
  readonly mostHeaders: number;
}

/** A request that may be answered. */
export interface Asked {
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Parsed JSON. */
  readonly body: unknown;
  readonly origin: Origin;
}

/**
 * The way of one HTTP request: the checks that cost least come first, and nothing of a body is read before it is known
 * whose it is and that there is room.
 */
export function createWay(parts: WayParts): RequestListener {
  const { crossOrigin, observer } = parts;
  const readBody = createBodyReader(parts);
  return (request, response) => {
    const begun = performance.now();
    const context = contextOf(request.headers);
    const seen: Seen = {};
    response.setHeader("x-request-id", context.id);
    response.once("close", () => {
      observer.answered?.({
        id: context.id,
        method: request.method ?? "",
        path: pathFor(request, parts),
        status: response.headersSent ? response.statusCode : 0,
        milliseconds: performance.now() - begun,
        told: context.told,
        ...seen,
      });
    });
    go(parts, { request, response, readBody, seen, context }).catch((error: unknown) => {
      const refusal = refusalOf(error, parts);
      seen.refused = refusal.reason;
      if (refusal.reason === "failure") observer.failed?.(error, context.id);
      turnAway(request, response, refusal, crossOrigin.headersFor(request));
    });
  };
}

/** What becomes known of a request on its way. */
type Seen = { -readonly [Key in "caller" | "refused"]?: NonNullable<AnsweredRequest[Key]> };

interface Going {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly readBody: ReadBody;
  readonly context: RequestContext;
  readonly seen: Seen;
}

async function go(parts: WayParts, { request, response, readBody, context, seen }: Going): Promise<void> {
  const { crossOrigin, authenticate, narrow, admission, health, pages, observer } = parts;
  refuseIf(headersRefusal(request, parts.mostHeaders));
  const probed = health.get(pathOf(request));
  if (probed !== undefined) return answerPage(request, response, await probed());
  refuseIf(crossOrigin.refusal(request));
  for (const [name, value] of crossOrigin.headersFor(request)) response.setHeader(name, value);
  if (crossOrigin.preflight(request, response)) return;
  const page = pages.get(pathOf(request));
  if (page !== undefined) return answerPage(request, response, await page());
  refuseIf(pathRefusal(request) ?? mediaRefusal(request) ?? lengthRefusal(request, parts.mostBodyBytes));

  const known = await authenticate(request.headers);
  seen.caller = known.name;
  const caller = { ...known, restrictions: [...known.restrictions, ...narrow(request.rawHeaders)] };
  whenOver(response, admittedBy(admission.admit(caller.id)));
  const body = parse(await readBody(request, response));
  refuseIf(repetitionRefusal(body, known.credential));
  learnFromBody(context, request.headers, body);
  // One body of the revision that has batches is as much work as its requests.
  const more = Array.isArray(body) ? body.length - 1 : 0;
  if (more > 0) whenOver(response, admittedBy(admission.admit(caller.id, more)));
  observer.began?.({ id: context.id });
  await parts.serve({ caller, request, response, body, origin: originOf(context) });
}

/** An answer holds its room until it was read: what waits for a slow reader is memory, too. */
function whenOver(response: ServerResponse, leave: () => void): void {
  if (response.destroyed) leave();
  else response.once("close", leave);
}

function refuseIf(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new RefusedRequest(refusal);
}

function admittedBy(admitted: (() => void) | Refusal): () => void {
  if (typeof admitted === "function") return admitted;
  throw new RefusedRequest(admitted);
}

const pathOf = ({ url = "/" }: IncomingMessage) => url.split("?", 1)[0]!;

function pathFor(request: IncomingMessage, { health, pages }: WayParts): string {
  const path = pathOf(request);
  return path === mcpPath || health.has(path) || pages.has(path) ? path : "other";
}

function pathRefusal(request: IncomingMessage): Refusal | undefined {
  if (pathOf(request) !== mcpPath) {
    return { reason: "path", sentence: `There is nothing here: MCP is at ${mcpPath}.` };
  }
  if (request.method === "POST") return undefined;
  return {
    reason: "method",
    sentence: `${mcpPath} takes POST alone: this server keeps no sessions and sends nothing unasked.`,
    headers: { allow: "POST" },
  };
}

const isJson = /^application\/json\s*(?:;|$)/i;

function mediaRefusal({ headers }: IncomingMessage): Refusal | undefined {
  if (!isJson.test(headers["content-type"] ?? "") || "content-encoding" in headers) {
    return { reason: "mediaType", sentence: "The body must be JSON, with Content-Type: application/json." };
  }
  const accepted = headers.accept ?? "";
  if (accepted.includes("application/json") && accepted.includes("text/event-stream")) return undefined;
  return {
    reason: "notAcceptable",
    sentence: "The client must accept both: Accept: application/json, text/event-stream.",
  };
}

function lengthRefusal({ headers }: IncomingMessage, most: number): Refusal | undefined {
  return Number(headers["content-length"] ?? 0) > most ? tooLong(most) : undefined;
}

const tooLong = (most: number): Refusal => ({
  reason: "body",
  sentence: `The body is longer than ${most} bytes.`,
});

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new RefusedRequest({ reason: "json", sentence: "Parse error: the body is not JSON." });
  }
}

function refusalOf(error: unknown, { mostBodyBytes }: WayParts): Refusal {
  if (error instanceof RefusedRequest) return error.refusal;
  if (error instanceof BodyTooLongError) return tooLong(mostBodyBytes);
  if (error instanceof UnauthorizedError) {
    return {
      reason: error.status === 401 ? "unauthorized" : "forbidden",
      sentence: error.message,
      headers: { "www-authenticate": error.challenge },
    };
  }
  return { reason: "failure", sentence: "quay-mcp itself failed. This is a mistake in the program." };
}
