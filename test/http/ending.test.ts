import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as send } from "node:http";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HeldRegistry, startHeldRegistry } from "../support/held.ts";
import { revisions } from "../support/revisions.ts";
import { type Serving, serve } from "./serve.ts";

let registry: HeldRegistry;
let server: Serving;

beforeAll(async () => {
  registry = await startHeldRegistry();
  server = await serve(registry);
});
afterAll(async () => {
  await server.close();
  await registry.close();
});

const read = ["get_repository", { repository: "acme/app" }] as const;

describe.each(revisions)("with a client of protocol $revision", ({ connectTo }) => {
  it("a read is given up when the client has gone, and the next one is answered", async () => {
    const session = await connectTo(server.as("one"));
    const gone = await connectTo(server.as("one"));
    const call = gone.callTool(...read).catch(() => "ended");
    const request = await registry.next();
    await gone.close();
    await Promise.all([request.abandoned, call]);

    const next = session.callTool(...read);
    (await registry.next()).answer({ name: "app" });
    expect(await next).toEqual({ text: expect.stringContaining('"name":"app"'), isError: false });
    await expect.poll(() => server.underWay).toBe(0);
    await session.close();
  });
});

describe("a server that is told to stop", () => {
  const ask = (stopping: Serving, [name, given]: readonly [string, object] = read) =>
    send(`${stopping.url}/mcp`, {
      method: "POST",
      headers: {
        ...stopping.as("one").headers,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
    }).end(
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given } }),
    );

  it("answers what is under way, takes no more, and then ends", async () => {
    const stopping = await serve(registry, { drain: "60" });
    const answered = once(ask(stopping), "response");
    const request = await registry.next();
    const closed = stopping.close();
    expect(stopping.draining).toBe(true);
    await expect(fetch(`${stopping.url}/mcp`)).rejects.toThrow();
    request.answer({ name: "app" });
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(200);
    await closed;
  });

  it("does not wait longer than --drain for it", async () => {
    const stopping = await serve(registry, { drain: "0" });
    const failed = once(ask(stopping), "error");
    const request = await registry.next();
    await stopping.close();
    await Promise.all([failed, request.abandoned]);
    expect(stopping.connections).toBe(0);
  });

  it("waits for the outcome of a write that was sent, although nobody hears of it, so that it is recorded", async () => {
    const outcomes: string[] = [];
    const observer = { called: ({ outcome }: { readonly outcome: string }) => void outcomes.push(outcome) };
    const stopping = await serve(registry, { drain: "0", allow: "write" }, { observer });
    const failed = once(ask(stopping, ["star_repository", { repository: "acme/app" }]), "error");
    let request = await registry.next();
    while (request.line.startsWith("GET")) {
      request.answer({ name: "app", namespace: "acme", repositories: [] });
      request = await registry.next();
    }
    const closed = stopping.close().then(() => "closed");
    await failed;
    await expect.poll(() => stopping.connections).toBe(0);
    expect(await Promise.race([closed, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe(
      "waits",
    );
    expect(outcomes).toEqual([]);
    request.answer({});
    expect(await closed).toBe("closed");
    expect(outcomes).toEqual(["answered"]);
  });

  it("does not wait for connections on which nothing was asked, with TLS or without", async () => {
    const pem = (name: string) => readFileSync(new URL(`../data/tls/${name}.pem`, import.meta.url), "utf8");
    const tls = { cert: pem("certificate"), key: pem("key") };
    for (const parts of [{}, { tls }]) {
      const stopping = await serve(registry, { drain: "60" }, parts);
      const port = Number(new URL(stopping.url).port);
      const silent = connect(port, "127.0.0.1");
      await once(silent, "connect");
      const shaken =
        parts.tls && connectTls({ port, host: "127.0.0.1", ca: tls.cert, servername: "localhost" });
      if (shaken !== undefined) await once(shaken, "secureConnect");
      await expect.poll(() => stopping.connections).toBeGreaterThan(0);
      await Promise.all([
        once(silent.resume(), "close"),
        shaken && once(shaken.resume(), "close"),
        stopping.close(),
      ]);
      await expect.poll(() => stopping.connections).toBe(0);
    }
  });
});
