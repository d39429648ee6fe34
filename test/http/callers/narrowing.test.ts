import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Restriction } from "../../../src/guard/restriction.ts";
import { type Registry, startRegistry } from "../../../src/registry/server.ts";
import { catalogue } from "../../../tools/index.ts";
import { revisions } from "../../support/revisions.ts";
import { post } from "../post.ts";
import { type Serving, serve } from "../serve.ts";

const { connectTo } = revisions.at(-1)!;

let registry: Registry;
const servers: Serving[] = [];
const start = async (...given: Parameters<typeof serve> extends [unknown, ...infer Rest] ? Rest : never) => {
  const server = await serve(registry, ...given);
  servers.push(server);
  return server;
};

beforeAll(async () => {
  registry = await startRegistry();
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await registry.close();
});

type Headers = Readonly<Record<string, string>>;

function callWith(server: Serving, headers: Headers, tool: string, given: Record<string, unknown> = {}) {
  return post({ url: server.url, token: registry.tokens.superuser, tool, given, headers });
}

async function listedWith(server: Serving, headers: Headers): Promise<readonly string[]> {
  const session = await connectTo(server.as(registry.tokens.superuser, headers));
  const tools = await session.listTools();
  await session.close();
  return tools.map(({ name }) => name);
}

const everyTool = catalogue.map(({ name }) => name);
const everyToolset = [...new Set(catalogue.map(({ toolset }) => toolset))].join(",");

/** Each asks for more than the server gives. */
const loosening: readonly Headers[] = [
  { "x-quay-mcp-allow": "destructive" },
  { "x-quay-mcp-allow": `destructive,${everyTool.map((name) => `${name}=destructive`).join(",")}` },
  { "x-quay-mcp-toolsets": everyToolset },
  { "x-quay-mcp-namespaces": "*" },
  {
    "x-quay-mcp-allow": "destructive",
    "x-quay-mcp-toolsets": everyToolset,
    "x-quay-mcp-namespaces": "acme,research,*",
  },
];

describe("headers that ask for more than the server gives", () => {
  const toolsets = "tag,repository,robot";

  it("show nothing that is not shown without them", async () => {
    const server = await start({ surface: "all", toolsets, namespaces: "acme" });
    const shown = await listedWith(server, {});
    expect(shown.length).toBeGreaterThan(5);
    for (const headers of loosening) expect(await listedWith(server, headers)).toEqual(shown);
  });

  it("let no tool run that does not run without them", async () => {
    const server = await start({ toolsets, namespaces: "acme" });
    const allowed = new Set(
      await listedWith(await start({ surface: "all", toolsets, namespaces: "acme" }), {}),
    );
    const refused = everyTool.filter((name) => !allowed.has(name));
    expect(refused.length).toBeGreaterThan(100);
    for (const headers of loosening) {
      const answers = await Promise.all(
        refused.map((tool) => callWith(server, headers, tool).then(({ text: t }) => t)),
      );
      const ran = refused.filter((_, index) => !answers[index]!.includes('"isError":true'));
      expect(ran).toEqual([]);
    }
    for (const headers of loosening) {
      const { text: said } = await callWith(server, headers, "list_tags", {
        repository: "research/notebooks",
      });
      expect(said).toMatch(/outside, and this server is confined to .*--namespaces.* acme/);
    }
    expect(registry.requests).toEqual([]);
  });
});

