import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudit } from "../../../src/audit/audit.ts";
import { type Registry, startRegistry } from "../../../src/registry/server.ts";
import { revisions } from "../../support/revisions.ts";
import { post } from "../post.ts";
import { type Serving, serve } from "../serve.ts";
import { startProvider, type TestProvider } from "./provider.ts";

const key = "5d41402abc4b2a76b9719d911017c592-ci";
const audience = "urn:quay-mcp";

let directory: string;
let registry: Registry;
let provider: TestProvider;
const servers: Record<string, Serving> = {};
const auditLog = () => join(directory, "audit.log");

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "quay-mcp-callers-"));
  registry = await startRegistry();
  provider = await startProvider({ ann: { email: "ann@example.com", groups: ["readers"] }, bob: {} });
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const audit = openAudit(auditLog());
  const { superuser: token } = registry.tokens;
  servers.passthrough = await serve(registry, {}, { audit });
  const keysFile = file("keys.yaml", `[{ name: ci, key: ${key}, toolsets: tag }]`);
  servers.key = await serve(registry, { auth: "key", token, keysFile, surface: "all" }, { audit });
  servers.oidc = await serve(
    registry,
    {
      ...{ auth: "oidc", token, oidcIssuer: provider.issuer, oidcAudience: audience },
      oidcGroupsFile: file("groups.yaml", "readers: { allow: read, namespaces: acme }"),
      publicUrl: "http://127.0.0.1/mcp",
      oidcScopes: "openid,groups",
    },
    { audit },
  );
});
afterAll(async () => {
  for (const server of Object.values(servers)) await server.close();
  await provider.close();
  await registry.close();
  rmSync(directory, { recursive: true });
});

const call = (way: string, token: string, tool = "list_tags", given: Record<string, unknown> = {}) =>
  post({ url: servers[way]!.url, token, tool, given: { repository: "acme/app", ...given } });

/** What the last line of the audit log says of a call. */
const lastLine = () => JSON.parse(readFileSync(auditLog(), "utf8").trim().split("\n").at(-1)!);

