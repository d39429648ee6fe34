import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { json, startServer, token } from "../quay/server.ts";
import { answers, freePort } from "../replicas/ports.ts";
import { run, spawnProgram } from "../support/program.ts";
import { post } from "./post.ts";
import { startServerProcess } from "./process.ts";

const tags = { tags: [], page: 1, has_additional: false };
const openQuay = () => startServer((_, response) => json(response, 200, tags));

describe("the log of an HTTP server", () => {
  it("has one line of JSON for each request: whose, which, what became of it, and how long it took", async () => {
    const quay = await openQuay();
    const server = await startServerProcess({ flags: ["--url", quay.url] });
    const given = { repository: "private-namespace/private-repository" };
    const headers = { "x-request-id": "mine-1" };
    await post({ url: server.url, token, tool: "list_tags", given, headers });
    await post({ url: server.url, token, tool: "delete_repository", given });
    await post({ url: server.url, token, tool: "private_tool", given });
    await fetch(`${server.url}/mcp`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    await server.said(/mediaType.*\n/);
    const lines = server.log().filter((line) => "http" in line);
    expect(lines).toMatchObject([
      {
        level: "info",
        request: "mine-1",
        method: "tools/call",
        tool: "list_tags",
        outcome: "answered",
        status: 200,
      },
      { level: "info", method: "tools/call", tool: "delete_repository", outcome: "refused", status: 200 },
      { level: "info", method: "tools/call", outcome: "invalid" },
      { level: "info", http: "POST /mcp", refused: "mediaType", status: 415 },
    ]);
    for (const line of lines) {
      expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(line.milliseconds).toEqual(expect.any(Number));
      expect(line.request).toMatch(/^(mine-1|[\da-f-]{36})$/);
    }
    expect(lines[0]?.caller).toEqual(lines[1]?.caller);
    expect(quay.requests[0]?.headers["x-request-id"]).toBe("mine-1");
    expect(server.stderr()).not.toMatch(/private/);
    expect(server.stderr()).not.toContain(token.slice(0, 8));
  });

  it("is JSON from the first line to the last where no terminal reads it", async () => {
    const quay = await openQuay();
    const server = await startServerProcess({ flags: ["--url", quay.url, "--metrics-port", "0"] });
    server.terminate();
    expect(await server.ended).toBe(0);
    const lines = server.stderr().trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => !line.startsWith("{"))).toEqual([]);
  });

  it.each(["warn", "error"])(
    "says at its start, also at the level %s, what its starter must know",
    async (level) => {
      const quay = await openQuay();
      const server = await startServerProcess({ flags: ["--url", quay.url, "--log-level", level] });
      await post({ url: server.url, token, tool: "list_tags", given: { repository: "acme/app" } });
      server.terminate();
      await server.ended;
      expect(server.log()).toMatchObject([
        {
          level: "info",
          message: expect.stringMatching(/^MCP is served at http:\/\/127\.0\.0\.1:\d+\/mcp /),
        },
        { level: "info", message: expect.stringContaining("random key") },
        { message: "Told to stop (SIGTERM): requests under way have 20 seconds to end." },
        { message: "The server has ended." },
      ]);
    },
  );

  it("says at once that nobody can be recognised while the identity provider is away, and serves all the same", async () => {
    const quay = await openQuay();
    const directory = await mkdtemp(join(tmpdir(), "http-oidc-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "groups.yaml"), "devs: { allow: read }\n");
    const issuer = `http://127.0.0.1:${await freePort()}`;
    const server = await startServerProcess({
      settings: { QUAY_URL: quay.url, QUAY_TOKEN: token },
      flags: [
        ...["--auth", "oidc", "--oidc-issuer", issuer, "--oidc-audience", "https://quay-mcp.example.com/mcp"],
        ...["--oidc-groups-file", join(directory, "groups.yaml")],
      ],
    });
    await server.said(/The identity provider \S+ cannot be reached \(ECONNREFUSED\)\. .* 503\./);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    server.terminate();
    expect(await server.ended).toBe(0);
  });

  it("has nothing at the level silent", async () => {
    const port = await freePort();
    const child = spawnProgram({ flags: ["http", "--port", `${port}`, "--demo", "--log-level", "silent"] });
    let said = "";
    child.stderr.on("data", (text) => (said += text));
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "close");
    await vi.waitFor(() => answers(port), { timeout: 10_000 });
    child.kill("SIGTERM");
    expect([(await ended)[0], said]).toEqual([0, ""]);
  });

  it("has probes at the level debug alone", async () => {
    const quay = await openQuay();
    const server = await startServerProcess({ flags: ["--url", quay.url, "--log-level", "debug"] });
    await fetch(`${server.url}/healthz`);
    await server.said(/healthz.*\n/);
    expect(server.log().filter(({ http }) => http === "GET /healthz")).toMatchObject([{ level: "debug" }]);
  });
});

