/** Finding and describing tools as a client does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inputSchema } from "../../src/arguments.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

const tools = [...catalogue, ...tasks];

describe.each(revisions)("with a client of protocol $revision", ({ connect }) => {
  let reading: Session;
  let everything: Session;

  beforeAll(async () => {
    reading = await connect({ settings, flags: ["--surface", "search"] });
    everything = await connect({ settings, flags: ["--surface", "search", "--allow", "destructive"] });
  });
  afterAll(() => Promise.all([reading.close(), everything.close()]));

  const find = async (session: Session, query: string): Promise<Record<string, string>[]> =>
    JSON.parse((await session.callTool("find_tools", { query })).text).tools;

  describe("find_tools", () => {
    it("answers the best five with name, description and access, and asks the registry nothing", async () => {
      const found = await find(everything, "who can push to payments?");
      expect(found).toHaveLength(5);
      for (const { name, ...rest } of found) {
        const { description, access } = tools.find((tool) => tool.name === name)!;
        expect(rest).toEqual({ description, access });
      }
      const { text } = await everything.callTool("find_tools", { query: "who can push to payments?" });
      expect(JSON.parse(text)).toEqual({ tools: found });
      expect(registry.requests).toEqual([]);
    });

    it.each([
      ["who can access the repository acme/app?", "who_can_access"],
      ["robots that nobody uses any more", "stale_robots"],
      ["which images have fixable vulnerabilities?", "scan_summary"],
      ["delete many tags at once", "delete_tags"],
    ])("finds tasks as well: %s", async (query, name) => {
      expect((await find(everything, query)).map((tool) => tool.name)).toContain(name);
    });

    it("finds only what this server permits", async () => {
      const asked = "delete a tag";
      expect((await find(everything, asked)).map(({ name }) => name)).toContain("delete_tag");
      const found = await find(reading, asked);
      expect(found).not.toEqual([]);
      expect(found.filter(({ access }) => access !== "read")).toEqual([]);
    });

    it("says what it takes where what fits best is not permitted", async () => {
      const { text } = await reading.callTool("find_tools", { query: "delete a repository" });
      expect(JSON.parse(text).note).toMatch(/not permitted\. delete_repository is destructive.*--allow/);
      const { text: permitted } = await everything.callTool("find_tools", { query: "delete a repository" });
      expect(JSON.parse(permitted).note).toBeUndefined();
    });

    it("says so where nothing fits", async () => {
      const { text, isError } = await reading.callTool("find_tools", { query: "qqqqzzzz" });
      expect(isError).toBe(false);
      expect(JSON.parse(text)).toEqual({ tools: [], note: expect.stringMatching(/Try others/) });
    });

    it("tells wrong arguments in the usual words", async () => {
      const { text, isError } = await reading.callTool("find_tools", { question: "tags" });
      expect(isError).toBe(true);
      expect(text).toBe(
        'find_tools was not called. "query" is missing. There is no argument "question". It takes query.',
      );
    });
  });

  describe("describe_tool", () => {
    it("answers description, access and the schema that the listing has, for every tool", async () => {
      for (const tool of tools) {
        const { text } = await everything.callTool("describe_tool", { name: tool.name });
        const { name, description, access } = tool;
        expect(JSON.parse(text)).toEqual({ name, description, access, inputSchema: inputSchema(tool) });
      }
      expect(registry.requests).toEqual([]);
    });

    it.each([
      ["list_tag", /^There is no tool "list_tag"\. Did you mean "list_tags"\?/],
      ["delete_tag", /^delete_tag is destructive, and this server allows read for it\. It takes --allow/],
      ["run_read_tool", /run_read_tool, which is called directly/],
    ])("says why it does not describe %s", async (name, words) => {
      const { text, isError } = await reading.callTool("describe_tool", { name });
      expect(isError).toBe(true);
      expect(text).toMatch(words);
    });
  });
});
