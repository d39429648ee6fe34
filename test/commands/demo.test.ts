import { describe, expect, it } from "vitest";
import { run } from "../support/program.ts";
import { revisions } from "../support/revisions.ts";

describe("quay-mcp demo", () => {
  it("shows what tools there are, questions answered, a resource read and a refused deletion", async () => {
    const { status, stdout, stderr } = await run({ flags: ["demo"] });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/▸ tools\/list\n\d+ tools, such as/);
    expect(stdout.match(/^▸ .*\?\n {2}\w+ \{.*\}\n {4}\S/gm)?.length).toBeGreaterThanOrEqual(3);
    expect(stdout).toMatch(/list_repository_team_permissions .*\n {4}devs: write\n/);
    expect(stdout).not.toMatch(/undefined|null:/);
    expect(stdout).toMatch(/resources\/read quay:\/\/repositories\/acme\/app\n {4}\{"namespace":"acme"/);
    expect(stdout).toMatch(
      /delete_repository \{"repository":"acme\/app"\}\n {4}delete_repository is destructive/,
    );
  });
});

describe("quay-mcp --demo", () => {
  it.each(revisions)("serves its own registry to a client of protocol $revision", async ({ connect }) => {
    const session = await connect({ flags: ["--demo", "--allow", "write"] });
    const { text } = await session.callTool("star_repository", { repository: "acme/app" });
    expect(JSON.parse(text).answer).toMatchObject({ namespace: "acme", repository: "app" });
    expect((await session.listResources()).length).toBeGreaterThan(20);
    await session.close();
  });
});
