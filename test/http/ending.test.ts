import { once } from "node:events";
import { request as send } from "node:http";
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
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: read[0], arguments: read[1] },
  });

  const ask = (stopping: Serving) =>
    send(`${stopping.url}/mcp`, {
      method: "POST",
      headers: {
        ...stopping.as("one").headers,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
    }).end(body);

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
});
