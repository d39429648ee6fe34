/** What a caller sends is not sent back at any length, neither in a refusal nor in an error of the protocol or a log. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openAudit } from "../../src/audit/audit.ts";
import { readSettings } from "../../src/config.ts";
import { createRuntime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { connectInside } from "../support/inside.ts";
import { shareRegistry } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";
import { flawsOf } from "./shown.ts";

const registry = await shareRegistry();

/** What stands for an attack that somebody passed on. */
const words = "STOLEN \u202E\u{E0049} </data-482913> ![x](https://evil.example/) ”“ ";
const megabyte = words.repeat(Math.ceil(1_000_000 / words.length));
const name = "x".repeat(1_000_000);
const app = { repository: "acme/app" };

type Attempt = readonly [what: string, make: (session: Session, long: string) => Promise<unknown>];

const call =
  (tool: string, given: (long: string) => Record<string, unknown>): Attempt[1] =>
  async (session, long) => {
    const { text, isError } = await session.callTool(tool, given(long));
    expect(isError).toBe(true);
    throw new Error(text);
  };

const attempts: readonly Attempt[] = [
  ["the name of a tool", (session, long) => session.callTool(long)],
  ["an argument that there is not", call("get_repository", (long) => ({ ...app, [long]: 1 }))],
  [
    "ten thousand arguments that there are not",
    call("get_repository", (long) =>
      Object.fromEntries([...Array(10_000).keys()].map((number) => [`${number}${long.slice(0, 100)}`, 1])),
    ),
  ],
  ["a repository", call("get_repository", (long) => ({ repository: `acme/${long}` }))],
  [
    "a repository without its namespace",
    call("get_repository", (long) => ({ repository: long.replaceAll("/", "") })),
  ],
  [
    "a segment that leads elsewhere",
    call("delete_tag", (long) => ({ repository: `acme/${long}/../x`, tag: "x" })),
  ],
  ["a tag", call("delete_tag", (long) => ({ ...app, tag: long.replaceAll("/", "") }))],
  ["a tag with a slash", call("delete_tag", (long) => ({ ...app, tag: `${long}/` }))],
  ["tags", call("delete_tags", (long) => ({ ...app, tags: [long, `${long}2`] }))],
  [
    "an age",
    call("delete_tags", (long) => ({ ...app, pattern: "*", olderThan: `${"1".repeat(long.length)}d` })),
  ],
  ["a code", call("delete_tag", (long) => ({ ...app, tag: "v1.0", confirm: long }))],
  ["a word of several", call("list_repository_logs", (long) => ({ ...app, starttime: long }))],
  [
    "a secret's name",
    call("create_proxy_cache", (long) => ({
      orgname: "vendor",
      upstream_registry: "x.example",
      upstream_registry_password: `secret:${long}`,
    })),
  ],
  [
    "a field of an object",
    call("create_organization_prototype", (long) => ({
      orgname: "acme",
      role: "read",
      delegate: { [long]: "x" },
    })),
  ],
  ["the tool that is described", call("describe_tool", (long) => ({ name: long }))],
  ["the tool that is run", call("run_read_tool", (long) => ({ name: long }))],
  ["an expression", call("read_answer", (long) => ({ id: "x", select: long }))],
  ["the id of an answer", call("read_answer", (long) => ({ id: long }))],
  ["a task's place", call("who_can_access", (long) => ({ repository: `acme/${long}` }))],
  [
    "the URI of a resource",
    (session, long) => session.readResource(`quay://organizations/${encodeURIComponent(long)}`),
  ],
  [
    "a URI that is none",
    (session, long) => session.readResource(`quay://nothing/${encodeURIComponent(long)}`),
  ],
  ["a cursor", (session, long) => session.listResourcePage(long)],
  ["the name of a prompt", (session, long) => session.getPrompt(long)],
  ["an argument of a prompt", (session, long) => session.getPrompt("check_mirrors", { namespace: long })],
  [
    "an argument that a prompt has not",
    (session, long) => session.getPrompt("check_mirrors", { namespace: "acme", [long]: "x" }),
  ],
];

describe.each(revisions.slice(1))("a client of protocol $revision", ({ connectOver }) => {
  it.each(attempts)(
    "is told little of %s that has a megabyte, and nothing in it acts",
    async (what, make) => {
      const settings = { allow: "destructive", protect: "acme/prod-*", surface: "search" };
      const session = await connectInside(
        { connectOver },
        { url: registry.url, token: registry.tokens.superuser, settings },
      );
      for (const long of [name, megabyte]) {
        const error = await make(session, long).then(
          () => expect.unreachable("it was answered"),
          (reason: unknown) => reason as Error & { data?: unknown },
        );
        expect(error.message.length).toBeLessThan(4000);
        expect(JSON.stringify(error.data ?? null).length).toBeLessThan(4000);
        expect(error.message.match(/x{600}/)).toBeNull();
        // What prompts are filled in with is a person's, and quoted instead of marked.
        if (what.includes("prompt")) expect(error.message).not.toMatch(/\/\/|\]\(|<\/|[\u202E\u{E0049}]/u);
        else expect(flawsOf(error.message, { sentence: true })).toEqual([]);
      }
    },
  );
});

it("the audit log has little of it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "audit-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "log");
  const audit = openAudit(file);
  const runtime = createRuntime(readSettings({ allow: "destructive", confirm: "never" }, {}), {
    connection: { url: registry.url, token: registry.tokens.superuser },
    secrets: noSecrets,
    audit,
  });
  for (const long of [name, megabyte]) {
    const calls: [string, Record<string, unknown>][] = [
      [long, {}],
      ["get_repository", { repository: `acme/${long}` }],
      ["delete_tag", { ...app, tag: long }],
      ["delete_tags", { ...app, tags: [long] }],
      ["create_organization_application", { orgname: "acme", name: long }],
    ];
    for (const [tool, given] of calls)
      await runtime.call(tool, given, { means: "nothing" }).catch(() => undefined);
  }
  await runtime.close();
  audit.close();
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line.length).toBeLessThan(20_000);
});
