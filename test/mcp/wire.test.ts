import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPipe, openSession, type Pipe, statelessMeta } from "../support/pipe.ts";

interface Answered {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

let pipe: Pipe;
let count = 0;

beforeAll(() => {
  pipe = openPipe({ flags: ["--demo"] });
});
afterAll(async () => {
  pipe.endInput();
  await pipe.ended;
});

/** A request of protocol 2026-07-28: there is no handshake, each says all about itself. */
async function ask(method: string, params: object = {}): Promise<Answered> {
  count += 1;
  pipe.send({ id: count, method, params: { ...params, _meta: statelessMeta } });
  return (await pipe.answer(count)) as Answered;
}

describe("protocol 2026-07-28", () => {
  it("is answered from the first request on", async () => {
    const { result } = await ask("tools/list");
    expect(result).toMatchObject({ tools: expect.any(Array), resultType: "complete" });
  });

  it("has server/discover", async () => {
    const { result } = await ask("server/discover");
    expect(result).toMatchObject({
      supportedVersions: expect.arrayContaining(["2026-07-28"]),
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: expect.stringMatching(/one Quay container registry/),
    });
  });

  it.each([
    ["server/discover", {}, 3_600_000],
    ["tools/list", {}, 3_600_000],
    ["prompts/list", {}, 3_600_000],
    ["resources/list", {}, 60_000],
    ["resources/templates/list", {}, 3_600_000],
    ["resources/read", { uri: "quay://organizations/acme" }, 5_000],
  ])(
    "lets clients keep what %s answered to themselves, %j, for %s ms at least",
    async (method, params, least) => {
      const { result } = await ask(method, params);
      expect(result).toMatchObject({ ttlMs: expect.any(Number), cacheScope: "private" });
      expect(result?.ttlMs).toBeGreaterThanOrEqual(least);
    },
  );
});

describe("a request that the protocol does not allow", () => {
  it.each([
    ["an unknown method", "nosuch/method", {}, -32601],
    ["a method that is not offered", "resources/subscribe", { uri: "quay://organizations" }, -32601],
    ["a call without a name", "tools/call", {}, -32602],
    [
      "a call whose arguments are no object",
      "tools/call",
      { name: "list_tags", arguments: "acme/app" },
      -32602,
    ],
    ["a call of an unknown tool", "tools/call", { name: "nosuch" }, -32602],
  ])("such as %s is a protocol error", async (_, method, params, code) => {
    expect((await ask(method, params)).error).toMatchObject({ code, message: expect.any(String) });
  });

  it("does not end the server, and neither does what is no request at all", async () => {
    pipe.write("this is not JSON\n");
    pipe.write('{"jsonrpc": "2.0"}\n');
    pipe.write("\n[]\n");
    expect((await ask("tools/list")).result).toBeDefined();
  });
});

describe("standard output", () => {
  it("holds nothing but messages of the protocol, one a line, and no token", async () => {
    const token = "TOKENcanaryTOKENcanaryTOKENcanaryTOKEN00";
    const session = await openSession({
      settings: { QUAY_URL: "http://127.0.0.1:9", QUAY_TOKEN: token },
      flags: ["--allow", "write"],
    });
    session.send({ id: 1, method: "tools/list" });
    session.send({ id: 2, method: "resources/list" });
    session.send({ id: 3, method: "tools/call", params: { name: "get_my_user", arguments: {} } });
    session.send({ id: 4, method: "tools/call", params: { name: "get_my_user", arguments: { token } } });
    await Promise.all([1, 2, 3, 4].map((id) => session.answer(id)));
    session.endInput();
    const { status, stderr } = await session.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(session.lines).toHaveLength(5);
    for (const line of session.lines) {
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
      expect(line).not.toContain(token);
    }
  });
});
