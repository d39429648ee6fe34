import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

describe.each(revisions)("with a client of protocol $revision", ({ revision, connect }) => {
  let session: Session;
  let everything: Session;

  beforeAll(async () => {
    [session, everything] = await Promise.all([
      connect({ settings, flags: ["--allow", "write"] }),
      connect({ settings, flags: ["--allow", "destructive", "--surface", "all"] }),
    ]);
  });
  afterAll(() => Promise.all([session.close(), everything.close()]));

  it("speaks that protocol, and says who it is and how it is used", () => {
    expect(session.revision).toBe(revision);
    expect(session.server).toMatchObject({ name: "quay-mcp", title: "Quay" });
    expect(session.instructions).toMatch(/namespace\/name.*data, never an instruction/s);
  });

  describe("tools/list", () => {
    it("shows every operation in the order of the catalogue, then the tasks, and last what reads the rest of an answer", async () => {
      const tools = await everything.listTools();
      const names = [...catalogue, ...tasks].map(({ name }) => name);
      expect(tools.map(({ name }) => name)).toEqual([...names, "read_answer"]);
      expect(tools.find(({ name }) => name === "delete_tags")).toMatchObject({
        _meta: { "quay-mcp/repeats": "delete_tag" },
      });
    });

    it("shows each with title, description, schema, the four hints and Quay's own name for it", async () => {
      for (const [index, tool] of (await everything.listTools()).slice(0, 189).entries()) {
        const { title, description, operationId, access } = catalogue[index]!;
        expect(tool).toMatchObject({
          title,
          description,
          inputSchema: { type: "object", properties: expect.any(Object) },
          annotations: {
            readOnlyHint: access === "read",
            destructiveHint: expect.any(Boolean),
            idempotentHint: expect.any(Boolean),
            openWorldHint: expect.any(Boolean),
          },
          _meta: { "quay-mcp/operationId": operationId },
        });
        if (access === "destructive") expect(tool.annotations?.destructiveHint).toBe(true);
      }
    });

    it("is the same each time, and asks the registry nothing", async () => {
      expect(await session.listTools()).toEqual(await session.listTools());
      expect(registry.requests).toEqual([]);
    });
  });

  describe("a call", () => {
    it("reads", async () => {
      const { text, isError } = await session.callTool("list_tags", { repository: "acme/app", limit: 2 });
      expect(isError).toBe(false);
      expect(JSON.parse(text)).toMatchObject({ tags: [{ name: expect.any(String) }, {}], page: 1 });
      expect(registry.requests).toEqual([
        { method: "GET", path: "/api/v1/repository/acme/app/tag/?limit=2", status: 200 },
      ]);
    });

    it("reads a repository whose name has slashes", async () => {
      const { text } = await session.callTool("get_repository", { repository: "research/simulation/engine" });
      expect(JSON.parse(text)).toMatchObject({ namespace: "research", name: "simulation/engine" });
    });

    it("writes, and says what was answered where Quay's answer is a bare word", async () => {
      const description = `Described with ${revision}`;
      const written = await session.callTool("update_repository", { repository: "acme/docs", description });
      expect(written.isError).toBe(false);
      expect(JSON.parse(written.text)).toEqual({
        status: 200,
        answer: { success: true },
        undo: {
          tool: "update_repository",
          arguments: { repository: "acme/docs", description: expect.any(String) },
        },
      });
      const { text } = await session.callTool("get_repository", { repository: "acme/docs" });
      expect(JSON.parse(text).description).toMatch(new RegExp(`^<data-(\\d{6})>${description}</data-\\1>$`));
      const message = { content: description, severity: "info", media_type: "text/plain" };
      const created = await session.callTool("create_global_message", { message });
      expect(JSON.parse(created.text)).toMatchObject({ status: 201 });
    });

    it("without a credential in its answer", async () => {
      const robot = `made${revision.replaceAll("-", "")}`;
      const { text } = await everything.callTool("create_organization_robot", {
        orgname: "acme",
        robot_shortname: robot,
      });
      const token = registry.state.namespaces.get("acme")?.robots.get(robot)?.token;
      expect(token).toMatch(/^.{20,}$/);
      expect(JSON.parse(text).answer).toMatchObject({ name: `acme+${robot}`, token: "[redacted]" });
      const { text: listed } = await everything.callTool("get_organization_robot", {
        orgname: "acme",
        robot_shortname: robot,
      });
      expect(text + listed).not.toContain(token);
    });

    it("that only yields a credential is refused unsent", async () => {
      const { text, isError } = await everything.callTool("create_app_token", { title: "x" });
      expect(isError).toBe(true);
      expect(text).toMatch(/^create_app_token is not sent: .*credential/);
      expect(registry.requests).toEqual([]);
    });

    it("that Quay refuses is a result with Quay's words and what to do", async () => {
      const { text, isError } = await session.callTool("get_repository", { repository: "acme/nosuch" });
      expect(isError).toBe(true);
      expect(text).toMatch(/^Quay answered 404: .*\. It is not there, or the token's owner may not see it/);
    });
  });

  describe("arguments", () => {
    it("are checked strictly, and all problems are told at once as the tool's error", async () => {
      const { text, isError } = await session.callTool("list_tags", {
        repo: "acme/app",
        limit: 500,
        page: "first",
        only_active_tags: true,
      });
      expect(isError).toBe(true);
      expect(text).toBe(
        'list_tags was not called. "repository" is missing. "page" must be a number, not a string. ' +
          '"limit" must be at most 100. There is no argument "repo". Did you mean "repository"? ' +
          'There is no argument "only_active_tags". Did you mean "onlyActiveTags"?',
      );
      expect(registry.requests).toEqual([]);
    });

    it("are told about inside of objects as well", async () => {
      const { text } = await everything.callTool("create_organization_prototype", {
        orgname: "acme",
        role: "owner",
        delegate: { kind: "user", nam: "bob" },
      });
      expect(text).toMatch(
        /"role" must be one of "read", "write", "admin"\. "delegate\.name" is missing\. "delegate" has no field "nam"; its fields are [^.]+\.$/,
      );
    });

    it.each([
      [
        "create_organization_prototype",
        { orgname: "acme", role: "read", delegate: "bob" },
        '"delegate" must be an object, not a string; its fields are name and kind.',
      ],
      [
        "update_repository_mirror",
        { repository: "acme/app", root_rule: "latest", external_registry_config: { proxy: "none" } },
        '"root_rule" must be an object, not a string; its fields are rule_kind and rule_value. ' +
          '"external_registry_config.proxy" must be an object, not a string; its fields are https_proxy, http_proxy and no_proxy (all may be left out).',
      ],
    ])("of %s that must be objects are told with their fields", async (tool, given, words) => {
      const { text } = await everything.callTool(tool, given);
      expect(text).toBe(`${tool} was not called. ${words}`);
    });

    it("that would be another operation's path send nothing", async () => {
      const { text, isError } = await everything.callTool("update_repository", {
        repository: "acme/app/tag/latest",
        description: "",
      });
      expect(isError).toBe(true);
      expect(text).toMatch(/Nothing was sent/);
      expect(registry.requests).toEqual([]);
    });
  });

  it("knows no other tools: an unknown one is a protocol error with the nearest name", async () => {
    await expect(session.callTool("list_tag", {})).rejects.toThrow(
      /There is no tool "list_tag"\. Did you mean "list_tags"\?/,
    );
    await expect(session.callTool("toString", {})).rejects.toMatchObject({ code: -32602 });
    expect(registry.requests).toEqual([]);
  });
});
