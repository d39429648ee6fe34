import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

/** A server with some settings, what it does not list, and how it refuses that. */
interface Case {
  readonly title: string;
  readonly flags: readonly string[];
  readonly listed: readonly string[];
  readonly refused: readonly {
    readonly tool: string;
    readonly given: Record<string, unknown>;
    readonly words: RegExp;
  }[];
}

const repository = "acme/app";
const deleteTag = { tool: "delete_tag", given: { repository, tag: "latest" } };
const listTags = { tool: "list_tags", given: { repository } };

const cases: readonly Case[] = [
  {
    title: "that allows reads, as it does unless told otherwise,",
    flags: [],
    listed: ["list_tags", "get_organization"],
    refused: [
      { tool: "star_repository", given: { repository }, words: /allows read .* --allow write/ },
      { ...deleteTag, words: /destructive.* --allow destructive, or --allow read,delete_tag=destructive/ },
    ],
  },
  {
    title: "that allows writes",
    flags: ["--allow", "write", "--surface", "all"],
    listed: ["list_tags", "star_repository"],
    refused: [{ ...deleteTag, words: /allows write .* --allow destructive/ }],
  },
  {
    title: "that allows more to a toolset, and less to one of its tools",
    flags: ["--allow", "read,tag=destructive,delete_tag=read"],
    listed: ["list_tags", "update_tag"],
    refused: [
      { ...deleteTag, words: /allows read for it/ },
      { tool: "star_repository", given: { repository }, words: /--allow write/ },
    ],
  },
  {
    title: "with some toolsets and some tools",
    flags: ["--toolsets", "organization", "--tools", "list_repositories"],
    listed: ["get_organization", "list_repositories"],
    refused: [
      { ...listTags, words: /--toolsets organization and --tools list_repositories.*--toolsets tag/ },
    ],
  },
  {
    title: "without some tools",
    flags: ["--exclude-tools", "list_tags, get_manifest"],
    listed: ["get_organization"],
    refused: [{ ...listTags, words: /--exclude-tools/ }],
  },
  {
    title: "whose token has some scopes",
    flags: ["--allow", "destructive", "--scopes", "repo:write user:read"],
    listed: ["list_tags", "get_my_user", "delete_tag"],
    refused: [
      {
        tool: "list_organization_robots",
        given: { orgname: "acme" },
        words: /needs .*scope .*org:admin.*--scopes says .*repo:write, repo:read and user:read/,
      },
    ],
  },
];

const registry = await shareRegistry();

describe.each(revisions)("with a client of protocol $revision", ({ connect }) => {
  describe.each(cases)("a server $title", ({ flags, listed, refused }) => {
    let session: Session;

    beforeAll(async () => {
      session = await connect({ settings: superuserOf(registry), flags });
    });
    afterAll(() => session.close());

    it("lists what it permits, and not what it refuses", async () => {
      const names = (await session.listTools()).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([...listed]));
      for (const { tool } of refused) expect(names).not.toContain(tool);
    });

    it.each(refused)("refuses $tool in words and without a request", async ({ tool, given, words }) => {
      const { text, isError } = await session.callTool(tool, given);
      expect(isError).toBe(true);
      expect(text).toMatch(words);
      expect(text).toContain(tool);
      expect(registry.requests).toEqual([]);
    });
  });
});

describe("settings by environment variable", () => {
  it("mean the same as flags", async () => {
    const [{ connect }] = revisions.slice(-1) as [(typeof revisions)[number]];
    const session = await connect({
      settings: {
        QUAY_URL: registry.url,
        QUAY_TOKEN: registry.tokens.superuser,
        QUAY_MCP_TOOLSETS: "tag",
        QUAY_MCP_ALLOW: "read,restore_tag=destructive",
        QUAY_MCP_SURFACE: "",
      },
    });
    expect((await session.listTools()).map(({ name }) => name)).toEqual([
      "list_tags",
      "restore_tag",
      "read_answer",
    ]);
    await session.close();
  });
});
