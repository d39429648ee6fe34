import { describe, expect, it, onTestFinished } from "vitest";
import { createLog } from "../../src/http/log.ts";
import { openOperation } from "../../src/http/operation.ts";
import { readHttpSettings } from "../../src/http/settings.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { json, startServer, token } from "../quay/server.ts";
import { post } from "./post.ts";
import { type Serving, serve } from "./serve.ts";

interface Operated {
  readonly server: Serving;
  readonly metricsUrl: string;
  /** A page beside the metrics. */
  page(path: string): Promise<{ status: number; body: unknown }>;
  metrics(): Promise<string>;
}

interface Given {
  readonly flags?: Readonly<Record<string, string>>;
  readonly state?: { draining?: boolean; stores?: "process" | "reachable" | "away" };
}

/** Serves a registry with everything that its operator looks at. */
async function operate(
  registry: { readonly url: string },
  { flags = {}, state = {} }: Given = {},
): Promise<Operated> {
  const settings = readHttpSettings({ url: registry.url, metricsPort: "0", ...flags }, {});
  let server: Serving | undefined;
  const operation = await openOperation(settings, {
    log: await createLog("silent"),
    requests: () => server?.underWay ?? 0,
    draining: () => state.draining ?? false,
    stores: () => state.stores ?? "process",
  });
  const { observer, health, takeTurn } = operation;
  const serving = await serve(registry, flags, { observer, health, takeTurn });
  server = serving;
  onTestFinished(async () => {
    await serving.close();
    await operation.close();
  });
  const metricsUrl = operation.metricsUrl!;
  return {
    server: serving,
    metricsUrl,
    async page(path) {
      const answer = await fetch(new URL(path, metricsUrl));
      return { status: answer.status, body: await answer.json() };
    },
    metrics: async () => (await fetch(metricsUrl)).text(),
  };
}

/** The samples of a metric, without the buckets of histograms. */
const samplesOf = (text: string, name: string) =>
  text.split("\n").filter((line) => line.startsWith(name) && !line.includes("_bucket"));

const tags = { tags: [], page: 1, has_additional: false };

