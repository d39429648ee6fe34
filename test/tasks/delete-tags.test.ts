import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Audit, openAudit } from "../../src/audit/audit.ts";
import type { Entrance, Outcome } from "../../src/call/context.ts";
import { readSettings } from "../../src/config.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import type { Tag } from "../../src/registry/state.ts";
import { createRuntime, type Runtime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import type { Given } from "../../src/targets/target.ts";
import { json, startServer } from "../quay/server.ts";
import { type Answering, eras, type Form } from "../support/asking.ts";
import { changesOf } from "../support/changes.ts";
import { run } from "../support/program.ts";

const repository = "acme/app";
const previews = { repository, pattern: "pr-*", olderThan: "156h" };
const old = ["pr-311", "pr-312", "pr-313", "pr-314", "pr-315", "pr-316"];

let registry: Registry;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  registry = await startRegistry();
  ends = [() => registry.close()];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

const inRegistry = () => registry.state.namespaces.get("acme")!.repositories.get("app")!;
const tagNamed = (name: string): Tag => inRegistry().tags.findLast((tag) => tag.name === name)!;
const deletions = () => changesOf(registry).map((line) => line.replace(/^DELETE .*\/tag\/(\S+) 204$/, "$1"));

interface Settings extends Record<string, string | boolean> {}

/** A server of this process. */
function open(
  settings: Settings = {},
  { url = registry.url, audit }: { url?: string; audit?: Audit } = {},
): Runtime {
  const runtime = createRuntime(readSettings({ allow: "destructive", confirm: "never", ...settings }, {}), {
    connection: { url, token: registry.tokens.superuser },
    secrets: noSecrets,
    audit,
  });
  ends.push(() => runtime.close());
  return runtime;
}

/** Calls it, and answers what is said to the assistant. */
async function callWith(runtime: Runtime, given: Given, entrance: Entrance = { means: "code" }) {
  return said(await runtime.call("delete_tags", given, entrance));
}

function said(outcome: Outcome): Record<string, never> {
  if (outcome.kind === "question") throw new Error("a question");
  return (outcome.kind === "answer" ? outcome.answer.body.value : outcome.notice) as Record<string, never>;
}

/** A front before the registry. */
async function front(before: (method: string, path: string) => number | undefined): Promise<string> {
  const { url } = await startServer((request, response) => {
    const { method = "", url: path = "" } = request;
    const status = before(method, path);
    if (status !== undefined) return json(response, status, { message: "Broken on purpose." });
    const headers = { authorization: request.headers.authorization ?? "" };
    fetch(registry.url + path, { method, headers }).then(
      async (answer) =>
        response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text()),
      () => response.destroy(),
    );
  });
  return url;
}