describe("headers that ask for less", () => {
  let server: Serving;
  beforeAll(async () => {
    server = await start({ allow: "destructive", confirm: "code", surface: "all" });
  });

  it("show less", async () => {
    const shown = await listedWith(server, { "x-quay-mcp-allow": "write", "x-quay-mcp-toolsets": "tag" });
    const own = catalogue.filter(({ toolset, access }) => toolset === "tag" && access !== "destructive");
    expect(shown.toSorted()).toEqual([...own.map(({ name }) => name), "read_answer"].toSorted());
  });

  it.each([
    [
      { "x-quay-mcp-allow": "read" },
      "delete_tag",
      "this request's header X-Quay-Mcp-Allow allows read for it.",
    ],
    [
      { "X-Quay-MCP-Toolsets": "robot" },
      "list_tags",
      "this request's header X-Quay-Mcp-Toolsets allows only robot.",
    ],
    [
      { "x-quay-mcp-namespaces": "research" },
      "list_tags",
      "this request's header X-Quay-Mcp-Namespaces allows only the namespaces research.",
    ],
  ])("are named by the refusal: %j", async (headers, tool, sentence) => {
    const answer = await callWith(server, headers, tool, { repository: "acme/app" });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(sentence);
    expect(registry.requests).toEqual([]);
  });

  it("let through what they leave", async () => {
    const { text: said } = await callWith(server, { "x-quay-mcp-namespaces": "acme" }, "list_tags", {
      repository: "acme/app",
    });
    expect(said).not.toContain('"isError":true');
  });

  it("bind a code to themselves", async () => {
    const given = { repository: "acme/app", tag: "v1.0" };
    const first = await callWith(server, { "x-quay-mcp-namespaces": "acme" }, "delete_tag", given);
    const [, confirm] = /\\"confirm\\":\s*\\"([\w-]+)\\"/.exec(first.text) ?? [];
    expect(confirm).toBeDefined();
    const elsewhere = await callWith(server, {}, "delete_tag", { ...given, confirm });
    expect(elsewhere.text).toContain("this is not a code for this call");
  });

  it("that come twice restrict twice", async () => {
    const { hostname, port } = new URL(server.url);
    const sent = request({
      hostname,
      port,
      path: "/mcp",
      method: "POST",
      agent: false,
      headers: {
        authorization: `Bearer ${registry.tokens.superuser}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-quay-mcp-namespaces": ["acme", "research"],
      },
    });
    const params = { name: "list_tags", arguments: { repository: "research/notebooks" } };
    sent.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
    const [response] = await once(sent, "response");
    expect(await text(response)).toContain("allows only the namespaces acme");
    expect(registry.requests).toEqual([]);
  });

  it.each([
    [{ "x-quay-mcp-allow": "all" }, 'X-Quay-Mcp-Allow all: \\"all\\" is no level of access.'],
    [{ "x-quay-mcp-allow": "" }, "X-Quay-Mcp-Allow must name at least one."],
    [{ "x-quay-mcp-toolsets": "tags" }, 'no toolset is named \\"tags\\".'],
    [{ "x-quay-mcp-namespaces": "acme/app" }, "it takes names of organizations or users"],
    [
      { "x-quay-mcp-namespace": "acme" },
      'X-Quay-Mcp-Namespace is no header of this server. Did you mean \\"X-Quay-Mcp-Namespaces\\"?',
    ],
    [
      { x_quay_mcp_namespaces: "acme" },
      "X_Quay_Mcp_Namespaces is no header of this server. Write it with hyphens: X-Quay-Mcp-Namespaces.",
    ],
    [{ "X-Quay_MCP-Allow": "read" }, "Write it with hyphens: X-Quay-Mcp-Allow."],
    [{ "X-QuayMCP-Allow": "read" }, 'Did you mean \\"X-Quay-Mcp-Allow\\"?'],
    [{ "quay-mcp-allow": "read" }, 'Did you mean \\"X-Quay-Mcp-Allow\\"?'],
    [{ "x-quay-mcp": "read" }, "X-Quay-Mcp is no header of this server."],
    [{ "x-quay-mcp-namespaces": "*a".repeat(5000) }, "no namespace has a name of more than 255 characters"],
    [{ "x-quay-mcp-namespaces": "a,".repeat(501) }, "may have 500 words in all"],
  ])("are refused with 400 where they cannot be understood: %j", async (headers, sentence) => {
    const answer = await callWith(server, headers, "list_tags", { repository: "acme/app" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(sentence);
    expect(registry.requests).toEqual([]);
  });
});

describe("a caller's rights", () => {
  const serveWith = (restrictions: readonly Restriction[]) =>
    start(
      { allow: "destructive", confirm: "never", surface: "all" },
      {
        authenticate: async () => ({
          name: "ann",
          id: JSON.stringify(restrictions),
          token: registry.tokens.superuser,
          restrictions,
        }),
      },
    );

  it("of two groups do not add up to one that neither has", async () => {
    const server = await serveWith([
      {
        anyOf: [
          { by: "the group a", allow: ["write"], namespaces: ["acme"] },
          { by: "the group b", allow: ["destructive"], namespaces: ["research"] },
        ],
      },
    ]);
    const give = (orgname: string) =>
      callWith(server, {}, "create_organization_prototype", {
        orgname,
        role: "admin",
        delegate: { name: "bob", kind: "user" },
      });
    expect((await give("acme")).text).toContain("the group a allows write for it");
    expect(registry.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect((await give("research")).text).not.toContain('"isError":true');
  });

  it("are made stricter still by headers", async () => {
    const key = [{ anyOf: [{ by: "the key ci", namespaces: ["acme", "research"] }] }];
    const server = await serveWith(key);
    const read = (repository: string, headers: Headers) =>
      callWith(server, headers, "list_tags", { repository }).then(({ text: said }) => said);
    const header = { "x-quay-mcp-namespaces": "research,shop" };
    expect(await read("research/notebooks", header)).not.toContain('"isError":true');
    expect(await read("acme/app", header)).toContain("X-Quay-Mcp-Namespaces");
    expect(await read("shop/web", header)).toContain("the key ci allows only the namespaces acme,research");
  });

  it("show the organizations inside of their fence", async () => {
    const server = await serveWith([{ anyOf: [{ by: "the key ci", namespaces: ["acme"] }] }]);
    const session = await connectTo(server.as(registry.tokens.superuser));
    const shown = JSON.stringify(await session.readResource("quay://organizations"));
    await session.close();
    expect(shown).toContain("acme");
    expect(shown).not.toContain("research");
  });
});