describe("over HTTP", () => {
  it.each([["passthrough"], ["key"], ["oidc"]])("nobody calls Quay unknown with --auth %s", async (way) => {
    registry.requests.length = 0;
    const answer = await fetch(`${servers[way]!.url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: "{}",
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="quay-mcp"/);
    expect(registry.requests).toEqual([]);
  });

  it("a token that Quay does not know is a tool's error, not one of this server", async () => {
    const { url } = servers.passthrough!;
    const { status, text } = await post({ url, token: "no-token-of-quay", tool: "get_my_user" });
    expect(status).toBe(200);
    expect(text).toContain('"isError":true');
  });

  it("the audit log names a caller's token by its hash alone", async () => {
    await call("passthrough", registry.tokens.superuser);
    expect(lastLine().caller).toMatch(/^token [0-9a-f]{8}$/);
    expect(readFileSync(auditLog(), "utf8")).not.toContain(registry.tokens.superuser);
  });

  it("the audit log hides a caller's token where it is an argument, or the name of a tool", async () => {
    const { superuser: token } = registry.tokens;
    await call("passthrough", token, "list_tags", { repository: `acme/${token}` });
    expect(lastLine()).toMatchObject({ tool: "list_tags", target: "acme/[credential]" });
    await call("passthrough", token, token);
    expect(lastLine()).toMatchObject({ tool: "[credential]", reason: "no such tool" });
    expect(readFileSync(auditLog(), "utf8").toUpperCase()).not.toContain(token);
  });

  it("the audit log names a caller as they are called now, not as they were when they first came", async () => {
    const { superuser: token } = registry.tokens;
    let name = "ann@example.com (a1)";
    const authenticate = async () => ({ name, id: "a1", token, restrictions: [] });
    const server = await serve(registry, {}, { audit: openAudit(auditLog()), authenticate });
    const given = { repository: "acme/app" };
    await post({ url: server.url, token: "x", tool: "list_tags", given });
    name = "ann@new.example (a1)";
    await post({ url: server.url, token: "x", tool: "list_tags", given });
    expect(lastLine().caller).toBe("ann@new.example (a1)");
    await server.close();
  });

  it("a caller with a key uses the server's token, within the key's limits", async () => {
    const { text } = await call("key", key);
    expect(text).not.toContain('"isError":true');
    expect(lastLine()).toMatchObject({ caller: "key ci", tool: "list_tags", decision: "sent" });
    const refused = await call("key", key, "get_repository");
    expect(refused.text).toContain("the key ci allows only tag");
    const session = await revisions.at(-1)!.connectTo(servers.key!.as(key));
    const shown = (await session.listTools()).map(({ name }) => name);
    await session.close();
    expect(shown).toContain("list_tags");
    expect(shown).not.toContain("get_repository");
  });

  describe.each(["key", "oidc"])("the credential that a caller shows with --auth %s", (way) => {
    const shown = () => (way === "key" ? key : provider.token("ann", audience));

    it.each<[string, (credential: string) => readonly [string, Record<string, unknown>]]>([
      ["as an argument", (credential) => ["list_tags", { repository: `acme/${credential}` }]],
      ["as a tool", (credential) => [credential, {}]],
      ["as the name of an argument", (credential) => ["list_tags", { [credential]: 1 }]],
      ["in a text", (credential) => ["update_repository", { description: `Use ${credential}!` }]],
      ["in other letters", (credential) => ["list_tags", { tag: credential.toUpperCase() }]],
      [
        "in base64, deep inside",
        (credential) => ["list_tags", { a: [{ b: Buffer.from(`x:${credential}`).toString("base64") }] }],
      ],
    ])("is not read any further %s, and stands nowhere", async (_where, sent) => {
      const credential = await shown();
      const [tool, given] = sent(credential);
      const before = readFileSync(auditLog(), "utf8");
      registry.requests.length = 0;
      const { status, text } = await post({ url: servers[way]!.url, token: credential, tool, given });
      expect([status, text.includes(credential)]).toEqual([400, false]);
      expect(text).toContain("repeats the credential of its header Authorization");
      expect(readFileSync(auditLog(), "utf8")).toBe(before);
      expect(registry.requests).toEqual([]);
    });

    it("is no trouble where a request has other long texts", async () => {
      const { text } = await call(way, await shown(), "list_tags", { repository: `acme/${"x".repeat(900)}` });
      expect(text).toContain('"isError":true');
    });
  });

  it("the server's token is no key", async () => {
    expect((await call("key", registry.tokens.superuser)).status).toBe(401);
    expect((await call("oidc", registry.tokens.superuser)).status).toBe(401);
  });

  it("a caller who signed in is named in the audit log, and has the rights of their group", async () => {
    const token = await provider.token("ann", audience);
    expect((await call("oidc", token)).text).not.toContain('"isError":true');
    expect(lastLine()).toMatchObject({ caller: "ann@example.com (ann)", tool: "list_tags" });
    const outside = await call("oidc", token, "list_tags", { repository: "research/notebooks" });
    expect(outside.text).toContain("the group readers allows only the namespaces acme");
  });

  it("a caller in no group is turned away with 403", async () => {
    const { status, text, headers } = await call("oidc", await provider.token("bob", audience));
    expect(status).toBe(403);
    expect(text).toContain("bob is in none of the groups");
    expect(headers.get("www-authenticate")).toBe('Bearer realm="quay-mcp"');
  });

  it("nobody is recognised while the identity provider is away, which is said with 503", async () => {
    const [token, settings] = [await provider.token("ann", audience), join(directory, "groups.yaml")];
    const flags = { auth: "oidc", oidcIssuer: provider.issuer, oidcAudience: audience };
    const fresh = await serve(registry, {
      ...flags,
      token: registry.tokens.superuser,
      oidcGroupsFile: settings,
      publicUrl: "http://127.0.0.1/mcp",
    });
    provider.away = true;
    const answer = await post({ url: fresh.url, token, tool: "list_tags" });
    provider.away = false;
    await fresh.close();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(answer.text).toContain("Nobody can be recognised until it is back");
  });

  it("an MCP client finds out where to sign in", async () => {
    const { url } = servers.oidc!;
    const answer = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: "{}",
    });
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(answer);
    expect(scope).toBe("openid groups");
    expect(resourceMetadataUrl?.pathname).toBe("/.well-known/oauth-protected-resource/mcp");
    expect(await discoverOAuthProtectedResourceMetadata(`${url}/mcp`)).toMatchObject({
      resource: "http://127.0.0.1/mcp",
      authorization_servers: [provider.issuer],
    });
  });
});
