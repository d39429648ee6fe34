import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openAudit } from "../../src/audit/audit.ts";
import type { Outcome } from "../../src/call/context.ts";
import { readSettings } from "../../src/config.ts";
import type { ConfirmingMeans, Question, Reply } from "../../src/guard/confirmation.ts";
import { createRuntime, type Runtime, type RuntimeParts } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { changesOf } from "../support/changes.ts";
import { shareRegistry } from "../support/registry.ts";

let time: number;
const registry = await shareRegistry();
beforeEach(() => {
  time = Date.now();
});

const minute = 60_000;
const repository = "acme/app";
const deleteLatest = { repository, tag: "latest" };

/** A server with these flags, in this process, so that its clock can be set. */
function start(flags: Record<string, string | boolean> = {}, parts: Partial<RuntimeParts> = {}): Runtime {
  return createRuntime(readSettings({ allow: "destructive", ...flags }, {}), {
    connection: { url: registry.url, token: registry.tokens.superuser },
    secrets: noSecrets,
    audit: undefined,
    now: () => time,
    ...parts,
  });
}

/** Makes a tag that nothing else looks at, beside the registry's log of requests. */
async function tagged(name: string, from = "v2.4"): Promise<Record<string, unknown>> {
  await setTag(name, await digestOf(from));
  registry.requests.length = 0;
  return { repository, tag: name };
}

async function setTag(name: string, digest: string): Promise<void> {
  await ask("PUT", `/repository/${repository}/tag/${name}`, { manifest_digest: digest });
}

async function digestOf(tag: string): Promise<string> {
  const { tags } = await ask("GET", `/repository/${repository}/tag/?onlyActiveTags=true&specificTag=${tag}`);
  return tags[0].manifest_digest;
}

