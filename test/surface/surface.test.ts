import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import type { ListedTool } from "../../src/surface/listing.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { executorTools } from "../../src/surface/tools.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { revisions } from "../support/revisions.ts";

const tools = [...catalogue, ...tasks];
const listing = createWholeListing();

function shown(flags: Readonly<Record<string, string>>): string[] {
  const settings = readSettings(flags, {});
  return surfaceOf(listing, createPolicy(settings, tools), settings.surface).map(({ name }) => name);
}

const namesOf = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name);
const search = [
  "find_tools",
  "describe_tool",
  "run_read_tool",
  "run_write_tool",
  "run_destructive_tool",
] as const;
const reads = namesOf(tools.filter(({ access }) => access === "read"));

describe("the surface", () => {
  it("auto shows every permitted tool while they are at most 100", () => {
    expect(shown({})).toEqual([...reads, "read_answer"]);
    const hundred = namesOf(tools).slice(0, 100).join(",");
    expect(shown({ allow: "destructive", tools: hundred })).toEqual([...hundred.split(","), "read_answer"]);
  });

  it("auto shows the everyday ones that are permitted, and the search, where they are more", () => {
    const most = namesOf(tools).slice(0, 101);
    const everyday = tools.filter((tool) => tool.everyday === true);
    const among = everyday.filter(({ name }) => most.includes(name));
    expect(shown({ allow: "destructive", tools: most.join(",") })).toEqual([
      ...namesOf(among),
      ...search,
      "read_answer",
    ]);
    const writable = namesOf(everyday.filter(({ access }) => access !== "destructive"));
    expect(shown({ allow: "write" })).toEqual([...writable, ...search, "read_answer"]);
  });

  it("all shows every permitted tool, however many they are", () => {
    expect(shown({ surface: "all", allow: "destructive" })).toEqual([...namesOf(tools), "read_answer"]);
  });

  it("search shows what finds and runs tools, and what reads the rest of an answer", () => {
    for (const allow of ["read", "destructive"]) {
      expect(shown({ surface: "search", allow })).toEqual([...search, "read_answer"]);
    }
  });
});

describe("the everyday tools", () => {
  const everyday = tools.filter((tool) => tool.everyday === true);

  it("are few enough for every client, and most of them read", () => {
    expect(everyday.length).toBeGreaterThan(30);
    expect(everyday.length).toBeLessThanOrEqual(50);
    expect(everyday.filter(({ access }) => access === "read").length).toBeGreaterThan(everyday.length / 2);
  });

  it("have nothing among them that ends a namespace, a repository or a key", () => {
    expect(everyday.filter(({ irreversible }) => irreversible === true)).toEqual([]);
  });
});

describe("the surface's own tools", () => {
  it("cost at most 1,200 tokens together", () => {
    const tokens = [...listing.search, listing.readAnswer].map(
      ({ name, description, inputSchema }) =>
        encode(JSON.stringify({ name, description, inputSchema })).length,
    );
    expect(tokens.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1200);
  });

  it("bear no name of another tool", () => {
    expect([...search, "read_answer"].filter((name) => namesOf(tools).includes(name))).toEqual([]);
  });

  it("say in their hints what they run", () => {
    const { read, write, destructive } = executorTools;
    expect(read.hints).toMatchObject({ readOnlyHint: true, destructiveHint: false });
    expect(write.hints).toMatchObject({ readOnlyHint: false, destructiveHint: false });
    expect(destructive.hints).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(tools.filter(({ access, openWorld }) => access === "read" && openWorld === true)).toEqual([]);
  });
});

describe.each(revisions)("a client of protocol $revision", ({ connect }) => {
  const settings = { QUAY_URL: "http://127.0.0.1:1", QUAY_TOKEN: "none" };
  const open = (...flags: string[]) => connect({ settings, flags });

  it("is shown the surface, and told of the search where there is one", async () => {
    const searching = await open("--surface", "search");
    const everyday = await open("--allow", "destructive");
    const whole = await open();
    expect(namesOf(await searching.listTools())).toEqual(shown({ surface: "search" }));
    expect(namesOf(await everyday.listTools())).toEqual(shown({ allow: "destructive" }));
    expect(namesOf(await whole.listTools())).toEqual(shown({}));
    expect(searching.instructions).toMatch(/find_tools/);
    expect(everyday.instructions).toMatch(/find_tools/);
    expect(whole.instructions).not.toMatch(/find_tools/);
    for (const session of [searching, everyday, whole]) await session.close();
  });

  it("is shown each of the surface's own tools with title, schema and hints", async () => {
    const session = await open("--surface", "search");
    const listed = (await session.listTools()) as readonly ListedTool[];
    expect(listed).toMatchObject([...listing.search, listing.readAnswer]);
    await session.close();
  });
});
