/** The executors of the search surface: what they run goes the way of a direct call, guard and all. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executors } from "../../src/guard/executor.ts";
import { type Answering, type AskingSession, eras } from "../support/asking.ts";
import { changesOf } from "../support/changes.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();
const settings = superuserOf(registry);

const repository = "acme/app";
const { read, write, destructive } = executors;

type Executor = (typeof executors)[keyof typeof executors];
type Given = Record<string, unknown>;

describe.each(revisions)("with a client of protocol $revision", ({ revision, connect }) => {
  let session: Session;
  const run = (executor: Executor, name: string, given?: Given) =>
    session.callTool(executor, { name, ...(given && { arguments: given }) });

  beforeAll(async () => {
    session = await connect({ settings, flags: ["--surface", "search", "--allow", "destructive"] });
  });
  afterAll(() => session.close());

  describe("an executor", () => {
    it("answers what the call by the tool's own name answers, with the same requests", async () => {
      const given = { repository, limit: 3 };
      const direct = await session.callTool("list_tags", given);
      const asked = registry.requests.splice(0);
      const executed = await run(read, "list_tags", given);
      expect(executed).toEqual(direct);
      expect(registry.requests).toEqual(asked);
    });

    it("needs no arguments for what takes none", async () => {
      const { text, isError } = await run(read, "get_my_user");
      expect(isError).toBe(false);
      expect(JSON.parse(text)).toMatchObject({ username: expect.any(String) });
    });

    it("writes, and says how to take it back", async () => {
      const description = `Executed with ${revision}`;
      const { text } = await run(write, "update_repository", { repository, description });
      expect(JSON.parse(text)).toMatchObject({ status: 200, undo: { tool: "update_repository" } });
      expect(changesOf(registry)).toEqual(["PUT /api/v1/repository/acme/app 200"]);
    });

    it.each<[Executor, string, Given, RegExp]>([
      [read, "delete_tag", { repository, tag: "latest" }, /is destructive, .* Use run_destructive_tool/],
      [read, "star_repository", { repository }, /is write, .* Use run_write_tool/],
      [write, "delete_tag", { repository, tag: "latest" }, /is destructive, .* Use run_destructive_tool/],
      [write, "delete_tags", { repository, tags: ["latest"] }, /Use run_destructive_tool/],
      [write, "list_tags", { repository }, /is read, .* Use run_read_tool/],
      [destructive, "list_tags", { repository }, /is read, .* Use run_read_tool/],
      [destructive, "star_repository", { repository }, /is write, .* Use run_write_tool/],
      [read, "run_destructive_tool", { name: "delete_tag" }, /is not for run_destructive_tool/],
      [destructive, "run_destructive_tool", { name: "delete_tag" }, /is not for run_destructive_tool/],
      [read, "find_tools", { query: "tags" }, /is not for find_tools/],
      [read, "list_tag", { repository }, /There is no tool "list_tag"\. Did you mean "list_tags"\?/],
      [read, "list_tags", { repo: repository }, /^list_tags was not called\. "repository" is missing\./],
    ])("%s does not run %s", async (executor, name, given, words) => {
      const { text, isError } = await run(executor, name, given);
      expect(isError).toBe(true);
      expect(text).toMatch(words);
      expect(registry.requests).toEqual([]);
    });

    it("tells its own wrong arguments in the usual words", async () => {
      const { text, isError } = await session.callTool(read, {
        name: "list_tags",
        arguments: "acme/app",
        x: 1,
      });
      expect(isError).toBe(true);
      expect(text).toBe(
        'run_read_tool was not called. "arguments" must be an object, not a string. There is no argument "x". It takes name and arguments.',
      );
    });
  });

  describe("a write that escalates", () => {
    it("is refused by the executor for writes, before anything is sent, and points to the other", async () => {
      const given = { repository: `acme/open-${revision}`, visibility: "public", description: "" };
      const { text, isError } = await run(write, "create_repository", given);
      expect(isError).toBe(true);
      expect(text).toMatch(
        /^create_repository was not sent: .*as grave as a destructive call: visibility is "public".* Use run_destructive_tool/,
      );
      expect(changesOf(registry)).toEqual([]);
    });

    it("is confirmed through the executor for what is destructive, with the code inside of its arguments", async () => {
      const given = { repository: `acme/open-${revision}`, visibility: "public", description: "" };
      const first = await run(destructive, "create_repository", given);
      const { confirm, preview } = JSON.parse(first.text);
      expect(preview).toMatchObject({ because: expect.stringMatching(/visibility is "public"/) });
      expect(changesOf(registry)).toEqual([]);
      const beside = await session.callTool(destructive, {
        name: "create_repository",
        arguments: given,
        confirm,
      });
      expect(beside.text).toMatch(/There is no argument "confirm"/);
      const refused = await run(write, "create_repository", { ...given, confirm });
      expect(refused.text).toMatch(/Use run_destructive_tool/);
      expect(changesOf(registry)).toEqual([]);
      const second = await run(destructive, "create_repository", { ...given, confirm });
      expect(JSON.parse(second.text)).toMatchObject({ status: 201 });
    });

    it("goes through the one for writes where it does not escalate", async () => {
      const given = { repository: `acme/closed-${revision}`, visibility: "private", description: "" };
      const { text } = await run(write, "create_repository", given);
      expect(JSON.parse(text)).toMatchObject({ status: 201 });
    });
  });

  describe("a destructive call", () => {
    it("is confirmed by a code, which holds for a direct call of the same as well, once", async () => {
      const given = { repository, tag: "v2.4" };
      const { confirm } = JSON.parse((await run(destructive, "delete_tag", given)).text);
      expect(changesOf(registry)).toEqual([]);
      const sent = await session.callTool("delete_tag", { ...given, confirm });
      const undo = JSON.parse(sent.text).undo;
      const again = await run(destructive, "delete_tag", { ...given, confirm });
      expect(again.isError).toBe(true);
      expect(changesOf(registry)).toEqual(["DELETE /api/v1/repository/acme/app/tag/v2.4 204"]);
      const restored = await session.callTool(undo.tool, undo.arguments);
      const { confirm: code } = JSON.parse(restored.text);
      await run(destructive, undo.tool, { ...undo.arguments, ...(code && { confirm: code }) });
      expect(changesOf(registry).at(-1)).toMatch(/^POST .*restore 200$/);
    });

    it("that nothing brings back is refused where nobody can be asked", async () => {
      const { text, isError } = await run(destructive, "delete_repository", { repository });
      expect(isError).toBe(true);
      expect(text).toMatch(/cannot show a form/);
      expect(changesOf(registry)).toEqual([]);
    });
  });

  it.each<[string[], Executor, string, Given]>([
    [["--allow", "read"], destructive, "delete_tag", { repository, tag: "latest" }],
    [["--allow", "read"], write, "star_repository", { repository }],
    [["--exclude-tools", "list_tags"], read, "list_tags", { repository }],
    [["--scopes", "repo:create"], read, "list_tags", { repository }],
    [["--namespaces", "elsewhere"], read, "list_tags", { repository }],
    [
      ["--allow", "destructive", "--protect", "acme/*"],
      destructive,
      "delete_tag",
      { repository, tag: "latest" },
    ],
    [["--allow", "destructive"], read, "list_app_tokens", { expiring: "soon" }],
    [["--allow", "destructive"], write, "create_app_token", { title: "x" }],
    [
      ["--allow", "destructive"],
      write,
      "update_repository",
      { repository: "acme/app/tag/x", description: "" },
    ],
  ])("under %j %s refuses %s as a direct call, and asks nothing", async (flags, executor, name, given) => {
    const server = await connect({ settings, flags: ["--surface", "search", ...flags] });
    const direct = await server.callTool(name, given);
    const executed = await server.callTool(executor, { name, arguments: given });
    await server.close();
    expect(executed.isError).toBe(true);
    // Every answer has a marker number of its own.
    const [one, other] = [executed, direct].map(({ text }) => text.replace(/data-\d{6}/g, "data-N"));
    expect(one).toBe(other);
    expect(registry.requests).toEqual([]);
  });
});

describe.each(eras)(
  "with a client of protocol $revision whose user can be asked",
  ({ revision, connect }) => {
    let session: AskingSession;
    let answer: Answering;
    let asked: number;
    const folder = mkdtempSync(join(tmpdir(), "quay-mcp-executors-"));
    const log = join(folder, "audit.jsonl");

    beforeAll(async () => {
      session = await connect(
        { settings, flags: ["--surface", "search", "--allow", "destructive", "--audit-log", log] },
        (form) => {
          asked += 1;
          return answer(form);
        },
      );
    });
    beforeEach(() => {
      asked = 0;
    });
    afterAll(async () => {
      await session.close();
      rmSync(folder, { recursive: true });
    });

    const linesOf = () =>
      readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    it("an executed call is sent once its user has typed the target, and logged under its own name", async () => {
      const tag = revision === "2025-11-25" ? "v2.3" : "v2.2";
      answer = () => ({ action: "accept", content: { name: `${repository}:${tag}` } });
      const { text, isError } = await session.callTool(destructive, {
        name: "delete_tag",
        arguments: { repository, tag },
      });
      expect(isError).toBe(false);
      expect(JSON.parse(text)).toMatchObject({ status: 204, undo: { tool: "restore_tag" } });
      expect(asked).toBe(1);
      expect(changesOf(registry)).toEqual([`DELETE /api/v1/repository/acme/app/tag/${tag} 204`]);
      const lines = JSON.stringify(linesOf());
      expect(lines).toContain("delete_tag");
      expect(lines).toContain(`${repository}:${tag}`);
      expect(lines).not.toContain(destructive);
    });

    it.each<[string, Answering, RegExp]>([
      ["declines", () => ({ action: "decline" }), /declined/],
      [
        "types another name",
        () => ({ action: "accept", content: { name: "acme/app" } }),
        /another name than "acme\/app:latest"/,
      ],
    ])("nothing is sent where its user %s", async (_what, meant, words) => {
      answer = meant;
      const { text, isError } = await session.callTool(destructive, {
        name: "delete_tag",
        arguments: { repository, tag: "latest" },
      });
      expect(isError).toBe(true);
      expect(text).toMatch(words);
      expect(changesOf(registry)).toEqual([]);
    });

    it("it is never given a code, nor asked about what the executor does not run", async () => {
      answer = () => ({ action: "accept", content: { name: `${repository}:latest` } });
      const given = { repository, tag: "latest" };
      const { text } = await session.callTool(write, { name: "delete_tag", arguments: given });
      expect(text).toMatch(/Use run_destructive_tool/);
      expect(asked).toBe(0);
      expect(changesOf(registry)).toEqual([]);
    });

    it("nothing is sent where the client gives up while its user is asked", async () => {
      const giveUp = new AbortController();
      answer = async () => {
        giveUp.abort();
        return { action: "accept", content: { name: `${repository}:latest` } };
      };
      const call = session.callTool(
        destructive,
        { name: "delete_tag", arguments: { repository, tag: "latest" } },
        { signal: giveUp.signal },
      );
      await expect(call).rejects.toThrow();
      await session.callTool(read, { name: "list_tags", arguments: { repository, limit: 1 } });
      expect(changesOf(registry)).toEqual([]);
    });

    it("a task reports its progress through an executor", async () => {
      const seen: number[] = [];
      await session.callTool(
        read,
        { name: "who_can_access", arguments: { repository } },
        { onprogress: ({ progress }) => seen.push(progress) },
      );
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    });
  },
);
