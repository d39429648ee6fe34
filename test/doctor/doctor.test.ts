/** `quay-mcp doctor`: the built program in a process of its own, against registries good and bad. */
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { layOut } from "../../src/doctor/clients.ts";
import { compareOffered } from "../../src/doctor/offered.ts";
import { probes } from "../../src/doctor/probes.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import discovery from "../data/discovery.json" with { type: "json" };
import { run } from "../support/program.ts";
import { before, type ClientServer, certificateFile, doctor, doctorReport, levelOf, serve } from "./start.ts";

const tools = catalogue.length + tasks.length;

async function start(): Promise<Registry> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  return registry;
}

const settingsOf = ({ url, tokens }: Registry, token = tokens.superuser) => ({
  QUAY_URL: url,
  QUAY_TOKEN: token,
});

const unusedToken = "TOKENtokenTOKENtokenTOKENtokenTOKENtoken";

describe("the probes", () => {
  it("are reads of the catalogue", () => {
    for (const { tool, proves } of Object.values(probes)) {
      expect(catalogue.find(({ name }) => name === tool)).toMatchObject({ access: "read", method: "GET" });
      expect(proves).not.toBe("");
    }
  });
});

describe("quay-mcp doctor with a good registry", () => {
  it("finds everything well, and sends few requests, none of which changes anything", async () => {
    const registry = await start();
    const found = await doctorReport(settingsOf(registry));
    expect(found).toMatchObject({
      ok: true,
      status: 0,
      registry: { reachable: true, isQuay: true, problem: null },
      tls: null,
      token: { state: "valid", owner: "ada" },
      features: { off: [], missing: [] },
    });
    expect(registry.requests.every(({ method }) => method === "GET")).toBe(true);
    expect(registry.requests.length).toBeLessThan(30);
    expect(found.probes).toHaveLength(registry.requests.length);
    expect(new Set(found.probes.map(({ outcome }) => outcome))).toContain("success");
  });

  it("says the same to people, with what is to be pasted for each client", async () => {
    const { status, stdout, stderr } = await doctor(settingsOf(await start()));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/token +ok +the token is valid; it belongs to ada/);
    expect(stdout).toMatch(/\+ super:user/);
    expect(stdout).toMatch(new RegExp(`Guard: \\d+ of ${tools} tools are listed`));
    expect(stdout).toMatch(/offers\s+182\s+of\s+182\s+operations\s+\(7\s+more\s+are\s+never\s+listed\)/);
    expect(stdout).toMatch(/^ {2}189 operations of Quay's, and \d tasks that are made of several$/m);
    for (const file of [".vscode/mcp.json", ".mcp.json", ".cursor/mcp.json", "claude_desktop_config.json"])
      expect(stdout).toContain(file);
    expect(stdout).not.toMatch(/undefined|\[object/);
  });

  it("never shows the token, in whatever form", async () => {
    const registry = await start();
    const token = registry.tokens.superuser;
    const forms = [token, Buffer.from(token).toString("base64"), Buffer.from(token).toString("hex")];
    for (const flags of [[], ["--json"]]) {
      const { stdout, stderr } = await doctor(settingsOf(registry), ...flags);
      for (const form of forms) expect(stdout + stderr).not.toContain(form);
    }
  });

  it("looks at the registry inside the program with --demo", async () => {
    const found = await doctorReport({}, "--demo");
    expect(found).toMatchObject({ status: 0, token: { owner: "ada" } });
    for (const { content } of found.clients) {
      const { args, env } = (content.servers ?? content.mcpServers)!.quay!;
      expect(args).toContain("--demo");
      expect(env).toBeUndefined();
    }
  });

  it("asks whatever the settings let an assistant do, and tells what they let it do", async () => {
    const registry = await start();
    const flags = ["--toolsets", "tag", "--allow", "read,delete_tag=destructive", "--namespaces", "acme"];
    const found = await doctorReport(settingsOf(registry), ...flags);
    expect(found).toMatchObject({ status: 0, token: { owner: "ada" } });
    const { listed } = found.guard;
    expect(found.guard).toMatchObject({ total: tools, byAccess: { destructive: 1 } });
    const { stdout } = await run({ flags: ["tools", "--json", ...flags.slice(0, 4)] });
    const rows = JSON.parse(stdout) as { listed: boolean }[];
    expect(listed).toBe(rows.filter((row) => row.listed).length);
    expect(found.settings.flags).toEqual(expect.arrayContaining(flags));
    expect((await doctor(settingsOf(registry), ...flags)).stdout).toMatch(/--namespaces acme +only these/);
  });

  it("counts the listed tools that need a scope which the token lacks", async () => {
    const registry = await start();
    const token = registry.addToken({ user: "bob", scopes: ["user:read"] });
    const { guard } = await doctorReport(settingsOf(registry, token));
    expect(guard.lackScope).toContain("list_my_robots");
    expect(guard.lackScope).not.toContain("get_my_user");
  });
});

describe("the configuration of clients", () => {
  it("starts the server as the doctor was told, with the token by reference", async () => {
    const registry = await start();
    const settings = {
      ...settingsOf(registry),
      QUAY_MCP_ALLOW: "write",
      QUAY_MCP_EXCLUDE_TOOLS: "list_tags",
    };
    const { clients } = await doctorReport(settings, "--timeout", "20");
    const servers = new Map<string, ClientServer>(
      clients.map(({ client, content }) => [client, (content.servers ?? content.mcpServers)!.quay!]),
    );
    expect([...servers].map(([client, { env }]) => [client, env?.QUAY_TOKEN])).toEqual([
      ["VS Code", `\${input:quay-token}`],
      ["Claude Code", `\${QUAY_TOKEN}`],
      ["Cursor", `\${env:QUAY_TOKEN}`],
      ["Claude Desktop", undefined],
    ]);
    expect(clients[0]!.content.inputs).toMatchObject([{ id: "quay-token", password: true }]);
    expect(servers.get("Claude Desktop")!.args).toContain("--token-file");
    const { args, env } = servers.get("Claude Code")!;
    expect(args.slice(0, 3)).toEqual(["--no", "--", "quay-mcp"]);
    const started = await run({
      settings: { ...env, QUAY_TOKEN: settings.QUAY_TOKEN },
      flags: ["call", "get_my_user", ...args.slice(3)],
    });
    expect(started).toMatchObject({ status: 0, stderr: "" });
    expect(args.join(" ")).toContain("--allow write");
    expect(args.join(" ")).toContain("--exclude-tools list_tags");
  });

  it("is laid out as JSON that means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const same = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(layOut(value))).toEqual(same);
      }),
    );
  });
});

