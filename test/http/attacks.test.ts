import { once } from "node:events";
import { type IncomingHttpHeaders, request as send } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { post } from "./post.ts";
import { type Serving, serve } from "./serve.ts";

let registry: Registry;
let server: Serving;

const limits = {
  mostHeaders: 40,
  headersMilliseconds: 300,
  requestMilliseconds: 400,
  checkMilliseconds: 50,
  readingMilliseconds: 200,
};

beforeAll(async () => {
  registry = await startRegistry();
  server = await serve(registry, { maxRequestsPerCaller: "4" }, { limits });
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  await server.close();
  await registry.close();
});

const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "get_my_user", arguments: {} } };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string;
  /** Of another server than the usual one. */
  readonly port?: number;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request as it is written, where `fetch` would set Host and more by itself. */
async function ask({ method = "POST", path = "/mcp", headers = {}, body, port }: Sent = {}): Promise<Got> {
  const sent = send(new URL(path, server.url), { method, agent: false, ...(port && { port }) });
  const all = {
    authorization: `Bearer ${registry.tokens.superuser}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...headers,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) sent.setHeader(name, value);
  sent.end(method === "POST" ? (body ?? JSON.stringify(call)) : undefined);
  const [response] = await once(sent, "response");
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

const sentence = ({ text: said }: Got): string => JSON.parse(said).error.message;

it("answers a request that is as it should be", async () => {
  const { status, text: said } = await ask();
  expect(status).toBe(200);
  expect(said).toContain('"result"');
});

describe("a web page that makes its visitor's browser call", () => {
  it.each(["https://evil.example", "http://localhost:1", "null", "file://", "http://localhost.evil.example"])(
    "is refused with the foreign Origin %s",
    async (origin) => {
      const got = await ask({ headers: { host: "localhost", origin } });
      expect(got.status).toBe(403);
      expect(sentence(got)).toContain("--allowed-origins");
      expect(got.headers["access-control-allow-origin"]).toBeUndefined();
      expect(registry.requests).toEqual([]);
    },
  );

  it.each([
    "evil.example",
    "127.0.0.1.evil.example:8787",
    "localhost@evil.example",
    "",
    "[::ffff:1.2.3.4]",
    "a b",
  ])("is refused when it rebound its own name to this machine: Host %s", async (host) => {
    const got = await ask({ headers: { host } });
    expect([400, 403]).toContain(got.status);
    if (got.status === 403) expect(sentence(got)).toContain("--allowed-hosts");
    expect(registry.requests).toEqual([]);
  });

  it("reaches the server by the names that the operator said, however they are written", async () => {
    const own = await serve(registry, { allowedHosts: "QUAY-mcp.Example.com,münchen.example,[0:0::1]" });
    const port = Number(new URL(own.url).port);
    const statusWith = async (host: string) => {
      const answer = await ask({ headers: { host }, port });
      return answer.status;
    };
    for (const host of [
      "quay-mcp.example.com",
      "Quay-MCP.example.com:443",
      "xn--mnchen-3ya.example",
      "[::1]:8787",
    ])
      expect([host, await statusWith(host)]).toEqual([host, 200]);
    for (const host of ["localhost", "example.com", "a.quay-mcp.example.com"])
      expect([host, await statusWith(host)]).toEqual([host, 403]);
    await own.close();
  });

  it("may call where the operator named its origin, and its browser is told so", async () => {
    const origin = "https://tools.example.com";
    const own = await serve(registry, { allowedOrigins: origin });
    const answer = await fetch(`${own.url}/mcp`, { method: "OPTIONS", headers: { origin } });
    const called = await fetch(`${own.url}/mcp`, {
      method: "POST",
      headers: { ...own.as("x").headers, origin, "content-type": "application/json" },
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    expect([called.status, called.headers.get("access-control-allow-origin")]).toEqual([406, origin]);
    await own.close();
  });
});

describe("a request that MCP over HTTP does not know", () => {
  it.each(["GET", "DELETE", "PUT", "HEAD", "OPTIONS"])(
    "is refused with 405 if it is a %s",
    async (method) => {
      const got = await ask({ method });
      expect([got.status, got.headers.allow]).toEqual([405, "POST"]);
    },
  );

  it("is refused at another path, with another media type, without the right Accept, or without JSON", async () => {
    const got = [
      await ask({ path: "/" }),
      await ask({ headers: { "content-type": "text/plain" } }),
      await ask({ headers: { "content-encoding": "gzip" } }),
      await ask({ headers: { accept: "application/json" } }),
      await ask({ body: "{" }),
    ];
    expect(got.map(({ status }) => status)).toEqual([404, 415, 415, 406, 400]);
    for (const each of got) expect(sentence(each)).not.toMatch(/ at .*:\d+:\d+/);
  });

  it("is refused without a token, before its body is read", async () => {
    const got = await ask({ headers: { authorization: undefined } });
    expect(got.status).toBe(401);
    expect(got.headers["www-authenticate"]).toMatch(/^Bearer/);
  });

  it("is refused with its token in the URL, where it would be kept in logs", async () => {
    const path = `/mcp?access_token=${registry.tokens.superuser}`;
    expect((await ask({ path, headers: { authorization: undefined } })).status).toBe(401);
  });
});

describe("a request of the newest protocol", () => {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const body = JSON.stringify({ ...call, params: { ...call.params, _meta } });
  const right = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": "get_my_user",
  };

  it("is answered if its headers say what its body says", async () => {
    expect((await ask({ headers: right, body })).status).toBe(200);
  });

  it.each([
    ["another method", { ...right, "mcp-method": "tools/list" }],
    ["no method", { ...right, "mcp-method": undefined }],
    ["another tool", { ...right, "mcp-name": "list_tags" }],
    ["no tool", { ...right, "mcp-name": undefined }],
    ["another revision", { ...right, "mcp-protocol-version": "2025-11-25" }],
    ["no revision", { ...right, "mcp-protocol-version": undefined }],
  ])("is refused if its headers name %s, and Quay is not asked", async (_name, headers) => {
    const { status, text: said } = await ask({ headers, body });
    expect(status).toBe(400);
    expect(JSON.parse(said).error.code).toBe(-32_020);
    expect(registry.requests).toEqual([]);
  });
});

describe("a client that sends too much", () => {
  it("is refused before a body that says it is too long", async () => {
    const got = await ask({ body: " ".repeat(1024 * 1024 + 1) });
    expect(got.status).toBe(413);
    expect(sentence(got)).toContain("1048576 bytes");
  });

  it("is refused as soon as a body in chunks is too long", async () => {
    const socket = await open(`${head}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    for (let sent = 0; sent <= 16; sent++) socket.write(chunk);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 413 /);
  });

  it("is refused with too many headers, none of which is overlooked", async () => {
    const many = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`x-${index}`, "1"]));
    const got = await ask({ headers: many });
    expect(got.status).toBe(431);
    const flood = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`x-${index}`, "1"]));
    expect((await ask({ headers: flood })).status).toBe(431);
  });

  it("is refused with headers that are too long", async () => {
    const got = await ask({ headers: { "x-long": "x".repeat(20_000) } });
    expect(got.status).toBe(431);
    expect(sentence(got)).toBe("The headers are too long.");
  });

  it("gets 429 for more requests at once than one caller may have, and others do not notice", async () => {
    const sockets = await Promise.all([1, 2, 3, 4].map(() => open(`${head}content-length: 10\r\n\r\n`)));
    await untilUnderWay(4);
    const [refused, others] = await Promise.all([
      ask(),
      ask({ headers: { authorization: `Bearer ${registry.tokens.member}` } }),
    ]);
    expect([refused.status, refused.headers["retry-after"], others.status]).toEqual([429, "1", 200]);
    for (const socket of sockets) socket.destroy();
    await untilUnderWay(0);
    expect((await ask()).status).toBe(200);
  });

  it("gets 503 where as many requests are under way as the server takes, whoever else sent them", async () => {
    const own = await serve(registry, { maxRequests: "3", maxRequestsPerCaller: "2" }, { limits });
    const waiting = (caller: string) =>
      `${head.replace(/Bearer \S+/, `Bearer ${caller}`)}content-length: 10\r\n\r\n`;
    const sockets = await Promise.all(["one", "one", "two"].map((caller) => open(waiting(caller), own)));
    await expect.poll(() => own.underWay).toBe(3);
    const call = () => post({ url: own.url, token: registry.tokens.member, tool: "get_my_user" });
    const { status, headers } = await call();
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => own.underWay).toBe(0);
    expect((await call()).status).toBe(200);
    await own.close();
  });

  it("gets 429 for a batch of more requests than it may have at once", async () => {
    const batch = JSON.stringify(Array.from({ length: 5 }, (_, id) => ({ ...call, id })));
    expect((await ask({ body: batch })).status).toBe(429);
    expect(registry.requests).toEqual([]);
  });
});

