/** The ids by which one request is found again in the logs of everything it passes: https://www.w3.org/TR/trace-context/. */
import { randomUUID } from "node:crypto";

/** What may carry ids: a request's headers, or the `_meta` of an MCP request, which uses the same names. */
export type Carrier = Readonly<Record<string, unknown>>;

const wellFormedId = /^[\w.~:+=/@-]{1,128}$/;

/** The id that the client or a proxy gave the request in `X-Request-Id`, if it is well-formed, or else a new one. */
export function requestIdOf(headers: Carrier): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && wellFormedId.test(given) ? given : randomUUID();
}

/**
 * The headers that go along to Quay, names and values in turn. This server is no step of its own in a trace: it passes
 * the context on as it came.
 *
 * @param carriers what may hold a trace context; the first that holds one counts
 */
export function headersForQuay(id: string, ...carriers: readonly Carrier[]): string[] {
  for (const carrier of carriers) {
    const traceparent = traceparentOf(carrier);
    if (traceparent === undefined) continue;
    const tracestate = tracestateOf(carrier);
    const state = tracestate === undefined ? [] : ["tracestate", tracestate];
    return ["x-request-id", id, "traceparent", traceparent, ...state];
  }
  return ["x-request-id", id];
}

const parent =
  /^(?!ff)(?<version>[\da-f]{2})-(?<known>(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2})(?<more>-.*)?$/;

/** Later versions may say more at the end: what is known of them is passed on as version 00. */
function traceparentOf({ traceparent }: Carrier): string | undefined {
  if (typeof traceparent !== "string" || traceparent.length > 512) return undefined;
  const { version, known, more } = parent.exec(traceparent)?.groups ?? {};
  return known === undefined || (version === "00" && more !== undefined) ? undefined : `00-${known}`;
}

const stateMember =
  /^(?:[a-z][a-z\d_\-*/]{0,255}|[a-z\d][a-z\d_\-*/]{0,240}@[a-z][a-z\d_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

function tracestateOf({ tracestate }: Carrier): string | undefined {
  if (typeof tracestate !== "string" || tracestate.length > 512) return undefined;
  const members = tracestate
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
  const isWhole = members.length <= 32 && members.every((member) => stateMember.test(member));
  return isWhole && members.length > 0 ? members.join(",") : undefined;
}
