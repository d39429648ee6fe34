import type { Log } from "./log.ts";
import type { Observer } from "./observe.ts";

/** One observer that tells several. */
export function allOf(...observers: readonly Observer[]): Observer {
  const tell = (each: (observer: Observer) => void) => {
    for (const observer of observers) each(observer);
  };
  return {
    began: (request) => tell(({ began }) => began?.(request)),
    answered: (request) => tell(({ answered }) => answered?.(request)),
    exchanged: (exchange) => tell(({ exchanged }) => exchanged?.(exchange)),
    refusedConnection: (connection) => tell(({ refusedConnection }) => refusedConnection?.(connection)),
    rejected: (error) => tell(({ rejected }) => rejected?.(error)),
    failed: (error, request) => tell(({ failed }) => failed?.(error, request)),
    called: (event) => tell(({ called }) => called?.(event)),
    confirmation: (event) => tell(({ confirmation }) => confirmation?.(event)),
  };
}

/** Between two lines about connections that were refused: a flood of them must not be one of lines. */
const millisecondsBetween = 60_000;

const tooMany = {
  address:
    "one address has as many connections as one may have (--max-connections-per-address): others were closed at once",
  server: "there are as many connections as the server takes: others were closed at once",
} as const;

/** Says one line for each HTTP request. Of what it asked for only the method and a known tool are said. */
export function logObserver(log: Log): Observer {
  const saidAt = { address: Number.NEGATIVE_INFINITY, server: Number.NEGATIVE_INFINITY };
  return {
    refusedConnection({ limit, from }) {
      const now = performance.now();
      if (now - saidAt[limit] < millisecondsBetween) return;
      saidAt[limit] = now;
      log.warn({ from }, tooMany[limit]);
    },
    answered({ id, caller, told, refused, method: httpMethod, path, status, milliseconds }) {
      const line = {
        request: id,
        caller,
        ...told,
        refused,
        http: `${httpMethod} ${path}`,
        status,
        milliseconds: Math.round(milliseconds),
      };
      if (status === 0) log.warn(line, "the connection ended before the answer");
      else if (status >= 500) log.warn(line, "failed");
      else if (refused !== undefined) log.info(line, "turned away");
      else if (told?.method === undefined) log.debug(line, "answered");
      else log.info(line, "answered");
    },
    rejected(error) {
      log.debug({ error: nameOf(error) }, "no request of the protocol");
    },
    failed(error, request) {
      log.error({ request, error: nameOf(error), at: placesOf(error) }, "quay-mcp itself failed");
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Where it came from, without its message, which may repeat what somebody sent. */
function placesOf(error: unknown): string | undefined {
  const { stack = "" } = error instanceof Error ? error : {};
  const places = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return places.length === 0 ? undefined : places.map((line) => line.trim()).join("; ");
}