describe("a client that is too slow", () => {
  it("is cut off when its headers drip", async () => {
    const socket = await open("POST /mcp HTTP/1.1\r\nhost: localhost\r\n");
    const drip = setInterval(() => socket.write("x-drip: 1\r\n"), 40);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 408 .*took too long/s);
    clearInterval(drip);
  });

  it("is cut off when its body drips, however steadily", async () => {
    const socket = await open(`${head}transfer-encoding: chunked\r\n\r\n`);
    const drip = setInterval(() => socket.write("1\r\n \r\n"), 20);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 408 .*took too long/s);
    clearInterval(drip);
    await untilUnderWay(0);
    expect(registry.requests).toEqual([]);
  });

  it("is cut off when it does not read its answers", async () => {
    const own = await serve(registry, { maxRequestsPerCaller: "1000" }, { limits });
    const socket = await open("", own);
    socket.pause();
    const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
    const asked = 600;
    for (let sent = 0; sent < asked; sent++)
      socket.write(`${head}content-length: ${list.length}\r\n\r\n${list}`);
    await expect.poll(() => own.connections, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => own.connections, { timeout: 20_000 }).toBe(0);
    const answers = (await answerOf(socket)).split("HTTP/1.1 200").length - 1;
    expect(answers).toBeLessThan(asked);
    await own.close();
  });
});