describe("metrics", () => {
  it("count calls by tool, access and outcome", async () => {
    const quay = await startServer((request, response) =>
      request.url?.includes("broken") ? json(response, 500, {}) : json(response, 200, tags),
    );
    const { server, metrics } = await operate(quay);
    const call = (tool: string, given: object) => post({ url: server.url, token, tool, given: { ...given } });
    await call("list_tags", { repository: "acme/app" });
    await call("list_tags", { repository: "acme/broken" });
    await call("list_tags", { repository: 7 });
    await call("delete_tag", { repository: "acme/app", tag: "v1" });
    await call("a_tool_of_mine", {});
    expect(samplesOf(await metrics(), "quay_mcp_calls_total")).toEqual([
      'quay_mcp_calls_total{tool="list_tags",access="read",outcome="answered"} 1',
      'quay_mcp_calls_total{tool="list_tags",access="read",outcome="failed"} 1',
      'quay_mcp_calls_total{tool="list_tags",access="read",outcome="invalid"} 1',
      'quay_mcp_calls_total{tool="delete_tag",access="destructive",outcome="refused"} 1',
      'quay_mcp_calls_total{tool="unknown",access="unknown",outcome="invalid"} 1',
    ]);
  });

  it("count how long Quay took by method and class of status, whatever became of the request", async () => {
    const quay = await startServer((request, response, count) => {
      if (request.url?.includes("lost")) request.socket.destroy();
      else json(response, count === 1 ? 404 : 200, tags);
    });
    const { server, metrics } = await operate(quay);
    for (const repository of ["acme/app", "acme/app", "acme/lost"])
      await post({ url: server.url, token, tool: "list_tags", given: { repository } });
    const counts = samplesOf(await metrics(), "quay_mcp_quay_request_duration_seconds_count");
    expect(counts).toContain('quay_mcp_quay_request_duration_seconds_count{method="GET",status="4xx"} 1');
    expect(counts).toContain('quay_mcp_quay_request_duration_seconds_count{method="GET",status="2xx"} 1');
    expect(counts.join()).toContain('status="none"');
  });

  it("count confirmations: asked for, given, declined and refused", async () => {
    const registry = await startRegistry({});
    onTestFinished(() => registry.close());
    const { server, metrics } = await operate(registry, { flags: { allow: "destructive" } });
    const session = { url: server.url, token: registry.tokens.superuser };
    const given = { repository: "acme/app", tag: "v1.0" };
    const asked = await post({ ...session, tool: "delete_tag", given });
    const confirm = /\\"confirm\\":\\"([^"\\]+)/.exec(asked.text)![1]!;
    await post({ ...session, tool: "delete_tag", given: { ...given, confirm: "made-up" } });
    await post({ ...session, tool: "delete_tag", given: { ...given, confirm } });
    const form = { ...session, tool: "delete_tag", given: { ...given, tag: "v1.1" }, canAsk: true };
    const { requestState } = JSON.parse((await post(form)).text).result;
    const answered = { requestState, inputResponses: { confirm: { action: "decline" } } };
    expect((await post({ ...form, answered })).text).toContain("the user declined");
    expect(samplesOf(await metrics(), "quay_mcp_confirmations_total")).toEqual([
      'quay_mcp_confirmations_total{outcome="asked",by="code"} 1',
      'quay_mcp_confirmations_total{outcome="refused",by="none"} 1',
      'quay_mcp_confirmations_total{outcome="confirmed",by="code"} 1',
      'quay_mcp_confirmations_total{outcome="asked",by="question"} 1',
      'quay_mcp_confirmations_total{outcome="declined",by="none"} 1',
    ]);
    expect(samplesOf(await metrics(), "quay_mcp_calls_total").join("\n")).toContain('outcome="asked"');
  });

  it("count HTTP requests by status and those that were turned away, by reason", async () => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server, metrics } = await operate(quay);
    await fetch(`${server.url}/mcp`, { method: "POST" });
    await fetch(`${server.url}/who/knows`);
    const text = await metrics();
    expect(samplesOf(text, "quay_mcp_http_requests_total").sort()).toEqual([
      'quay_mcp_http_requests_total{path="/mcp",status="415"} 1',
      'quay_mcp_http_requests_total{path="other",status="404"} 1',
    ]);
    expect(samplesOf(text, "quay_mcp_http_refusals_total").sort()).toEqual([
      'quay_mcp_http_refusals_total{reason="mediaType"} 1',
      'quay_mcp_http_refusals_total{reason="path"} 1',
    ]);
  });

  it("have what waits and is under way, the event loop's lag and the process's memory", async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const quay = await startServer((_, response) => void held.then(() => json(response, 200, tags)));
    const { server, metrics } = await operate(quay, { flags: { maxQuayRequests: "4" } });
    const calls = ["a", "b", "c"].map((name) =>
      post({ url: server.url, token, tool: "list_tags", given: { repository: `acme/${name}` } }),
    );
    await expect
      .poll(metrics)
      .toMatch(/quay_mcp_quay_requests_under_way 1\n[\s\S]*quay_mcp_quay_requests_waiting 2\n/);
    const text = await metrics();
    expect(text).toMatch(/quay_mcp_http_requests_under_way 3\n/);
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds [\d.e-]+\n/);
    expect(text).toMatch(/process_resident_memory_bytes [1-9]/);
    letGo();
    await Promise.all(calls);
    expect(await metrics()).toMatch(/quay_mcp_quay_requests_waiting 0\n/);
  });

  it("name no caller, namespace, repository, tag, tool of nobody's, path or token", async () => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server, metrics } = await operate(quay);
    const marked = { repository: "marked-namespace/marked-repository", tag: "marked-tag" };
    await post({ url: server.url, token, tool: "list_tags", given: { repository: marked.repository } });
    await post({ url: server.url, token, tool: "delete_tag", given: marked });
    await post({ url: server.url, token, tool: "marked_tool", given: marked });
    await fetch(`${server.url}/marked-path`, { method: "MARKED" }).catch(() => {});
    const text = await metrics();
    expect(text).toContain('tool="list_tags"');
    expect(text).not.toMatch(/marked/i);
    expect(text).not.toContain(token.slice(0, 8));
  });

  it("are on a port of their own, and only read", async () => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server, metricsUrl } = await operate(quay);
    const bearer = { headers: { authorization: `Bearer ${token}` } };
    expect((await fetch(`${server.url}/metrics`, bearer)).status).toBe(404);
    expect((await fetch(metricsUrl)).headers.get("content-type")).toContain("text/plain; version=0.0.4");
    expect((await fetch(metricsUrl, { method: "POST" })).status).toBe(405);
    expect((await fetch(new URL("/mcp", metricsUrl))).status).toBe(404);
  });
});