async function ask(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${registry.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${registry.tokens.superuser}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  const text = await answer.text();
  return text.startsWith("{") ? JSON.parse(text) : undefined;
}

function codeOf(outcome: Outcome): string {
  if (outcome.kind !== "notice" || !("confirm" in outcome.notice)) throw new Error(outcome.kind);
  return outcome.notice.confirm;
}

function questionOf(outcome: Outcome): Question {
  if (outcome.kind !== "question") throw new Error(outcome.kind);
  return outcome.question;
}

/** The two ways in which a call comes back confirmed. */
const ways: readonly {
  readonly way: string;
  readonly means: ConfirmingMeans;
  readonly again: (outcome: Outcome, given: Record<string, unknown>) => Again;
}[] = [
  {
    way: "a code",
    means: "code",
    again: (outcome, given) => ({ given: { ...given, confirm: codeOf(outcome) }, reply: undefined }),
  },
  {
    way: "an answered form",
    means: "form",
    again: (outcome, given) => ({ given, reply: consent(questionOf(outcome)) }),
  },
];

interface Again {
  readonly given: Record<string, unknown>;
  readonly reply: Reply | undefined;
}

function consent({ state, name }: Question): Reply {
  return { state, action: "accept", name };
}

describe.each(ways)("a call that comes back with $way", ({ means, again }) => {
  const first = (runtime: Runtime, given: Record<string, unknown>) =>
    runtime.call("delete_tag", given, { means });
  const second = (runtime: Runtime, { given, reply }: Again, tool = "delete_tag") =>
    runtime.call(tool, given, { means, reply });

  it("is sent", async () => {
    const runtime = start();
    const given = await tagged(`sent-${means}`);
    const confirmed = again(await first(runtime, given), given);
    expect(changesOf(registry)).toEqual([]);
    expect(await second(runtime, confirmed)).toMatchObject({
      kind: "answer",
      answer: { status: 204, undo: { tool: "restore_tag" } },
    });
    expect(changesOf(registry)).toEqual([`DELETE /api/v1/repository/acme/app/tag/${given.tag} 204`]);
    await runtime.close();
  });

  it("is refused when it comes a second time, although its target is there again", async () => {
    const runtime = start();
    const given = await tagged(`twice-${means}`);
    const confirmed = again(await first(runtime, given), given);
    await second(runtime, confirmed);
    await tagged(`twice-${means}`);
    await expect(second(runtime, confirmed)).rejects.toThrow(/already used/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused after ten minutes", async () => {
    const runtime = start();
    const confirmed = again(await first(runtime, deleteLatest), deleteLatest);
    time += 10 * minute + 1000;
    await expect(second(runtime, confirmed)).rejects.toThrow(/ten minutes/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused with other arguments, and for another tool", async () => {
    const runtime = start();
    const confirmed = again(await first(runtime, deleteLatest), deleteLatest);
    const named = (name: string) => confirmed.reply && { ...confirmed.reply, name };
    const other = { given: { ...confirmed.given, tag: "v2.4" }, reply: named("acme/app:v2.4") };
    await expect(second(runtime, other)).rejects.toThrow(/not belong to this call|no.* code for this call/);
    const { confirm } = confirmed.given;
    const elsewhere = { given: { repository, ...(confirm ? { confirm } : {}) }, reply: named(repository) };
    await expect(second(runtime, elsewhere, "delete_repository")).rejects.toThrow(/was not sent/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused where the target changed meanwhile", async () => {
    const runtime = start();
    const given = await tagged(`moved-${means}`);
    const confirmed = again(await first(runtime, given), given);
    await setTag(`moved-${means}`, await digestOf("v2.3"));
    registry.requests.length = 0;
    await expect(second(runtime, confirmed)).rejects.toThrow(/no longer what it was/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused where the target is gone meanwhile", async () => {
    const runtime = start();
    const given = await tagged(`gone-${means}`);
    const confirmed = again(await first(runtime, given), given);
    await ask("DELETE", `/repository/${repository}/tag/${given.tag}`);
    registry.requests.length = 0;
    await expect(second(runtime, confirmed)).rejects.toThrow(/there is no acme\/app:gone/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused where what it would create is there meanwhile", async () => {
    const runtime = start();
    const name = `acme/made-${means}`;
    const given = { repository: name, visibility: "public", description: "" };
    const asked = await runtime.call("create_repository", given, { means });
    await ask("POST", "/repository", {
      namespace: "acme",
      repository: `made-${means}`,
      visibility: "private",
      description: "",
    });
    registry.requests.length = 0;
    await expect(second(runtime, again(asked, given), "create_repository")).rejects.toThrow(/no longer/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is refused by another server, and by one with another policy or token", async () => {
    const runtime = start();
    const confirmed = again(await first(runtime, deleteLatest), deleteLatest);
    for (const other of [start(), start({ brake: "3" }), start({ confirm: "code" })]) {
      await expect(second(other, confirmed)).rejects.toThrow(/was not sent/);
      await other.close();
    }
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });
});

describe("a reply to a question", () => {
  const call = (runtime: Runtime, reply?: Reply) =>
    runtime.call("delete_tag", deleteLatest, { means: "form", reply });

  it.each<[string, Partial<Reply>, RegExp]>([
    ["without a state", { state: undefined }, /does not belong/],
    ["with a made-up state", { state: "A".repeat(64) }, /does not belong/],
    ["that is a no", { action: "decline" }, /declined/],
    ["that is none", { action: undefined }, /did not answer/],
    ["with another name", { name: "acme/app" }, /another name/],
    ["with a list for a name", { name: ["acme/app:latest"] }, /another name/],
  ])("%s does nothing", async (_what, change, words) => {
    const runtime = start();
    const question = questionOf(await call(runtime));
    await expect(call(runtime, { ...consent(question), ...change })).rejects.toThrow(words);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("that was a no cannot become a yes", async () => {
    const runtime = start();
    const question = questionOf(await call(runtime));
    await expect(call(runtime, { ...consent(question), action: "decline" })).rejects.toThrow(/declined/);
    await expect(call(runtime, consent(question))).rejects.toThrow(/already used/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is heard also where the call need not be confirmed any more", async () => {
    const runtime = start();
    const given = { ...(await tagged("freed")), manifest_digest: await digestOf("v2.3") };
    const first = await runtime.call("update_tag", given, { means: "form" });
    const question = questionOf(first);
    await ask("DELETE", `/repository/${repository}/tag/freed`);
    registry.requests.length = 0;
    const decline = { ...consent(question), action: "decline" };
    await expect(runtime.call("update_tag", given, { means: "form", reply: decline })).rejects.toThrow(
      /declined/,
    );
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("is no code, and a code is none", async () => {
    const runtime = start();
    const question = questionOf(await call(runtime));
    const asCode = { ...deleteLatest, confirm: question.state };
    await expect(runtime.call("delete_tag", asCode, { means: "code" })).rejects.toThrow(/not a code/);
    const code = codeOf(await runtime.call("delete_tag", deleteLatest, { means: "code" }));
    await expect(call(runtime, { ...consent(question), state: code })).rejects.toThrow(/does not belong/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });
});

describe("the policy of confirmation", () => {
  const irreversible = { tool: "delete_repository", given: { repository: "acme/weather" } };
  const restorable = { tool: "delete_tag", given: deleteLatest };
  const refused = "refused";

  it.each<[string, ConfirmingMeans, string, string]>([
    // policy, what the client can do, what becomes of delete_tag, and of delete_repository
    ["auto", "form", "question", "question"],
    ["auto", "terminal", "question", "question"],
    ["auto", "code", "notice", refused],
    ["auto", "nothing", refused, refused],
    ["ask", "form", "question", "question"],
    ["ask", "code", refused, refused],
    ["ask", "nothing", refused, refused],
    ["code", "form", "question", "question"],
    ["code", "code", "notice", "notice"],
    ["code", "nothing", refused, refused],
    ["never,delete_tag=ask", "code", refused, "answer"],
    ["ask,tag=code", "code", "notice", refused],
    ["auto,tag=code,delete_tag=ask", "code", refused, refused],
  ])("%s, where the client can do %s", async (confirm, means, ofTag, ofRepository) => {
    const runtime = start({ confirm });
    const become = async ({ tool, given }: typeof irreversible | typeof restorable) => {
      try {
        return (await runtime.call(tool, given, { means })).kind;
      } catch (error) {
        expect(String(error)).toMatch(/was not sent: .*--confirm/);
        return refused;
      }
    };
    expect([await become(restorable), await become(irreversible)]).toEqual([ofTag, ofRepository]);
    expect(changesOf(registry)).toHaveLength([ofTag, ofRepository].filter((one) => one === "answer").length);
    await runtime.close();
  });

  it("never sends at once, whatever the client can do", async () => {
    const runtime = start({ confirm: "never" });
    const given = await tagged("unasked");
    expect(await runtime.call("delete_tag", given, { means: "form" })).toMatchObject({ kind: "answer" });
    await runtime.close();
  });

  it("does not ask about what is not there", async () => {
    const runtime = start();
    const call = runtime.call("delete_tag", { repository, tag: "nosuch" }, { means: "form" });
    await expect(call).rejects.toThrow(/there is no acme\/app:nosuch, or this token may not see it/);
    await runtime.close();
  });

  it("does not ask about what cannot be read", async () => {
    const runtime = start({}, { connection: { url: registry.url, token: registry.tokens.outsider } });
    const call = runtime.call("delete_tag", deleteLatest, { means: "form" });
    await expect(call).rejects.toThrow(/could not be read|there is no/);
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });
});

describe("an escalated call", () => {
  it("needs destructive access, and is told why; the same tool otherwise needs write", async () => {
    const runtime = start({ allow: "write", confirm: "never" });
    const given = await tagged("plain");
    const digest = await digestOf("v2.3");
    const move = runtime.call("update_tag", { ...given, manifest_digest: digest }, { means: "nothing" });
    await expect(move).rejects.toThrow(
      /as grave as a destructive call: manifest_digest changes from "sha256:.*--allow write,update_tag=destructive/,
    );
    const anew = { repository, tag: "plain-too", manifest_digest: digest };
    expect(await runtime.call("update_tag", anew, { means: "nothing" })).toMatchObject({ kind: "answer" });
    expect(changesOf(registry)).toEqual(["PUT /api/v1/repository/acme/app/tag/plain-too 201"]);
    await runtime.close();
  });
});

describe("the brake", () => {
  it("stops destructive calls beyond its limit and lets others pass", async () => {
    const runtime = start({ confirm: "never", brake: "2" });
    const given = await Promise.all(["one", "two", "three"].map((name) => tagged(`brake-${name}`)));
    const remove = (index: number) => runtime.call("delete_tag", given[index]!, { means: "nothing" });
    await remove(0);
    await remove(1);
    await expect(remove(2)).rejects.toThrow(/--brake 2/);
    const star = { repository };
    expect(await runtime.call("star_repository", star, { means: "nothing" })).toMatchObject({
      kind: "answer",
    });
    time += minute + 1;
    expect(await remove(2)).toMatchObject({ kind: "answer" });
    await runtime.close();
  });

  it.each(ways)("leaves $way good for later when it stops the call", async ({ means, again }) => {
    const runtime = start({ brake: "1" });
    const given = await Promise.all(["first", "second"].map((name) => tagged(`late-${means}-${name}`)));
    const remove = ({ given, reply }: Again) => runtime.call("delete_tag", given, { means, reply });
    const confirmed = await Promise.all(
      given.map(async (each) => again(await runtime.call("delete_tag", each, { means }), each)),
    );
    await remove(confirmed[0]!);
    await expect(remove(confirmed[1]!)).rejects.toThrow(
      /1 destructive or escalated call was made.*--brake 1/,
    );
    time += minute + 1;
    expect(await remove(confirmed[1]!)).toMatchObject({ kind: "answer" });
    await expect(remove(confirmed[1]!)).rejects.toThrow(/was not sent/);
    await runtime.close();
  });

  it.each(ways)("stops a call before it asks for $way", async ({ means }) => {
    const runtime = start({ brake: "1", confirm: "auto,update_tag=never" });
    const { tag } = await tagged(`asked-${means}`);
    const moved = { repository, tag, manifest_digest: await digestOf("v2.3") };
    await runtime.call("update_tag", moved, { means });
    await expect(runtime.call("delete_tag", deleteLatest, { means })).rejects.toThrow(/--brake 1/);
    await runtime.close();
  });

  it("counts no more than its limit when confirmed calls come at once", async () => {
    const runtime = start({ brake: "2" });
    const given = await Promise.all([1, 2, 3, 4, 5].map((number) => tagged(`at-once-${number}`)));
    const codes = await Promise.all(
      given.map(async (each) => codeOf(await runtime.call("delete_tag", each, { means: "code" }))),
    );
    registry.requests.length = 0;
    const calls = given.map((each, index) =>
      runtime.call("delete_tag", { ...each, confirm: codes[index] }, { means: "code" }),
    );
    await Promise.allSettled(calls);
    expect(changesOf(registry)).toHaveLength(2);
    await runtime.close();
  });

  it("says that the code is used up where another call came between", async () => {
    // As another replica's call would, just after the brake was looked at.
    const brakes = { wouldAdmit: async () => true, admit: async () => false };
    const runtime = start({}, { brakes });
    const given = await tagged("between");
    const confirm = codeOf(await runtime.call("delete_tag", given, { means: "code" }));
    await expect(runtime.call("delete_tag", { ...given, confirm }, { means: "code" })).rejects.toThrow(
      /--brake 10.* The code is used up: call without confirm/,
    );
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("does not count calls that were only asked about or refused", async () => {
    const runtime = start({ brake: "1" });
    for (let asked = 0; asked < 3; asked++) await runtime.call("delete_tag", deleteLatest, { means: "code" });
    await expect(runtime.call("delete_tag", deleteLatest, { means: "nothing" })).rejects.toThrow();
    const given = await tagged("counted");
    const confirm = codeOf(await runtime.call("delete_tag", given, { means: "code" }));
    expect(await runtime.call("delete_tag", { ...given, confirm }, { means: "code" })).toMatchObject({
      kind: "answer",
    });
    await runtime.close();
  });
});

describe("a dry run", () => {
  it("answers the request, the preview and the undo, and sends nothing that changes anything", async () => {
    const runtime = start({ dryRun: true });
    const outcome = await runtime.call(
      "set_repository_user_permission",
      { repository, username: "bob", role: "admin" },
      { means: "form" },
    );
    expect(outcome).toMatchObject({
      kind: "notice",
      notice: {
        sent: false,
        dryRun: true,
        request: {
          method: "PUT",
          path: "/api/v1/repository/acme/app/permissions/user/bob",
          body: { role: "admin" },
        },
        preview: { because: expect.stringContaining("admin"), undo: expect.any(Object) },
      },
    });
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });

  it("hides the credentials of the request", async () => {
    const runtime = start({ dryRun: true });
    const password = "correct-horse-battery";
    const outcome = await runtime.call(
      "superuser_update_user",
      { username: "bob", password },
      { means: "nothing" },
    );
    expect(outcome.kind).toBe("notice");
    expect(JSON.stringify(outcome)).not.toContain(password);
    await runtime.close();
  });

  it("needs the access that the call would need", async () => {
    const runtime = start({ allow: "write", dryRun: true });
    const destructive = runtime.call("delete_tag", deleteLatest, { means: "nothing" });
    await expect(destructive).rejects.toThrow(/--allow destructive/);
    await runtime.close();
  });

  it("still reads", async () => {
    const runtime = start({ dryRun: true });
    expect(await runtime.read("list_tags", { repository })).toMatchObject({ status: 200 });
    await runtime.close();
  });
});

describe("a call that is given up before it is sent", () => {
  it("is not sent, although nobody need confirm it", async () => {
    const runtime = start({ confirm: "never" });
    const call = runtime.call("delete_tag", deleteLatest, { means: "nothing", signal: AbortSignal.abort() });
    await expect(call).rejects.toThrow();
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });
});

describe("what the guard itself reads", () => {
  it("need not be among the tools of this server", async () => {
    const runtime = start({ tools: "delete_tag" });
    expect(await runtime.call("delete_tag", deleteLatest, { means: "code" })).toMatchObject({
      kind: "notice",
    });
    await runtime.close();
  });
});

describe("the audit log of calls", () => {
  it("tells what was asked, announced, sent and refused, without the arguments", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "quay-mcp-")), "audit.jsonl");
    const audit = openAudit(file);
    const runtime = start({}, { audit });
    const given = await tagged("logged");
    const confirm = codeOf(await runtime.call("delete_tag", given, { means: "code" }));
    await runtime.call("delete_tag", { ...given, confirm }, { means: "code" });
    await expect(runtime.call("delete_tag", { ...given, confirm }, { means: "code" })).rejects.toThrow();
    await expect(runtime.call("delete_tag", { repositry: "x" }, { means: "code" })).rejects.toThrow();
    await runtime.read("list_tags", { repository });
    await runtime.close();
    audit.close();
    const lines = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const told = lines
      .slice(1, -1)
      .map(({ event, tool, target, decision, confirmed, status, reason }) => [
        event,
        tool,
        target,
        decision,
        confirmed,
        status,
        reason,
      ]);
    const target = "acme/app:logged";
    const none = undefined;
    expect(told).toEqual([
      ["record", "delete_tag", target, "asked", none, none, none],
      ["announce", "delete_tag", target, "sent", "code", none, none],
      ["record", "delete_tag", target, "sent", "code", 204, none],
      ["record", "delete_tag", target, "refused", none, none, expect.stringMatching(/there is no/)],
      ["record", "delete_tag", none, "refused", none, none, "wrong arguments"],
      ["record", "list_tags", repository, "sent", none, 200, none],
    ]);
    expect(JSON.stringify(lines)).not.toContain(confirm);
  });

  it("tells what an early refusal was about, and of a tool that there is none of, and by which entrance", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "quay-mcp-")), "audit.jsonl");
    const audit = openAudit(file);
    const runtime = start({ allow: "read", namespaces: "shop" }, { audit, caller: "stdio" });
    await expect(runtime.call("delete_tag", deleteLatest, { means: "code" })).rejects.toThrow(/--allow/);
    await expect(runtime.read("list_tags", { repository })).rejects.toThrow(/is outside/);
    await expect(runtime.read("get_my_user", {})).rejects.toThrow(/cannot be confined/);
    await expect(runtime.call("drop_tag", deleteLatest, { means: "code" })).rejects.toThrow(/no tool/);
    await runtime.close();
    audit.close();
    const lines = (await readFile(file, "utf8")).trim().split("\n").slice(1, -1);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        tool: "delete_tag",
        target: "acme/app:latest",
        caller: "stdio",
        reason: expect.stringMatching(/allow/),
      },
      { tool: "list_tags", target: repository, caller: "stdio", reason: expect.stringMatching(/is outside/) },
      { tool: "get_my_user", caller: "stdio", reason: expect.stringMatching(/cannot be confined/) },
      { tool: "drop_tag", caller: "stdio", decision: "refused", reason: "no such tool" },
    ]);
  });

  it("that cannot be written keeps writes from being sent, and lets reads pass", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "quay-mcp-")), "audit.jsonl");
    const audit = openAudit(file, { warn: () => {} });
    await rm(file);
    const runtime = start({ confirm: "never" }, { audit });
    await expect(runtime.call("delete_tag", deleteLatest, { means: "nothing" })).rejects.toThrow(/audit log/);
    expect(await runtime.read("list_tags", { repository })).toMatchObject({ status: 200 });
    expect(changesOf(registry)).toEqual([]);
    await runtime.close();
  });
});