describe("a client that makes the server think", () => {
  const argument = (name: string, value: unknown) =>
    JSON.stringify({ ...call, params: { name, arguments: { repository: value } } });

  it.each([
    ["a tool with a very long name", argument("x".repeat(900_000), "acme/app")],
    ["a name with markers that do not end", argument("list_tags", "<data-111111>".repeat(70_000))],
  ])("is answered soon: %s", async (_name, body) => {
    const begun = performance.now();
    expect((await ask({ body })).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it("is told that its arguments are nested too deep", async () => {
    const body = argument("list_tags", "-").replace('"-"', "[".repeat(100_000) + "]".repeat(100_000));
    expect((await ask({ body })).text).toContain("No argument may lie deeper than 100 levels");
  });
});

describe("long bodies", () => {
  it("share their room, and leave it to short ones", async () => {
    const own = await serve(registry, {}, { limits: { mostBytesOfBodies: 100_000 } });
    const long = `${head}connection: close\r\ncontent-length: 100000\r\n\r\n${" ".repeat(90_000)}`;
    const socket = await open(long, own);
    await expect.poll(() => own.underWay).toBe(1);
    const other = answerOf(await open(long, own));
    await expect.poll(() => own.underWay).toBe(1);
    expect(await other).toMatch(/^HTTP\/1.1 503 .*retry-after: 1.*long requests/s);
    const short = await post({ url: own.url, token: registry.tokens.member, tool: "get_my_user" });
    expect(short.status).toBe(200);
    socket.end(`${" ".repeat(9_000)}{}${" ".repeat(998)}`);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 400 .*JSON-RPC/s);
    await expect.poll(() => own.underWay).toBe(0);
    expect(await answerOf(await open(`${long}${" ".repeat(10_000)}`, own))).toMatch(/not JSON/);
    await own.close();
  });
});

describe("a client that goes in the middle", () => {
  it("is no failure of the program", async () => {
    const ended: number[] = [];
    const failed: unknown[] = [];
    const observer = {
      answered: ({ status }: { readonly status: number }) => void ended.push(status),
      failed: (error: unknown) => void failed.push(error),
    };
    const own = await serve(registry, {}, { observer });
    const socket = await open(`${head}content-length: 10\r\n\r\n{`, own);
    await expect.poll(() => own.underWay).toBe(1);
    socket.destroy();
    await expect.poll(() => own.underWay).toBe(0);
    await own.close();
    expect([ended, failed]).toEqual([[0], []]);
  });

  it("leaves no room taken, also by requests whose turn to be answered had not come", async () => {
    const own = await serve(registry, { maxRequestsPerCaller: "8" }, { limits });
    const body = JSON.stringify(call);
    for (let round = 0; round < 3; round++) {
      const socket = await open(`${head}content-length: ${body.length}\r\n\r\n${body}`.repeat(8), own);
      await expect.poll(() => own.underWay, { interval: 1 }).toBeGreaterThan(0);
      socket.destroy();
      await expect.poll(() => own.underWay).toBe(0);
    }
    expect((await ask()).status).toBe(200);
    await own.close();
  });
});

let opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened) socket.destroy();
  opened = [];
});

/** The beginning of a good request, without the end of its headers. */
let head: string;
beforeAll(() => {
  head = [
    "POST /mcp HTTP/1.1",
    "host: localhost",
    `authorization: Bearer ${registry.tokens.superuser}`,
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    "",
  ].join("\r\n");
});

async function open(start: string, { url } = server): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  opened.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(start);
  return socket;
}

/** Everything that comes until the server ends the connection. */
const answerOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let got = "";
    socket.on("data", (chunk) => (got += chunk)).once("close", () => resolve(got));
    socket.resume();
  });

async function untilUnderWay(count: number): Promise<void> {
  await expect.poll(() => server.underWay).toBe(count);
}