describe("delete_tags", () => {
  it("deletes the named tags one by one, each once, and says what was not there or is immutable", async () => {
    const latest = tagNamed("latest").digest;
    const tags = ["v2.4", "latest", "latest", "v2.0", "v9"];
    expect(await callWith(open(), { repository, tags })).toEqual({
      deleted: { latest, "v2.4": latest },
      skipped: { "v2.0": "is immutable", v9: "is not there" },
      undo: {
        tool: "restore_tag",
        arguments: { repository, tag: "EACH_TAG", manifest_digest: "ITS_DIGEST" },
      },
    });
    expect(deletions()).toEqual(["latest", "v2.4"]);
  });

  it("deletes the tags that match a pattern and are older than an age, and no others", async () => {
    const { deleted, skipped } = await callWith(open(), previews);
    expect([Object.keys(deleted!), skipped]).toEqual([old, undefined]);
    expect(deletions()).toEqual(old);
    const { skipped: locked } = await callWith(open(), { repository, pattern: "v2.*", olderThan: "40d" });
    expect(locked).toEqual({ "v2.0": "is immutable", "v2.1": "is immutable" });
  });

  it("is taken back by restore_tag with each tag and its digest", async () => {
    const runtime = open();
    const { deleted } = await callWith(runtime, previews);
    const [[tag, manifest_digest]] = Object.entries(deleted!) as [[string, string]];
    await runtime.call("restore_tag", { repository, tag, manifest_digest }, { means: "code" });
    expect(tagNamed(tag)).toMatchObject({ digest: manifest_digest, end: null });
  });

  it.each<[string, Given, RegExp]>([
    ["neither tags nor a pattern", { repository }, /either "tags", or "pattern" and "olderThan"/],
    ["both", { ...previews, tags: ["v1.0"] }, /either "tags", or "pattern" and "olderThan"/],
    ["a pattern without an age", { repository, pattern: "pr-*" }, /either "tags"/],
    ["an age alone", { repository, olderThan: "1d" }, /either "tags"/],
    ["an age that is none", { ...previews, olderThan: "a month" }, /"olderThan" must be an age/],
    ["a pattern that no tag could match", { ...previews, pattern: "pr/*" }, /"pattern" must be made of/],
    ["no names", { repository, tags: [] }, /"tags" must not be empty/],
    [
      "more than 200 names",
      { repository, tags: Array.from({ length: 201 }, (_, index) => `t${index}`) },
      /at most 200/,
    ],
  ])("refuses %s without a request", async (_what, given, words) => {
    await expect(callWith(open(), given)).rejects.toThrow(words);
    expect(registry.requests).toEqual([]);
  });

  it("refuses a pattern that matches more than 200 tags, and takes 200", async () => {
    const { tags } = inRegistry();
    for (let index = 0; index < 201; index++)
      tags.push({ ...tagNamed("v1.0"), name: `many-${index}`, end: null });
    const given = { repository, pattern: "many-*", olderThan: "1d" };
    await expect(callWith(open(), given)).rejects.toThrow(/201 tags match.* at most 200 at once/);
    tagNamed("many-7").immutable = true;
    const { deleted } = await callWith(open(), given);
    expect(Object.keys(deleted!)).toHaveLength(200);
    expect(deletions()).toHaveLength(200);
  });

  it("refuses where nothing matches, can be deleted, or can be read", async () => {
    const runtime = open();
    await expect(callWith(runtime, { ...previews, olderThan: "9w" })).rejects.toThrow(
      /no tag of acme\/app that can be deleted matches pr-\* and is older than 9w/,
    );
    await expect(callWith(runtime, { repository, tags: ["v2.0", "nope"] })).rejects.toThrow(
      /none of these tags .*nope is not there, v2\.0 is immutable/,
    );
    await expect(callWith(runtime, { repository: "acme/nowhere", tags: ["a"] })).rejects.toThrow(
      /could not be read/,
    );
    expect(changesOf(registry)).toEqual([]);
  });

  it("gives a code with a preview of all tags, and acts once with it", async () => {
    const runtime = open({ confirm: "code" });
    const given = { repository, tags: ["latest", "v1.0", "v2.0"] };
    const { preview, confirm } = await callWith(runtime, given);
    const digest = (name: string) => tagNamed(name).digest.slice(0, 19);
    expect(preview).toEqual({
      call: "Delete tags",
      target: "acme/app: 3 tags",
      now: {
        number: 2,
        tags: ["latest", "v1.0"].map((name) => ({
          tag: name,
          digest: digest(name),
          since: expect.stringMatching(/^20..-..-..T/),
        })),
        digests_left_untagged: [digest("v1.0")],
        skipped: { "v2.0": "is immutable" },
        restorable: expect.stringMatching(/^for .* days/),
      },
      undo: { tool: "restore_tag", arguments: expect.anything() },
    });
    await expect(callWith(runtime, { repository, tags: ["latest"], confirm })).rejects.toThrow(
      /not a code for this call/,
    );
    expect(changesOf(registry)).toEqual([]);
    await callWith(runtime, { ...given, confirm });
    await expect(callWith(runtime, { ...given, confirm })).rejects.toThrow(/already used|none of these/);
    expect(deletions()).toEqual(["latest", "v1.0"]);
  });

  it.each<[string, (tags: Tag[]) => unknown]>([
    ["was moved", () => Object.assign(tagNamed("pr-313"), { digest: tagNamed("v1.0").digest })],
    [
      "was set anew to the same image",
      () => Object.assign(tagNamed("pr-313"), { start: tagNamed("pr-313").start + 1 }),
    ],
    ["is gone", () => Object.assign(tagNamed("pr-313"), { end: tagNamed("pr-313").start + 1 })],
    ["is locked", () => Object.assign(tagNamed("pr-313"), { immutable: true })],
    ["came to them", (tags) => tags.push({ ...tagNamed("pr-313"), name: "pr-1" })],
  ])("refuses a code where one of the tags %s since", async (_what, change) => {
    const runtime = open({ confirm: "code" });
    const { confirm } = await callWith(runtime, previews);
    change(inRegistry().tags);
    await expect(callWith(runtime, { ...previews, confirm })).rejects.toThrow(/no longer what it was/);
    expect(changesOf(registry)).toEqual([]);
  });

  it("leaves alone, and reports, a tag that changes while others are deleted", async () => {
    const url = await front((method) => {
      if (method === "DELETE") tagNamed("pr-313").digest = tagNamed("v1.0").digest;
      return undefined;
    });
    const { deleted, failed } = await callWith(open({}, { url }), previews);
    expect(Object.keys(deleted!)).toEqual(old.filter((name) => name !== "pr-313"));
    expect(failed).toEqual({ "pr-313": expect.stringMatching(/was not deleted: .* no longer what it was/) });
  });

  it("reports a tag that Quay does not delete, and goes on", async () => {
    const url = await front((_method, path) => (path.endsWith("/tag/pr-312") ? 503 : undefined));
    const { deleted, failed } = await callWith(open({}, { url }), previews);
    expect(Object.keys(deleted!)).toEqual(old.filter((name) => name !== "pr-312"));
    expect(failed).toEqual({ "pr-312": expect.stringMatching(/503/) });
  });

  it("stops where the repository becomes read-only in the middle, and says what was not tried", async () => {
    let sent = 0;
    const url = await front((method) => {
      if (method === "DELETE" && ++sent === 3) inRegistry().state = "READ_ONLY";
      return undefined;
    });
    const report = await callWith(open({}, { url }), previews);
    expect(Object.keys(report.deleted!)).toEqual(["pr-311", "pr-312"]);
    expect(Object.keys(report.failed!)).toEqual(["pr-313", "pr-314", "pr-315"]);
    expect(report).toMatchObject({ stopped: "3 failed in a row.", not_tried: ["pr-316"] });
  });

  it("stops between two tags where its caller gives up", async () => {
    const giveUp = new AbortController();
    let sent = 0;
    const url = await front((method) => {
      if (method === "DELETE" && ++sent === 2) giveUp.abort();
      return undefined;
    });
    const report = await callWith(open({}, { url }), previews, { means: "code", signal: giveUp.signal });
    expect(Object.keys(report.deleted!)).toEqual(["pr-311", "pr-312"]);
    expect(report).toMatchObject({ stopped: expect.stringMatching(/given up/), not_tried: old.slice(2) });
    expect(deletions()).toEqual(["pr-311", "pr-312"]);
  });

  it("counts once for the brake, and is held back by it", async () => {
    const runtime = open({ brake: "2" });
    await callWith(runtime, previews);
    await callWith(runtime, { repository, tags: ["v1.0", "v1.1", "v1.2"] });
    await expect(callWith(runtime, { repository, tags: ["v1.3", "v1.4"] })).rejects.toThrow(/--brake 2/);
    expect(deletions()).toHaveLength(9);
  });

  it("says in a dry run what it would send, and sends nothing", async () => {
    const notice = await callWith(open({ dryRun: true }), previews);
    expect(notice).toMatchObject({
      dryRun: true,
      request: old.map((tag) => ({ method: "DELETE", path: `/api/v1/repository/acme/app/tag/${tag}` })),
      preview: { target: "acme/app:pr-*", now: { number: 6 } },
    });
    expect(changesOf(registry)).toEqual([]);
  });

  it.each<[string, Settings, RegExp]>([
    ["the access", { allow: "write" }, /delete_tags is destructive, and this server allows write/],
    ["the access to delete_tag", { allow: "destructive,delete_tag=read" }, /allows read for it/],
    ["the access of delete_tag alone", { allow: "read,delete_tag=destructive" }, /allows read for it/],
    ["its own exclusion", { excludeTools: "delete_tags" }, /--exclude-tools/],
    ["the exclusion of delete_tag", { excludeTools: "delete_tag" }, /--exclude-tools/],
    ["the selection", { toolsets: "team" }, /not among the tools/],
    ["the scopes", { scopes: "repo:read" }, /needs a token with the scope repo:write/],
    ["the fence", { namespaces: "shop" }, /"acme\/app" is outside/],
    ["the protection", { protect: "acme/a*" }, /delete_tags would change "acme\/app"/],
    ["a policy that only asks", { confirm: "auto,delete_tag=ask" }, /cannot show a form/],
  ])("is held back by %s, with no request that changes anything", async (_what, settings, words) => {
    await expect(callWith(open(settings), previews)).rejects.toThrow(words);
    expect(changesOf(registry)).toEqual([]);
  });

  it("is no read", async () => {
    await expect(open().read("delete_tags", previews)).rejects.toThrow(/does not only read/);
    expect(registry.requests).toEqual([]);
  });

  it("leaves its own line in the audit log, and two for each tag", async () => {
    const directory = await mkdtemp(join(tmpdir(), "quay-mcp-"));
    ends.push(() => rm(directory, { recursive: true }));
    const file = join(directory, "audit.jsonl");
    const audit = openAudit(file);
    await callWith(open({}, { audit }), { repository, tags: ["v1.0", "v1.1"] });
    audit.close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const told = lines
      .map((line) => JSON.parse(line))
      .map(({ event, tool, target, confirmed, status }) => [event, tool, target, confirmed, status]);
    const own = "policy never for delete_tags";
    expect(told.slice(1, -1)).toEqual([
      ["announce", "delete_tag", "acme/app:v1.0", own, undefined],
      ["record", "delete_tag", "acme/app:v1.0", own, 204],
      ["announce", "delete_tag", "acme/app:v1.1", own, undefined],
      ["record", "delete_tag", "acme/app:v1.1", own, 204],
      ["record", "delete_tags", "acme/app: 2 tags", "policy never", undefined],
    ]);
  });

  it("can be called from the command line", async () => {
    const { status, stdout } = await run({
      settings: { QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser },
      flags: [
        "call",
        "delete_tags",
        JSON.stringify(previews),
        "--allow",
        "destructive",
        "--confirm",
        "never",
      ],
    });
    expect([status, Object.keys(JSON.parse(stdout).deleted)]).toEqual([0, old]);
  });
});

