import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { networkOf, type RefusedConnection } from "../../src/http/connections.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { startServerProcess } from "./process.ts";
import { type Serving, serve } from "./serve.ts";

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const opened: Socket[] = [];
let server: Serving | undefined;
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await server?.close();
  server = undefined;
});

/** A connection from an address of this machine, which says nothing. */
function open(from = "127.0.0.1", url = server!.url): Socket {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), localAddress: from });
  opened.push(socket);
  return socket.on("error", () => {});
}

/** So many, a few at a time: no more than the system lets wait for a server to take them. */
async function openMany(count: number): Promise<void> {
  for (let made = 0; made < count; made += 10)
    await Promise.all(Array.from({ length: 10 }, () => once(open(), "connect")));
}

/** Asks whether the server lives. */
function ask(from?: string): Promise<string> {
  const socket = open(from);
  socket.write("GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  return text(socket).catch(() => "");
}

describe("connections from one address", () => {
  const start = async (flags: Readonly<Record<string, string>>) => {
    const refused: RefusedConnection[] = [];
    const refusedConnection = (connection: RefusedConnection) => void refused.push(connection);
    server = await serve(registry, flags, { observer: { refusedConnection } });
    return refused;
  };

  it("are closed at once where there are too many, and those from others are served", async () => {
    const refused = await start({ maxConnectionsPerAddress: "3" });
    const held = [open(), open(), open()];
    await expect.poll(() => server!.connections).toBe(3);
    expect(await ask()).toBe("");
    expect(await ask("127.0.0.2")).toMatch(/^HTTP\/1.1 404 /);
    expect(refused).toEqual([{ limit: "address", from: "127.0.0.1" }]);
    held[0]!.destroy();
    await expect.poll(() => server!.connections).toBe(2);
    expect(await ask()).toMatch(/^HTTP\/1.1 404 /);
  });

  it("count before their TLS handshake", async () => {
    const pem = (name: string) => readFileSync(new URL(`../data/tls/${name}.pem`, import.meta.url), "utf8");
    const tls = { cert: pem("certificate"), key: pem("key") };
    const refused: RefusedConnection[] = [];
    const observer = { refusedConnection: (connection: RefusedConnection) => void refused.push(connection) };
    server = await serve(registry, { maxConnectionsPerAddress: "2" }, { tls, observer });
    const silent = [open(), open()];
    await Promise.all(silent.map((socket) => once(socket, "connect")));
    await once(open().resume(), "close");
    expect(refused).toEqual([{ limit: "address", from: "127.0.0.1" }]);
    const { hostname: host, port } = new URL(server!.url);
    const other = { host, port: Number(port), localAddress: "127.0.0.2", ca: tls.cert };
    const socket = connectTls(other);
    opened.push(socket);
    await once(socket, "secureConnect");
    expect(socket.authorized).toBe(true);
  });

  it("have no limit of their own where the operator says 0, as for a proxy", async () => {
    const refused = await start({ maxConnectionsPerAddress: "0" });
    await openMany(1100);
    await expect.poll(() => server!.connections).toBe(1100);
    expect(await ask()).toMatch(/^HTTP\/1.1 404 /);
    expect(refused).toEqual([]);
  });

  it("leave three quarters of all to others if nothing is said", async () => {
    const refused = await start({});
    await openMany(1030);
    await expect.poll(() => refused.length).toBe(6);
    expect(await ask("127.0.0.2")).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe("a server whose connections one address holds", () => {
  it("says so once a minute, and counts each that it closed", async () => {
    const flags = ["--url", registry.url, "--max-connections-per-address", "1", "--log-level", "warn"];
    const process = await startServerProcess({ flags: [...flags, "--metrics-port", "0"] });
    const held = open("127.0.0.1", process.url);
    await once(held, "connect");
    for (const _again of [1, 2]) await once(open("127.0.0.1", process.url).resume(), "close");
    await process.said(/--max-connections-per-address.*\n/);
    const metrics = await (await fetch(process.metricsUrl!)).text();
    expect(metrics).toContain('quay_mcp_http_connections_refused_total{limit="address"} 2');
    expect(process.log().filter(({ level }) => level === "warn")).toMatchObject([{ from: "127.0.0.1" }]);
  });
});

describe("who has an address", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("is told of %s by %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
