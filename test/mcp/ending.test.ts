import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HeldRegistry, startHeldRegistry } from "../support/held.ts";
import { openSession, type Pipe } from "../support/pipe.ts";
import { revisions } from "../support/revisions.ts";

let registry: HeldRegistry;

beforeAll(async () => {
  registry = await startHeldRegistry();
});
afterAll(() => registry.close());

const start = () => ({
  settings: { QUAY_URL: registry.url, QUAY_TOKEN: "token-of-the-tests" },
  flags: ["--allow", "write"],
});
const read = { name: "get_repository", arguments: { repository: "acme/app" } };
const write = { name: "star_repository", arguments: { repository: "acme/app" } };

/** The request that changes something. What the guard reads before it is answered as if nothing were there. */
async function nextChange() {
  for (;;) {
    const request = await registry.next();
    if (!request.line.startsWith("GET ")) return request;
    request.answer({});
  }
}

describe.each(revisions)("a call that a client of protocol $revision cancels", ({ connect }) => {
  it("is aborted if it is a read, and the next one is served", async () => {
    const session = await connect(start());
    const giveUp = new AbortController();
    const call = session.callTool(read.name, read.arguments, giveUp.signal);
    const request = await registry.next();
    giveUp.abort();
    await expect(call).rejects.toThrow();
    await request.abandoned;

    const next = session.callTool(read.name, read.arguments);
    (await registry.next()).answer({ name: "app" });
    expect(await next).toEqual({ text: '{"name":"app"}', isError: false });
    await session.close();
  });
});

describe("a write that was sent", () => {
  it("goes on to its end when its client cancels it", async () => {
    const pipe = await openSession(start());
    pipe.send({ id: 1, method: "tools/call", params: write });
    const request = await nextChange();
    pipe.send({ method: "notifications/cancelled", params: { requestId: 1 } });
    pipe.send({ id: 2, method: "tools/call", params: read });
    (await registry.next()).answer({ name: "app" });
    await pipe.answer(2);
    let abandoned = false;
    void request.abandoned.then(() => {
      abandoned = true;
    });
    pipe.endInput();
    request.answer({ namespace: "acme", repository: "app" });
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
    expect(abandoned).toBe(false);
  });
});

describe.each<[string, (pipe: Pipe) => void]>([
  ["the end of standard input", (pipe) => pipe.endInput()],
  ["SIGTERM", (pipe) => pipe.kill("SIGTERM")],
  ["SIGINT", (pipe) => pipe.kill("SIGINT")],
])("%s", (_, end) => {
  it("ends the process with status 0", async () => {
    const pipe = await openSession(start());
    end(pipe);
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
  });

  it("aborts reads", async () => {
    const pipe = await openSession(start());
    pipe.send({ id: 1, method: "tools/call", params: read });
    const request = await registry.next();
    end(pipe);
    await request.abandoned;
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
  });

  it("awaits a write that was already sent", async () => {
    const pipe = await openSession(start());
    pipe.send({ id: 1, method: "tools/call", params: read });
    const reading = await registry.next();
    pipe.send({ id: 2, method: "tools/call", params: write });
    const writing = await nextChange();
    let ended = false;
    void pipe.ended.then(() => {
      ended = true;
    });
    end(pipe);
    await reading.abandoned;
    expect({ line: writing.line, ended }).toEqual({ line: "POST /api/v1/user/starred", ended: false });
    writing.answer({ namespace: "acme", repository: "app" });
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
  });

  it("sends no write whose target was still being read", async () => {
    const pipe = await openSession(start());
    pipe.send({ id: 1, method: "tools/call", params: write });
    const reading = await registry.next();
    end(pipe);
    await reading.abandoned;
    expect(reading.line).toMatch(/^GET /);
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
  });

  it("awaits it no longer than its timeout", async () => {
    const { settings, flags } = start();
    const pipe = await openSession({ settings, flags: [...flags, "--timeout", "1"] });
    pipe.send({ id: 1, method: "tools/call", params: write });
    const request = await nextChange();
    end(pipe);
    await request.abandoned;
    expect(await pipe.ended).toEqual({ status: 0, signal: null, stderr: "" });
  });
});
