import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { type Serving, serve } from "./serve.ts";

let registry: Registry;
let server: Serving;

beforeAll(async () => {
  registry = await startRegistry();
  server = await serve(registry);
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  await server.close();
  await registry.close();
});

const body = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "get_my_user", arguments: {} },
});

/** Sends a call with these headers as they are written, and answers all that comes. */
async function send(...headers: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const lines = [
    "POST /mcp HTTP/1.1",
    "content-type: application/json",
    "accept: application/json, text/event-stream",
    "connection: close",
    `content-length: ${body.length}`,
    ...headers,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  return text(socket);
}

const host = "host: localhost";
const shows = (token: string) => `authorization: Bearer ${token}`;

describe("a header of which only one can count", () => {
  it("is taken once", async () => {
    expect(await send(host, shows(registry.tokens.member))).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    ["two credentials", () => [host, shows(registry.tokens.member), shows(registry.tokens.superuser)]],
    ["the same credential twice", () => [host, shows(registry.tokens.member), shows(registry.tokens.member)]],
    [
      "two credentials in other letters",
      () => [host, shows("x"), shows(registry.tokens.member).replace("a", "A")],
    ],
    ["two hosts", () => [host, "Host: evil.example", shows(registry.tokens.member)]],
  ])("is refused with 400 where it comes more than once: %s", async (_name, headers) => {
    const said = await send(...headers());
    expect(said).toMatch(/^HTTP\/1.1 400 /);
    expect(said).toMatch(/The header (Authorization|Host) came more than once: send one/);
    expect(registry.requests).toEqual([]);
  });
});