describe.each(eras)(
  "delete_tags with a client of protocol $revision whose user can be asked",
  ({ connect }) => {
    const connectWith = async (answer: Answering) => {
      const settings = { QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser };
      const session = await connect({ settings, flags: ["--allow", "destructive"] }, answer);
      ends.push(() => session.close());
      return session;
    };

    it("asks once for all tags, and tells how far it is", async () => {
      const forms: Form[] = [];
      const session = await connectWith((form) => {
        forms.push(form);
        return { action: "accept", content: { name: "acme/app:pr-*" } };
      });
      const told: { progress: number; total?: number | undefined }[] = [];
      const onprogress = (said: { progress: number; total?: number | undefined }) => void told.push(said);
      const { text, isError } = await session.callTool("delete_tags", previews, { onprogress });
      expect([isError, Object.keys(JSON.parse(text).deleted)]).toEqual([false, old]);
      expect(deletions()).toEqual(old);
      expect(forms).toHaveLength(1);
      for (const name of old)
        expect(forms[0]!.message).toContain(
          `tag ${name}; digest ${tagNamed(name).digest.slice(0, 19)}; since 20`,
        );
      expect(forms[0]!.message).toMatch(/taken back with restore_tag/);
      const [counted = [], totals] = [
        told.filter(({ total }) => total !== undefined).map(({ progress }) => progress),
        new Set(told.map(({ total }) => total).filter((total) => total !== undefined)),
      ];
      // The last may come too late, with the answer.
      expect(counted.length).toBeGreaterThanOrEqual(old.length - 1);
      expect(counted).toEqual([...new Set(counted)].sort((one, other) => one - other));
      expect(totals.size).toBe(1);
    });

    it("shows a long list of tags whole, a line for each", async () => {
      const { tags } = inRegistry();
      for (let index = 100; index < 300; index++)
        tags.push({ ...tagNamed("v1.0"), name: `many-${index}`, end: null });
      let shown = "";
      const session = await connectWith(({ message }) => {
        shown = message;
        return { action: "decline" };
      });
      await session.callTool("delete_tags", { repository, pattern: "many-*", olderThan: "1d" });
      expect(
        shown.split("\n").filter((line) => /^ {2}- tag many-\d+; digest sha256:/.test(line)),
      ).toHaveLength(200);
    });

    it.each<[string, Answering, RegExp]>([
      ["declines", () => ({ action: "decline" }), /declined/],
      ["types another name", () => ({ action: "accept", content: { name: "acme/app" } }), /another name/],
    ])("deletes nothing where its user %s", async (_what, answer, words) => {
      const session = await connectWith(answer);
      const { text, isError } = await session.callTool("delete_tags", previews);
      expect([isError, words.test(text)]).toEqual([true, true]);
      expect(changesOf(registry)).toEqual([]);
    });

    it("deletes nothing where a tag was moved while its user was asked", async () => {
      const session = await connectWith(() => {
        tagNamed("pr-314").digest = tagNamed("v1.0").digest;
        return { action: "accept", content: { name: "acme/app:pr-*" } };
      });
      const { text, isError } = await session.callTool("delete_tags", previews);
      expect([isError, /no longer what it was/.test(text)]).toEqual([true, true]);
      expect(changesOf(registry)).toEqual([]);
    });
  },
);