describe("probes", () => {
  it.each([
    [{}, 200, { status: "ready", stores: "process" }],
    [{ stores: "reachable" }, 200, { status: "ready", stores: "reachable" }],
    [
      { stores: "away" },
      200,
      { status: "ready", stores: "away", meanwhile: "Reads go on, destructive calls are refused." },
    ],
    [{ draining: true, stores: "away" }, 503, { status: "draining" }],
  ] as const)("are told of %j that it is %i, on both ports, without a token", async (state, status, body) => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server, page } = await operate(quay, { state });
    expect(await page("/readyz")).toEqual({ status, body });
    const main = await fetch(`${server.url}/readyz`);
    expect({ status: main.status, body: await main.json() }).toEqual({ status, body });
    expect(await page("/healthz")).toEqual({ status: 200, body: { status: "alive" } });
    expect(quay.requests).toEqual([]);
  });

  it("may come by any name or address", async () => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server } = await operate(quay, { flags: { allowedHosts: "quay-mcp.example.com" } });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${server.url}/mcp`, { method: "POST" })).status).toBe(403);
  });
});

describe("what goes along to Quay", () => {
  const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const other = "00-ffffffffffffffffffffffffffffffff-b7ad6b7169203331-01";

  async function sent(posting: { headers?: Record<string, string>; meta?: Record<string, unknown> }) {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server } = await operate(quay);
    const { headers } = await post({
      ...{ url: server.url, token, tool: "list_tags", given: { repository: "acme/app" } },
      ...posting,
    });
    return { answered: headers.get("x-request-id"), toQuay: quay.requests[0]!.headers };
  }

  it("is the id that the request came with, which the answer has too", async () => {
    const { answered, toQuay } = await sent({ headers: { "x-request-id": "mine-1" } });
    expect([answered, toQuay["x-request-id"]]).toEqual(["mine-1", "mine-1"]);
    expect(toQuay).not.toHaveProperty("traceparent");
  });

  it("is an id that this server made, where it came with none or with none that is one", async () => {
    const { answered, toQuay } = await sent({ headers: { "x-request-id": "no id" } });
    expect(answered).toMatch(/^[\da-f-]{36}$/);
    expect(toQuay["x-request-id"]).toBe(answered);
  });

  it("is the trace context of the headers", async () => {
    const { toQuay } = await sent({ headers: { traceparent: parent, tracestate: "a=1, b=2" } });
    expect(toQuay).toMatchObject({ traceparent: parent, tracestate: "a=1,b=2" });
  });

  it("is the trace context of the MCP request before that of the headers", async () => {
    const { toQuay } = await sent({
      headers: { traceparent: other, tracestate: "a=1" },
      meta: { traceparent: parent, tracestate: "b=2" },
    });
    expect(toQuay).toMatchObject({ traceparent: parent, tracestate: "b=2" });
  });

  it("is no trace context that is not well-formed", async () => {
    const { toQuay } = await sent({ headers: { traceparent: "made up" }, meta: { traceparent: 7 } });
    expect(toQuay).not.toHaveProperty("traceparent");
  });

  it("stays each caller's own where many come at once", async () => {
    const quay = await startServer((_, response) => json(response, 200, tags));
    const { server } = await operate(quay);
    const names = Array.from({ length: 40 }, (_, index) => `r${index}`);
    await Promise.all(
      names.map((name) =>
        post({
          url: server.url,
          token: `${token}${name}`,
          tool: "list_tags",
          given: { repository: `acme/${name}` },
          headers: { "x-request-id": name },
        }),
      ),
    );
    const pairs = quay.requests.map(({ url, headers }) => [
      /acme\/(\w+)\//.exec(url)?.[1],
      headers["x-request-id"],
    ]);
    expect(pairs.length).toBe(40);
    expect(pairs.filter(([name, id]) => name !== id)).toEqual([]);
  });
});

describe("a flood of one caller", () => {
  it("leaves the others their turns, and what of it does not fit is told so", async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let flooded = 0;
    const quay = await startServer((request, response) => {
      const answer = () => json(response, 200, tags);
      if (!request.url?.includes("flood")) return answer();
      flooded += 1;
      void held.then(answer);
    });
    const { server } = await operate(quay, { flags: { maxQuayRequests: "8", maxRequestsPerCaller: "400" } });
    const call = (who: string, count: number) =>
      post({
        url: server.url,
        token: `${token}${who}`,
        tool: "list_tags",
        given: { repository: `acme/${who}${count}` },
      });
    const flood = Array.from({ length: 270 }, (_, count) => call("flood", count));
    await expect.poll(() => flooded).toBe(2);
    const refused = await Promise.race(flood);
    expect(refused.text).toContain("256 requests of this caller wait for their turn at Quay already.");
    expect(refused.text).toContain('"isError":true');
    const others = await Promise.all(["one", "two", "three"].map((who) => call(who, 1)));
    expect(others.map(({ text }) => text.includes('"isError":true'))).toEqual([false, false, false]);
    expect(flooded).toBe(2);
    letGo();
    const texts = (await Promise.all(flood)).map(({ text }) => text);
    expect(texts.filter((text) => text.includes("wait for their turn")).length).toBe(270 - 256 - 2);
  });
});
