import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { recordings } from "../support/facts.ts";
import { type Playback, startPlayback } from "../support/playback.ts";

const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quay-mcp-program-"));

let registry: Registry;
let directory: string;
let auditLog: string;

beforeAll(async () => {
  registry = await startRegistry({});
});
beforeEach(() => {
  directory = mkdtempSync(join(folder, "secrets-"));
  auditLog = join(directory, "..", `${Math.random()}.log`);
  registry.requests.length = 0;
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly status: unknown;
  readonly output: string;
  readonly errors: string;
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const env = {
    PATH: process.env.PATH,
    QUAY_URL: registry.url,
    QUAY_TOKEN: registry.tokens.superuser,
    QUAY_MCP_ALLOW: "destructive",
    QUAY_MCP_CONFIRM: "never",
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, output, errors) =>
      resolve({ status: error?.code ?? 0, output, errors }),
    );
  });
}

const call = (tool: string, given: object, ...flags: string[]) =>
  run(["call", tool, JSON.stringify(given), "--audit-log", auditLog, ...flags]);

const writes = () => registry.requests.filter(({ method }) => method !== "GET");
const lines = () =>
  readFileSync(auditLog, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The one file in the directory, and what it holds. */
function kept(): { file: string; credential: string } {
  const [name, ...more] = readdirSync(directory);
  expect(more).toEqual([]);
  const file = join(directory, name!);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  return { file, credential: readFileSync(file, "utf8").trim() };
}

describe("a credential that Quay shows once", () => {
  it("is not made where there is no place for it", async () => {
    const { status, errors } = await call("create_app_token", { title: "laptop" });
    expect(status).toBe(1);
    expect(errors).toMatch(/--secrets-dir.*--reveal-secrets/);
    expect(registry.requests).toEqual([]);
    expect(lines()).toMatchObject([
      { event: "start" },
      { event: "record", decision: "refused" },
      { event: "end" },
    ]);
  });

  it.each([
    ["create_app_token", { title: "laptop" }],
    ["create_organization_robot", { orgname: "acme", robot_shortname: "kept" }],
    ["regenerate_organization_robot_token", { orgname: "acme", robot_shortname: "kept" }],
    ["create_organization_application", { orgname: "acme", name: "Kept" }],
    ["superuser_create_user", { username: "kept", email: "kept@acme.example" }],
    ["superuser_create_service_key", { service: "clair", expiration: "never" }],
  ])("goes to a file that the answer of %s names, and nowhere else", async (tool, given) => {
    const { status, output, errors } = await call(tool, given, "--secrets-dir", directory);
    expect({ status, errors }).toMatchObject({ status: 0 });
    const { file, credential } = kept();
    expect(credential.length).toBeGreaterThan(8);
    expect(output).toContain(file);
    for (const text of [output, errors, readFileSync(auditLog, "utf8")])
      expect(text).not.toContain(credential);
    expect(lines().map(({ event, decision }) => decision ?? event)).toEqual(["start", "sent", "sent", "end"]);
  });

  it.each([
    ["create_organization_robot", { orgname: "acme", robot_shortname: "hidden" }],
    ["create_my_robot", { robot_shortname: "hidden" }],
    ["create_organization_application", { orgname: "acme", name: "Hidden" }],
  ])(
    "is hidden in the answer of %s where there is no place for it, which says how to have it",
    async (tool, given) => {
      const { output } = await call(tool, given);
      expect(output).toContain('"[redacted]"');
      expect(JSON.parse(output).note).toMatch(/^The credential in the answer is hidden: .*--secrets-dir/);
      expect(
        (await call("update_repository", { repository: "acme/app", description: "" })).output,
      ).not.toContain('"note"');
    },
  );

  it("can be read again into a file", async () => {
    await call("create_app_token", { title: "again" }, "--secrets-dir", directory);
    const { file, credential } = kept();
    rmSync(file);
    const { output } = await call("list_app_tokens", {});
    const { uuid } = JSON.parse(output).tokens.find(({ title }: { title: string }) => title === "again");
    const again = await call("get_app_token", { token_uuid: uuid }, "--secrets-dir", directory);
    expect(kept().credential).toBe(credential);
    expect(again.output).not.toContain(credential);
  });

  it("is shown with --reveal-secrets, which is said at the start", async () => {
    const { output, errors } = await call("create_app_token", { title: "shown" }, "--reveal-secrets");
    expect(errors).toMatch(/^quay-mcp: --reveal-secrets is on: /);
    const [, credential = "none"] = /"token_code":"(\w{20,})"/.exec(output) ?? [];
    expect(credential).not.toBe("none");
    expect(readFileSync(auditLog, "utf8")).not.toContain(credential);
  });

  it("is not asked for where its file cannot be made", async () => {
    rmSync(directory, { recursive: true });
    const { status, errors } = await call("create_app_token", { title: "x" }, "--secrets-dir", directory);
    expect(status).toBe(2);
    expect(errors).toMatch(/^quay-mcp: The secrets directory \S+ cannot be used \(ENOENT\)\.\n$/);
    expect(registry.requests).toEqual([]);
  });
});

describe("a credential that goes in as secret:NAME", () => {
  const secret = 'hunter2 "quoted" pässword';
  const given = {
    orgname: "acme",
    upstream_registry: "quay.io/acme",
    upstream_registry_username: "robot",
    upstream_registry_password: "secret:upstream",
  };
  let playback: Playback;
  beforeAll(async () => {
    playback = await startPlayback();
  });
  afterAll(() => playback.close());

  const create = (...flags: string[]) =>
    run(["call", "create_proxy_cache", JSON.stringify(given), "--audit-log", auditLog, ...flags], {
      QUAY_URL: playback.url,
      QUAY_MCP_SECRET_UPSTREAM: secret,
    });

  it("reaches Quay, and neither the answer nor the audit log, should Quay send it back", async () => {
    const { status, headers } = { status: 400, headers: { "Content-Type": "application/json" } };
    const body = { detail: `'${secret}' is no password of ${encodeURIComponent(secret)}` };
    playback.play({ ...recordings[0]!, status, headers, body, bodyIsJson: true });
    const { output, errors } = await create();
    const sent = playback.requests.filter(({ method }) => method === "POST");
    expect(sent.map((request) => request.body)).toEqual([
      { ...given, org_name: "acme", orgname: undefined, upstream_registry_password: secret },
    ]);
    expect(errors).toContain("is no password");
    for (const text of [output, errors, readFileSync(auditLog, "utf8")])
      expect(text).not.toContain("hunter2");
  });

  it("is not shown by a dry run", async () => {
    playback.play({ ...recordings[0]!, status: 404, body: {}, bodyIsJson: true });
    const { output, errors } = await create("--dry-run");
    expect(playback.requests.filter(({ method }) => method === "POST")).toEqual([]);
    expect(output).toContain('"upstream_registry_password":"[redacted]"');
    expect(output + errors).not.toContain("hunter2");
  });

  it("is refused, and nothing is sent, where there is none", async () => {
    playback.play(recordings[0]!);
    const { status, errors } = await run(["call", "create_proxy_cache", JSON.stringify(given)], {
      QUAY_URL: playback.url,
    });
    expect(status).toBe(1);
    expect(errors).toContain("there is no secret:upstream");
    expect(playback.requests).toEqual([]);
  });
});

describe("the audit log of a program", () => {
  it("ends with the hash that the program says at its end", async () => {
    const { errors } = await call("get_my_user", {});
    const [, last = ""] = /^quay-mcp: The audit log \S+ ends with ([\da-f]{64})\.\n$/.exec(errors)!;
    await call("get_my_user", {});
    const { chains, problems } = await verifyAudit(auditLog, [last]);
    expect(problems).toEqual([]);
    expect(chains.map(({ ended }) => ended)).toEqual([true, true]);
  });

  it("announces a write with its target before it is sent, and records its outcome", async () => {
    await call("delete_organization_robot", { orgname: "acme", robot_shortname: "deploy" });
    const [start, announced, recorded] = lines();
    expect(start).toMatchObject({ event: "start", registry: new URL(registry.url).host });
    const about = { tool: "delete_organization_robot", operationId: "deleteOrgRobot", target: "acme+deploy" };
    expect(announced).toMatchObject({ event: "announce", ...about, confirmed: expect.any(String) });
    expect(recorded).toMatchObject({
      event: "record",
      ...about,
      call: announced.call,
      decision: "sent",
      status: expect.any(Number),
      durationMs: expect.any(Number),
    });
  });

  it("that cannot be opened ends the program with one sentence", async () => {
    const { status, errors } = await run(["call", "get_my_user", "--audit-log", "/dev/full"]);
    expect({ status, errors }).toEqual({
      status: 2,
      errors: "quay-mcp: The audit log /dev/full cannot be written (ENOSPC).\n",
    });
    const embedded = { QUAY_URL: "", QUAY_TOKEN: "", QUAY_MCP_DEMO: "1", QUAY_MCP_AUDIT_LOG: folder };
    expect(await run([], embedded)).toMatchObject({ status: 2 });
  });

  it("that cannot be written when a write is due lets none through", async () => {
    const command = `ulimit -f 1; exec "${process.execPath}" "${program}" call delete_organization_robot '{"orgname":"acme","robot_shortname":"ci"}' --audit-log "${auditLog}"`;
    // The first line of the process still fits, the announcement does not.
    writeFileSync(auditLog, "\n".repeat(1024 - 450));
    const ran = await new Promise<Ran>((resolve) => {
      const env = { PATH: process.env.PATH, QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser };
      const settings = { QUAY_MCP_ALLOW: "destructive", QUAY_MCP_CONFIRM: "never" };
      execFile("bash", ["-c", command], { env: { ...env, ...settings } }, (error, output, errors) =>
        resolve({ status: error?.code ?? 0, output, errors }),
      );
    });
    expect(ran.status).not.toBe(0);
    expect(ran.errors).toMatch(
      /cannot be written \((EFBIG|ENOSPC)\), and without it this server sends no writes\./,
    );
    expect(registry.requests.length).toBeGreaterThan(0);
    expect(writes()).toEqual([]);
  });
});
