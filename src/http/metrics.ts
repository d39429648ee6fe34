import type { Registry } from "prom-client";
import type { Observer } from "./observe.ts";
import type { Page } from "./pages.ts";

/** What can be counted only by looking at it. */
export interface Gauges {
  /** HTTP requests under way. */
  readonly requests: () => number;
  /** Requests under way to Quay. */
  readonly quayRequests: () => number;
  /** Requests that wait for their turn at Quay. */
  readonly quayRequestsWaiting: () => number;
}

export interface Metrics {
  /** What counts. */
  readonly observer: Observer;
  /** Everything that was counted, in Prometheus' words. */
  page(): Promise<Page>;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Counts what happens. No label holds a word that a caller wrote: tools are known ones, paths and methods the server's
 * own, and nobody and no repository is named.
 */
export async function createMetrics(gauges: Gauges): Promise<Metrics> {
  // The default export: of a bundled CommonJS module, that is the only one.
  const prometheus = (await import("prom-client")).default;
  const { Counter, Histogram, Registry } = prometheus;
  const registry = new Registry();
  const registers = [registry];
  prometheus.collectDefaultMetrics({ register: registry });

  const calls = new Counter({
    registers,
    name: "quay_mcp_calls_total",
    help: "Calls of tools and what became of them, those that tasks make included.",
    labelNames: ["tool", "access", "outcome"],
  });
  const callSeconds = new Histogram({
    registers,
    name: "quay_mcp_call_duration_seconds",
    help: "How long calls took, without the time in which a user was asked in another request.",
    labelNames: ["access"],
    buckets: seconds,
  });
  const confirmations = new Counter({
    registers,
    name: "quay_mcp_confirmations_total",
    help: "Destructive calls on their way to being confirmed.",
    labelNames: ["outcome", "by"],
  });
  const quaySeconds = new Histogram({
    registers,
    name: "quay_mcp_quay_request_duration_seconds",
    help: "How long requests to Quay took, by class of status; none where there was no answer.",
    labelNames: ["method", "status"],
    buckets: seconds,
  });
  const requests = new Counter({
    registers,
    name: "quay_mcp_http_requests_total",
    help: "HTTP requests by status; none where the connection ended before the answer.",
    labelNames: ["path", "status"],
  });
  const requestSeconds = new Histogram({
    registers,
    name: "quay_mcp_http_request_duration_seconds",
    help: "How long HTTP requests took.",
    labelNames: ["path"],
    buckets: seconds,
  });
  const refusals = new Counter({
    registers,
    name: "quay_mcp_http_refusals_total",
    help: "HTTP requests that were turned away before the protocol saw them.",
    labelNames: ["reason"],
  });
  const refusedConnections = new Counter({
    registers,
    name: "quay_mcp_http_connections_refused_total",
    help: "Connections that were closed at once, by whose limit was reached: the server's, or that of one address.",
    labelNames: ["limit"],
  });
  observeGauges(prometheus, registry, gauges);

  return {
    observer: {
      called({ tool = "unknown", access = "unknown", outcome, milliseconds }) {
        calls.inc({ tool, access, outcome });
        callSeconds.observe({ access }, milliseconds / 1000);
      },
      confirmation({ outcome, by = "none" }) {
        confirmations.inc({ outcome, by });
      },
      exchanged({ method, status, milliseconds }) {
        const statusClass = status === 0 ? "none" : `${Math.floor(status / 100)}xx`;
        quaySeconds.observe({ method, status: statusClass }, milliseconds / 1000);
      },
      refusedConnection({ limit }) {
        refusedConnections.inc({ limit });
      },
      answered({ path, status, milliseconds, refused }) {
        requests.inc({ path, status: status === 0 ? "none" : status });
        requestSeconds.observe({ path }, milliseconds / 1000);
        if (refused !== undefined) refusals.inc({ reason: refused });
      },
    },
    page: async () => ({ status: 200, type: registry.contentType, text: await registry.metrics() }),
  };
}

function observeGauges(
  { Gauge }: typeof import("prom-client"),
  registry: Registry,
  { requests, quayRequests, quayRequestsWaiting }: Gauges,
): void {
  const gauge = (name: string, help: string, look: () => number) =>
    new Gauge({
      registers: [registry],
      name,
      help,
      collect() {
        this.set(look());
      },
    });
  gauge("quay_mcp_http_requests_under_way", "HTTP requests under way.", requests);
  gauge("quay_mcp_quay_requests_under_way", "Requests under way to Quay.", quayRequests);
  gauge("quay_mcp_quay_requests_waiting", "Requests that wait for their turn at Quay.", quayRequestsWaiting);
}
