import type { Origin } from "../call/context.ts";
import type { CallOutcome } from "../call/observer.ts";
import { isRecord } from "../json.ts";
import { type Carrier, headersForQuay, requestIdOf } from "./trace-context.ts";

/** What belongs to the HTTP request that a call came with, and goes along to Quay. */
export interface RequestContext {
  /** Unguessable, or what a proxy in front gave it. */
  readonly id: string;
  /** Header names and values in turn, such as `x-request-id` and `traceparent`, for the requests to Quay. */
  headers: readonly string[];
  /** What came to be known of the request on its way. */
  readonly told: Told;
}

/** What a request was, for logs: the server's own words, never the caller's. */
export interface Told {
  /** The MCP method. */
  method?: string;
  /** The tool, if there is one of the name. */
  tool?: string | undefined;
  outcome?: CallOutcome;
}

/** What is known of a request by its headers. */
export function contextOf(headers: Carrier): RequestContext {
  const id = requestIdOf(headers);
  return { id, headers: headersForQuay(id, headers), told: {} };
}

const wellFormedMethod = /^[a-z]{1,32}(?:\/[a-z_]{1,32}){0,3}$/i;

/** Adds what its body says: the method, and a trace context of its own, which is nearer to the asker than the headers'. */
export function learnFromBody(context: RequestContext, headers: Carrier, body: unknown): void {
  if (Array.isArray(body)) context.told.method = "batch";
  if (!isRecord(body)) return;
  const { method, params } = body;
  if (typeof method === "string") context.told.method = wellFormedMethod.test(method) ? method : "unknown";
  const meta = isRecord(params) ? params._meta : undefined;
  if (isRecord(meta) && "traceparent" in meta) context.headers = headersForQuay(context.id, meta, headers);
}

/** What calls that are made for the request take along, and tell it. */
export function originOf({ headers, told }: RequestContext): Origin {
  return {
    headers,
    // The last of a request's calls is the one that it asked for: those that a task makes end before it.
    called({ tool, outcome }) {
      Object.assign(told, { tool, outcome });
    },
  };
}