describe("quay-mcp doctor with a token that is not good", () => {
  it.each(["never issued", "expired"])(
    "says that one %s is silently anonymous, with status 1",
    async (kind) => {
      const registry = await start();
      const expired = registry.addToken({ user: "ada", scopes: ["user:admin"], expired: true });
      const token = kind === "expired" ? expired : unusedToken;
      const found = await doctorReport(settingsOf(registry, token));
      expect(found).toMatchObject({ ok: false, status: 1, token: { state: "invalid", owner: null } });
      expect(found.scopes.every(({ verdict }) => verdict === "unknown")).toBe(true);
      expect(levelOf(found, "token")).toBe("problem");
      expect((await doctor(settingsOf(registry, token))).stdout).not.toContain(token);
    },
  );

  it("knows a good token that may not tell whose it is", async () => {
    const registry = await start();
    const token = registry.addToken({ user: "bob", scopes: ["repo:read"] });
    const found = await doctorReport(settingsOf(registry, token));
    expect(found).toMatchObject({ status: 0, token: { state: "valid", owner: null } });
  });
});

describe("quay-mcp doctor about TLS", () => {
  it("shows an untrusted certificate, its issuer and its end, and sends no token", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => response.end(asked.push(request.url!)), { tls: true });
    const found = await doctorReport({ QUAY_URL: url, QUAY_TOKEN: unusedToken });
    expect(found).toMatchObject({
      status: 1,
      tls: { trusted: false, reason: "DEPTH_ZERO_SELF_SIGNED_CERT", issuer: "localhost" },
      registry: { reachable: false },
    });
    expect(levelOf(found, "tls")).toBe("problem");
    expect(found.findings.find(({ check }) => check === "tls")!.message).toMatch(/--ca-file/);
    expect(found.findings.find(({ check }) => check === "tls")!.message).toMatch(/until 2126-10-28/);
    expect(asked).toEqual([]);
  });

  it("trusts a private authority with --ca-file", async () => {
    const registry = await start();
    const url = await serve(before(registry.url), { tls: true });
    const settings = { ...settingsOf(registry), QUAY_URL: url };
    const found = await doctorReport(settings, "--ca-file", certificateFile);
    expect(found).toMatchObject({ status: 0, tls: { trusted: true, reason: null }, token: { owner: "ada" } });
    expect(levelOf(found, "tls")).toBe("ok");
    expect(found.settings.flags).toEqual(expect.arrayContaining(["--ca-file", certificateFile]));
  });

  it("warns that a token crosses the network in clear, but not on this machine", async () => {
    expect(levelOf(await doctorReport(settingsOf(await start())), "tls")).toBe("note");
    const found = await doctorReport({ QUAY_URL: "http://quay.invalid", QUAY_TOKEN: unusedToken });
    expect(levelOf(found, "tls")).toBe("warning");
  });
});

