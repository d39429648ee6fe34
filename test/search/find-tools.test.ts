import { describe, expect, it } from "vitest";
import { findTools } from "../../src/search/find-tools.ts";
import { createListing, type ListingEntry } from "../../src/surface/listing.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { heldOut, weighed } from "./held-out.ts";
import { questions } from "./questions.ts";

const tools = [...catalogue, ...tasks];
const entries = createListing(tools);
const find = (query: string, limit = 5) => findTools(query, entries, { limit }).map(({ name }) => name);

describe("the questions of an administrator", () => {
  it("name only tools that exist, once each, and reach every toolset", () => {
    const toolsetOf = new Map(tools.map(({ name, toolset }) => [name, toolset]));
    const right = [...questions, ...weighed, ...heldOut].flatMap((question) => question.right);
    expect(right.filter((name) => !toolsetOf.has(name))).toEqual([]);
    const asked = [...questions, ...weighed, ...heldOut].map(({ ask }) => ask);
    expect(new Set(asked).size).toBe(asked.length);
    const reached = new Set(
      questions.flatMap((question) => question.right.map((name) => toolsetOf.get(name))),
    );
    expect([...reached].sort()).toEqual([...new Set(toolsetOf.values())].sort());
    expect(questions).toHaveLength(150);
  });

  it("have a right tool among the first five at least 95 times in 100", () => {
    const found = questions.filter(({ ask, right }) => find(ask).some((name) => right.includes(name)));
    expect(found.length / questions.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a search of tools", () => {
  it("finds every tool first by its name and by Quay's operationId", () => {
    for (const { name, operationId = name } of tools) {
      expect(find(name)[0]).toBe(name);
      expect(find(operationId)[0]).toBe(name);
    }
  });

  it.each([
    ["user group", "create_or_update_team"],
    ["service account", "create_organization_robot"],
    ["retention", "list_repository_autoprune_policies"],
    ["replication", "create_repository_mirror"],
    ["CVE", "get_manifest_security"],
    ["rollback", "restore_tag"],
    ["undelete", "restore_tag"],
    ["delete old tags automatically", "create_repository_autoprune_policy"],
    ["lock the repository so that nobody can push", "change_repository_state"],
  ])("knows what the trade calls %s", (query, name) => {
    expect(find(query, 10)).toContain(name);
  });

  it.each([
    ["Delete all pull request tags older than 30 days in acme/app", "delete_tags"],
    ["Which images have critical vulnerabilities?", "scan_summary"],
    ["Delete tag v1", "delete_tag"],
    ["Show CVEs of image acme/app:latest", "get_manifest_security"],
  ])("tells one from many in %s", (query, name) => {
    expect(find(query)[0]).toBe(name);
  });

  it("sees through a slip of the pen", () => {
    expect(find("vulnerabilty")).toContain("get_manifest_security");
  });

  it("answers name, description and access, and as many as asked for", () => {
    const [first, ...rest] = findTools("restore_tag", entries, { limit: 3 });
    const tool = catalogue.find(({ name }) => name === "restore_tag")!;
    expect(first).toEqual({ name: tool.name, description: tool.description, access: tool.access });
    expect(rest).toHaveLength(2);
  });

  it("finds only among the tools that are meant", () => {
    const among = ({ guarded }: ListingEntry) => guarded.access === "read";
    const found = findTools("delete a repository", entries, { limit: 10, among });
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ access }) => access !== "read")).toEqual([]);
  });

  it.each(["a".repeat(1e6), "a/".repeat(5e5), "a@".repeat(5e5), "who ".repeat(3e5)])(
    "takes no longer for a query of a million characters",
    (query) => {
      const started = performance.now();
      find(query);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );

  it.each(["", "   ", "the of and", "qqqqzzzz", "()[]*+?\\", "__proto__"])("bears the query %j", (query) => {
    expect(find(query)).toEqual([]);
  });
});
