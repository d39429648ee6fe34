import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { confinementOf } from "../../src/guard/fence.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { run, spawnProgram } from "../support/program.ts";

interface Row {
  readonly name: string;
  readonly operationId: string;
  readonly toolset: string;
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly scopes: readonly unknown[];
  readonly listed: boolean;
  readonly searchable?: boolean;
  readonly reason?: string;
}

async function rows(...flags: string[]): Promise<readonly Row[]> {
  const { status, stdout, stderr } = await run({ flags: ["tools", "--json", ...flags] });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

const listed = (all: readonly Row[]) => all.filter((row) => row.listed).map(({ name }) => name);

describe("quay-mcp tools --json", () => {
  it("tells every tool with its operation, and why one is not listed to the client", async () => {
    const every = await rows();
    const all = every.slice(0, 189);
    expect(every.slice(189).map(({ name }) => name)).toEqual(tasks.map(({ name }) => name));
    expect(every.at(-1)).toMatchObject({
      name: "delete_tags",
      repeats: "delete_tag",
      toolset: "tag",
      access: "destructive",
      listed: false,
    });
    expect(new Set(all.map(({ name }) => name)).size).toBe(189);
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(189);
    expect(all.every(({ name }) => name.length <= 40)).toBe(true);
    for (const [index, row] of all.entries()) {
      const { name, operationId, toolset, method, path, access, scopes } = catalogue[index]!;
      expect(row).toMatchObject({ name, operationId, toolset, method, path, access, scopes });
      expect(row.listed).toBe(access === "read");
      expect(typeof row.reason).toBe(row.listed ? "undefined" : "string");
    }
  });

  it("counts as listed what the same settings list to a client", async () => {
    const toolset = (name: string) =>
      catalogue.filter((tool) => tool.toolset === name).map((tool) => tool.name);
    const whole = await rows("--allow", "destructive", "--surface", "all");
    expect(listed(whole)).toHaveLength(catalogue.length + tasks.length);
    expect(listed(await rows("--allow", "destructive", "--toolsets", "tag"))).toEqual([
      ...toolset("tag"),
      "delete_tags",
    ]);
    expect(listed(await rows("--tools", "list_tags,get_repository"))).toEqual([
      "get_repository",
      "list_tags",
    ]);
    expect(listed(await rows("--toolsets", "tag", "--exclude-tools", "list_tags"))).toEqual([]);
  });

  it("tells what a client is not shown, and can find and call", async () => {
    const all = await rows("--allow", "write");
    const shown = [...catalogue, ...tasks].filter(
      ({ access, everyday }) => everyday && access !== "destructive",
    );
    expect(listed(all).sort()).toEqual(shown.map(({ name }) => name).sort());
    for (const { name, access, searchable, reason } of all.filter((row) => !row.listed)) {
      expect(searchable ?? false).toBe(access !== "destructive");
      expect(reason).toMatch(
        access === "destructive" ? /--allow/ : `${name} may be called, and find_tools finds it`,
      );
    }
    const found = await rows("--surface", "search");
    expect(listed(found)).toEqual([]);
    expect(found.every(({ access, searchable }) => (access === "read") === (searchable ?? false))).toBe(true);
  });

  it("hides what the token's scopes do not allow, their inclusions counted", async () => {
    const read = listed(await rows("--scopes", "repo:read"));
    expect(read).toContain("list_tags");
    expect(read).not.toContain("get_my_user");
    const admin = listed(
      await rows("--surface", "all", "--allow", "destructive", "--scopes", "repo:admin,user:admin"),
    );
    expect(admin).toEqual(expect.arrayContaining([...read, "delete_tag", "get_my_user"]));
    expect(admin).not.toContain("create_repository");
    expect(listed(await rows("--scopes", "super:user"))).not.toContain("get_my_user");
  });

  it("hides what no arguments could keep inside a fence, and says so", async () => {
    const all = await rows("--surface", "all", "--allow", "destructive", "--namespaces", "acme");
    const hidden = catalogue.filter((tool) => confinementOf(tool) === "never").map(({ name }) => name);
    expect(all.filter((row) => !row.listed).map(({ name }) => name)).toEqual(hidden);
    for (const { name, reason } of all.filter((row) => !row.listed)) {
      expect(reason).toBe(
        `${name} cannot be confined to a namespace, and this server is confined to --namespaces acme.`,
      );
    }
  });

  it("lets a tool's own level go before its toolset's, and that before the general one", async () => {
    const all = listed(
      await rows("--surface", "all", "--allow", "destructive,tag=read,delete_tag=destructive,team=write"),
    );
    expect(all).toEqual(expect.arrayContaining(["list_tags", "delete_tag", "delete_repository"]));
    expect(all).not.toContain("update_tag");
    expect(all).not.toContain("delete_team");
  });
});

describe("quay-mcp tools", () => {
  it("prints them by toolset, with a sum", async () => {
    const { status, stdout } = await run({ flags: ["tools"] });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^tag\n {2}- delete_tag +destructive +repo:write\n {2}\+ list_tags +read +repo:read$/m,
    );
    const all = [...catalogue, ...tasks];
    const reads = all.filter(({ access }) => access === "read").length;
    expect(stdout).toContain(`${reads} of ${all.length} tools are listed to the client`);
  });

  it("marks what can be found besides, with a sum of its own", async () => {
    const { stdout } = await run({ flags: ["tools", "--allow", "write"] });
    expect(stdout).toMatch(
      /^team\n {2}\+ add_team_member +write\/destructive .*\n {2}\+ create_or_update_team .*\n {2}- delete_team /m,
    );
    expect(stdout).toMatch(/^ {2}\? star_repository /m);
    expect(stdout).toMatch(/\d+ more can be found by find_tools/);
  });

  it.each([{ flags: ["tools", "--json"] }, { flags: ["--help"] }])(
    "ends without a word when its reader has seen enough: $flags",
    async ({ flags }) => {
      const child = spawnProgram({ flags });
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.stdout.destroy();
      const [status] = await once(child, "close");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    },
  );
});