describe("a configuration file", () => {
  async function fileWith(yaml: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "http-config-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, "quay-mcp.yaml");
    await writeFile(file, yaml);
    return file;
  }

  it("starts a server, and flags win over it", async () => {
    const quay = await openQuay();
    const file = await fileWith(`url: ${quay.url}\nport: 1\ntoolsets: [tag]\nmetrics-port: 0\n`);
    const server = await startServerProcess({ flags: ["--config", file, "--metrics-port", "0"] });
    const { text } = await post({
      ...{ url: server.url, token, tool: "list_repositories" },
    });
    expect(server.metricsUrl).toBeDefined();
    expect(text).toContain("toolset");
    expect(quay.requests).toEqual([]);
  });

  it("that is wrong keeps it from starting, and everything that is wrong is said", async () => {
    const file = await fileWith("prot: 1\ntoken: s3cr3t\nallow: []\n");
    const { status, stdout, stderr } = await run({
      flags: ["http", "--config", file, "--drain", "long"],
      settings: { QUAY_MCP_PORT: "many" },
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    for (const part of [
      "prot in quay",
      "token in quay",
      "allow in quay",
      "--drain must",
      "QUAY_MCP_PORT must",
    ])
      expect(stderr).toContain(part);
    expect(stderr).not.toContain("s3cr3t");
  });
});

describe("a server that is told to stop", () => {
  /** A server with a call under way that the registry answers when it is let. */
  async function withCallUnderWay(flags: readonly string[]) {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const quay = await startServer((_, response) => {
      arrive();
      void held.then(() => json(response, 200, tags));
    });
    const server = await startServerProcess({ flags: ["--url", quay.url, "--metrics-port", "0", ...flags] });
    const call = post({ url: server.url, token, tool: "list_tags", given: { repository: "acme/app" } });
    await arrived;
    server.terminate();
    const readiness = async () => (await fetch(new URL("/readyz", server.metricsUrl))).status;
    await expect.poll(readiness).toBe(503);
    return { server, call, letGo };
  }

  it("is not ready at once, takes no new connections, answers what is under way, and ends with 0", async () => {
    const { server, call, letGo } = await withCallUnderWay([]);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    const alive = await fetch(new URL("/healthz", server.metricsUrl));
    expect(alive.status).toBe(200);
    letGo();
    const { status, text } = await call;
    expect({ status, isError: text.includes('"isError":true') }).toEqual({ status: 200, isError: false });
    expect(await server.ended).toBe(0);
    expect(server.log().find(({ tool }) => tool === "list_tags")).toMatchObject({
      outcome: "answered",
      status: 200,
    });
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends at once when it is told again, by %s", async (signal) => {
    const { server, call } = await withCallUnderWay(["--drain", "3600"]);
    const failed = expect(call).rejects.toThrow();
    server.terminate(signal);
    expect(await server.ended).toBeNull();
    await failed;
  });

  it("ends with 0 after --drain, whatever is under way", async () => {
    const { server, call } = await withCallUnderWay(["--drain", "1"]);
    await expect(call).rejects.toThrow();
    expect(await server.ended).toBe(0);
    expect(server.log().find(({ tool }) => tool === "list_tags")?.status).not.toBe(200);
  });
});