describe("quay-mcp doctor where no Quay answers", () => {
  it("says that nothing listens, with status 1 and no settings to paste", async () => {
    const settings = { QUAY_URL: "http://127.0.0.1:1", QUAY_TOKEN: unusedToken };
    const found = await doctorReport(settings);
    expect(found).toMatchObject({ status: 1, registry: { reachable: false }, token: { state: "unknown" } });
    const { stdout } = await doctor(settings);
    expect(stdout).toMatch(/PROBLEM +Nothing listens/);
    expect(stdout).not.toMatch(/mcp\.json/);
  });

  it.each([
    ["a web page", "text/html", "<!doctype html><title>Welcome</title>"],
    ["other JSON", "application/json", '{"paths": {"/pets": {"get": {}}}}'],
    ["JSON that is no object", "application/json", "[1]"],
    ["nothing", "application/json", ""],
  ])("tells a Quay from a server that answers %s, and asks no further", async (_, type, text) => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url!);
      response.writeHead(200, { "content-type": type });
      response.end(text);
    });
    const found = await doctorReport({ QUAY_URL: url, QUAY_TOKEN: unusedToken });
    expect(found).toMatchObject({ status: 1, registry: { reachable: true, isQuay: false } });
    expect(asked).toEqual(["/api/v1/discovery"]);
  });

  it("gives up on a registry that does not answer in time", async () => {
    const registry = await start();
    registry.faults.change({ latency: 0, faults: { hang: 1 } });
    const found = await doctorReport(settingsOf(registry), "--timeout", "1");
    expect(found).toMatchObject({ status: 1, registry: { reachable: false } });
    expect(found.findings[0]!.message).toMatch(/in time|1 second/);
  });

  it("says what could not be found out where only some answers come", async () => {
    const registry = await start();
    const url = await serve((request, response) => {
      if (request.url!.startsWith("/api/v1/user")) response.writeHead(500).end();
      else before(registry.url)(request, response);
    });
    const found = await doctorReport({ ...settingsOf(registry), QUAY_URL: url });
    expect(found).toMatchObject({ status: 1, token: { state: "unknown" } });
    expect(found.scopes.every(({ verdict }) => verdict === "unknown")).toBe(true);
  });
});

describe("quay-mcp doctor about features", () => {
  const without = (pattern: RegExp) => ({
    paths: Object.fromEntries(Object.entries(discovery.paths).filter(([path]) => !pattern.test(path))),
  });

  it("finds none off in the discovery of a Quay that has everything on", () => {
    expect(compareOffered(discovery, catalogue)).toMatchObject({ off: [], missing: [], listed: 182 });
  });

  it.each([
    [/syncing/, [["TEAM_SYNCING"]]],
    [/autoprunepolicy/, [["AUTO_PRUNE"]]],
    [/quota/, [["QUOTA_MANAGEMENT", "EDIT_QUOTA"]]],
    [/security|syncing/, [["SECURITY_SCANNER"], ["TEAM_SYNCING"]]],
  ])("finds what is off where discovery lacks %s", (pattern, off) => {
    expect(compareOffered(without(pattern), catalogue).off).toEqual(off);
  });

  it("tells an operation that a version lacks from a feature that is off", () => {
    const found = compareOffered(without(/\/prototypes/), catalogue);
    expect(found.off).toEqual([]);
    expect(found.missing).toContain("list_organization_prototypes");
  });

  it("names the flag and counts the tools that will not work", async () => {
    const registry = await start();
    const change = (path: string, text: string) =>
      path.endsWith("/discovery") ? text.replaceAll("/autoprunepolicy", "/gone") : text;
    const url = await serve(before(registry.url, change));
    const found = await doctorReport({ ...settingsOf(registry), QUAY_URL: url });
    expect(found).toMatchObject({ status: 0, features: { off: [["AUTO_PRUNE"]] } });
    expect(found.guard.notOffered).toContain("list_repository_autoprune_policies");
  });
});

describe("quay-mcp doctor started wrongly", () => {
  it.each([
    ["without a registry", {}, [], /registry is not named/],
    ["without a token", { QUAY_URL: "http://127.0.0.1:1" }, [], /There is no token/],
    ["with a level that is none", settings(), ["--allow", "raed"], /"read"/],
    ["with a toolset that is none", settings(), ["--toolsets", "tags"], /"tag"/],
    ["with a CA file that is none", settings(), ["--ca-file", "/nonexistent"], /CA file/],
  ])("says so %s, with status 2", async (_, environment, flags, sentence) => {
    const { status, stdout, stderr } = await doctor(environment, ...flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
  });

  function settings() {
    return { QUAY_URL: "http://127.0.0.1:1", QUAY_TOKEN: unusedToken };
  }
});

describe("what others named", () => {
  it("moves no cursor and turns no text around", async () => {
    const registry = await start();
    const change = (path: string, text: string) =>
      path.endsWith("/user/") ? text.replaceAll('"ada"', '"ada\\u001b[2J\\u202e"') : text;
    const url = await serve(before(registry.url, change));
    const { stdout } = await doctor({ ...settingsOf(registry), QUAY_URL: url });
    expect(stdout).toMatch(/it belongs to ada\ufffd/);
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });
});
