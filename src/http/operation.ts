import type { Turn } from "../quay/client.ts";
import { createFairQueue } from "./fair-queue.ts";
import { type Health, healthPages } from "./health.ts";
import { listen, usualLimits } from "./listener.ts";
import type { Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Observer } from "./observe.ts";
import { allOf, logObserver } from "./observers.ts";
import { type Pages, servePages } from "./pages.ts";
import type { HttpSettings } from "./settings.ts";

/** What whoever runs the server looks at and steers by. */
export interface Operation {
  /** Hears everything, for logs and metrics. */
  readonly observer: Observer;
  /** The pages for probes. */
  readonly health: Pages;
  /** A caller's turn to send a request to Quay. */
  takeTurn(caller: string): Turn;
  /** Where metrics are served; undefined where they are not. */
  readonly metricsUrl: string | undefined;
  close(): Promise<void>;
}

export interface OperationParts extends Health {
  readonly log: Log;
  /** How many HTTP requests are under way. */
  readonly requests: () => number;
}

type OperationSettings = Pick<HttpSettings, "maxQuayRequests" | "metricsHost" | "metricsPort">;

/** How many requests of one caller may wait for their turn at Quay: as many as a large task sends, and more. */
const waitingPerCaller = 256;

/** @throws UsageError where the metrics cannot be served */
export async function openOperation(
  { maxQuayRequests, metricsHost, metricsPort }: OperationSettings,
  parts: OperationParts,
): Promise<Operation> {
  const perCaller = Math.max(1, Math.floor(maxQuayRequests / 4));
  const queue = createFairQueue({ inAll: maxQuayRequests, perCaller, waitingPerCaller });
  const health = healthPages(parts);
  const { takeTurn } = queue;
  const withoutMetrics = { health, takeTurn };
  if (metricsPort === undefined) {
    return {
      ...withoutMetrics,
      observer: logObserver(parts.log),
      metricsUrl: undefined,
      close: async () => {},
    };
  }
  const metrics = await createMetrics({
    requests: parts.requests,
    quayRequests: () => queue.underWay,
    quayRequestsWaiting: () => queue.waiting,
  });
  const served: Pages = new Map([...health, ["/metrics", metrics.page]]);
  const place = { host: metricsHost, port: metricsPort, limits: usualLimits };
  const listener = await listen(servePages(served), place);
  return {
    ...withoutMetrics,
    observer: allOf(logObserver(parts.log), metrics.observer),
    metricsUrl: `${listener.url}/metrics`,
    close: () => listener.close(0),
  };
}
