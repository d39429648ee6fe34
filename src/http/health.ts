import type { Page, Pages } from "./pages.ts";

/** What decides whether this replica should be sent requests. */
export interface Health {
  readonly draining: () => boolean;
  /** Where confirmations, counts and answers are kept: in the process, or in what replicas share. */
  readonly stores: () => "process" | "reachable" | "away";
}

/**
 * `/healthz`: the process lives. `/readyz`: it takes requests.
 *
 * Without its stores it is still ready: reads go on, and other replicas would be no better off. The registry is not
 * asked: that it is away is no reason to take every replica out, and probes should cost it nothing.
 */
export function healthPages({ draining, stores }: Health): Pages {
  return new Map([
    ["/healthz", () => page(200, { status: "alive" })],
    [
      "/readyz",
      () => {
        if (draining()) return page(503, { status: "draining" });
        const state = stores();
        const meanwhile =
          state === "away" ? { meanwhile: "Reads go on, destructive calls are refused." } : {};
        return page(200, { status: "ready", stores: state, ...meanwhile });
      },
    ],
  ]);
}

function page(status: number, body: object): Page {
  return { status, type: "application/json", text: JSON.stringify(body) };
}
