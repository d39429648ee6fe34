/** Whatever a client is told stays within `--answer-tokens`, however much the registry, Quay or the caller has to say. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { unmark } from "../../src/answer/mark.ts";
import type { Repository } from "../../src/registry/state.ts";
import { type Serving, serve } from "../http/serve.ts";
import { json, startServer } from "../quay/server.ts";
import { eras, type Form } from "../support/asking.ts";
import { shareRegistry } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();
const app = { repository: "acme/app" };
const tokens = 500;
const flags = { allow: "destructive", brake: "0", answerTokens: String(tokens) };

/** Text of which each character takes several when it is shown. */
const attack = "![x](https://evil.example/) \u202E\u{E0049} <data-482913> ";
const long = (characters: number) => attack.repeat(Math.ceil(characters / attack.length));

const namespaceOf = (name: string) => registry.state.namespaces.get(name)!;
const repositoryOf = (name: string): Repository => namespaceOf("acme").repositories.get(name)!;

/** The registry behind something that spoils what it answers, or answers instead. */
async function startFront(answer: (path: string, body: Record<string, unknown>) => [number, unknown]) {
  return startServer((request, response) => {
    const path = request.url ?? "";
    const headers = { authorization: request.headers.authorization ?? "" };
    fetch(registry.url + path, { headers }).then(
      async (answered) => json(response, ...answer(path, (await answered.json()) as Record<string, unknown>)),
      () => response.destroy(),
    );
  });
}

const costs = (text: string) => encode(text, { disallowedSpecial: new Set() }).length;

describe.each(revisions.slice(1))("to a client of protocol $revision", ({ connectTo }) => {
  let server: Serving;
  let session: Session;

  beforeAll(async () => {
    server = await serve(registry, flags);
    session = await connectTo(server.as(registry.tokens.superuser));
  });
  afterAll(async () => {
    await session.close();
    await server.close();
  });

  /** A session of one test with a server of its own. */
  async function sessionWith(own: Readonly<Record<string, string>>, url = registry.url): Promise<Session> {
    const other = await serve({ url }, { ...flags, ...own });
    const connected = await connectTo(other.as(registry.tokens.superuser));
    onTestFinished(async () => {
      await connected.close();
      await other.close();
    });
    return connected;
  }

  /** Reads all that is kept under an id. */
  async function readAll(reader: Session, id: string, select: string): Promise<unknown[]> {
    const parts: unknown[] = [];
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { text } = await reader.callTool("read_answer", { id, select, page });
      expect(costs(text)).toBeLessThanOrEqual(tokens);
      const part = JSON.parse(text) as { answer: unknown; pages: number };
      ({ pages } = part);
      parts.push(unmark(part.answer));
    }
    return parts;
  }

  const idIn = (text: string) => /read_answer with id \\*"([\w-]{22})\\*"/.exec(text)?.[1] ?? "none";

  it("the former text of a huge description is kept, and not shown cut", async () => {
    const before = long(20_000);
    repositoryOf("app").description = before;
    const { text } = await session.callTool("update_repository", { ...app, description: "short" });
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const { undo, status } = JSON.parse(text) as {
      undo: { tool: string; arguments: string };
      status: number;
    };
    expect(status).toBe(200);
    expect(undo).toEqual({
      tool: "update_repository",
      arguments: expect.stringMatching(
        /^Too large to show: read_answer with id "[\w-]{22}", select "undo\.arguments"\.$/,
      ),
    });
    const parts = await readAll(session, idIn(undo.arguments), "undo.arguments.description");
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.join("")).toBe(before);
    expect(await readAll(session, idIn(undo.arguments), "undo.arguments.repository")).toEqual(["acme/app"]);
  });

  it("what goes on after it is kept where it is huge, and the answer is cut besides", async () => {
    const next_page = `gAAAAA${"x".repeat(50_000)}`;
    const front = await startFront((_path, body) => [200, { ...body, next_page }]);
    const own = await sessionWith({}, front.url);
    const { text } = await own.callTool("list_repositories", { namespace: "acme", max_items: 1000 });
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const { next } = JSON.parse(text) as { next: string };
    expect(next).toMatch(/^Too large to show: read_answer with id "[\w-]{22}", select "next"\.$/);
    expect((await readAll(own, idIn(next), "next.next_page")).join("")).toBe(next_page);
  });

  it.each([
    ["100 kB of words", { message: long(100_000) }],
    ["100 kB of blanks", { message: `${" ".repeat(100_000)}evil` }],
    ["100 kB of tags", { message: "<a ".repeat(33_000) }],
    [
      "100 kB of a schema",
      { message: `it is wrong${" ".repeat(100_000)}Failed validating 'type' in schema` },
    ],
    [
      "many arguments",
      { message: Object.fromEntries([...Array(500).keys()].map((n) => [long(200) + n, long(200)])) },
    ],
    ["a long type", { detail: "evil", error_type: long(1000) }],
    ["many errors", { errors: Array.from({ length: 500 }, () => ({ code: long(300), message: long(300) })) }],
  ])("an error of Quay is with %s", async (_what, body) => {
    const front = await startFront(() => [400, body]);
    const own = await sessionWith({}, front.url);
    const begun = performance.now();
    const { text, isError } = await own.callTool("get_repository", app);
    expect(performance.now() - begun).toBeLessThan(8000);
    expect(isError).toBe(true);
    expect(text).toMatch(/^Quay answered 400/);
    expect(text).toContain("Check the arguments");
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const preview = await own.callTool("delete_tag", { ...app, tag: "v1.0" });
    expect(costs(preview.text)).toBeLessThanOrEqual(tokens);
    const task = await own.callTool("who_can_access", { namespace: "acme" });
    expect(costs(task.text)).toBeLessThanOrEqual(tokens);
    await expect(own.readResource("quay://repositories/acme/app")).rejects.toSatisfy(
      (error: Error) => costs(error.message) <= tokens,
    );
  });

  it("an error in the middle of a list leaves room for what was read", async () => {
    const front = await startFront((path, body) =>
      path.includes("page=2") ? [400, { message: long(100_000) }] : [200, body],
    );
    const own = await sessionWith({}, front.url);
    const { text } = await own.callTool("list_tags", { ...app, limit: 2, max_items: 20 });
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const said = JSON.parse(text) as { answer: { tags: unknown[] }; error: string; next: object };
    expect(said.answer.tags).toHaveLength(2);
    expect(said.error).toMatch(/^Quay answered 400: <data-/);
    expect(said.next).toMatchObject({ page: 2 });
  });

  it("a preview is cut, its code is not, and all of it is kept", async () => {
    const repository = repositoryOf("telemetry");
    const [some] = repository.tags;
    for (let number = 0; number < 180; number += 1)
      repository.tags.push({ ...some!, name: `bulk-${number}`, id: 1_000_000 + number } as never);
    const names = Array.from({ length: 180 }, (_, number) => `bulk-${number}`);
    const given = { repository: "acme/telemetry", tags: names };
    const { text } = await session.callTool("delete_tags", given);
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const { preview, confirm, note, next } = JSON.parse(text);
    expect(preview).toMatchObject({ call: "Delete tags", now: { number: 180 } });
    expect(preview.now.tags.length).toBeGreaterThan(0);
    expect(note).toContain("cut to fit");
    expect(next).toContain("Show the user the preview");
    const shown = await readAll(session, idIn(note), "preview.now.tags[].tag");
    expect(shown.flat()).toEqual(names.toSorted());
    const done = await session.callTool("delete_tags", { ...given, confirm });
    expect(done.isError).toBe(false);
    expect(costs(done.text)).toBeLessThanOrEqual(tokens);
  });

  it("a request that is not sent is cut, and kept", async () => {
    const own = await sessionWith({ dryRun: "true" });
    const description = long(5_000);
    repositoryOf("app").description = description;
    const { text } = await own.callTool("update_repository", { ...app, description });
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const { request, preview, note, sent } = JSON.parse(text);
    expect([sent, request.method, preview.target]).toEqual([false, "PUT", "acme/app"]);
    expect(preview.undo).toEqual({ tool: "update_repository" });
    expect((await readAll(own, idIn(note), "request.body.description")).join("")).toBe(description);
    expect((await readAll(own, idIn(note), "preview.undo.arguments.description")).join("")).toBe(description);
  });

  it("a part of a kept answer is, with all that is left out of it", async () => {
    const wide = Object.fromEntries([...Array(60).keys()].map((n) => [`field${n}`, long(3000)]));
    const deep = [...Array(60).keys()].reduce<unknown>(
      (inner, n) => ({ [`a_rather_long_name_${n}`]: inner }),
      long(3000),
    );
    const front = await startFront((_path, body) => [200, { ...body, wide, deep }]);
    const own = await sessionWith({}, front.url);
    const { text } = await own.callTool("get_repository", app);
    expect(costs(text)).toBeLessThanOrEqual(tokens);
    const id = idIn(text);
    for (const given of [
      {},
      { select: "[wide]" },
      { select: "[deep]" },
      { select: "[[wide, deep], [deep]]" },
    ]) {
      const part = await own.callTool("read_answer", { id, ...given });
      expect(part.isError).toBe(false);
      expect(costs(part.text)).toBeLessThanOrEqual(tokens);
    }
  });

  it("sentences of a task are whole or left out, so that nothing in them loses its marker", async () => {
    const words = `one" two ” three “ ${"four ".repeat(30)}`;
    const front = await startFront((path, body) =>
      /\/(?:permissions|members|robots|prototypes)/.test(path) ? [400, { message: words }] : [200, body],
    );
    for (const answerTokens of ["500", "700", "1000"]) {
      const own = await sessionWith({ answerTokens }, front.url);
      const { text } = await own.callTool("who_can_access", { namespace: "acme" });
      expect(costs(text)).toBeLessThanOrEqual(Number(answerTokens));
      const outside = text.replace(/<data-(\d{6})>.*?<\/data-\1>/gs, "");
      expect(outside).not.toMatch(/four|three|characters left out/);
    }
  });
});

describe("a form", () => {
  const [, newest] = eras;

  async function formOf(tool: string, given: Record<string, unknown>): Promise<Form> {
    const server = await serve(registry, flags);
    const forms: Form[] = [];
    const asking = await newest!.connect(server.as(registry.tokens.superuser), (form) => {
      forms.push(form);
      return { action: "decline" };
    });
    await asking.callTool(tool, given);
    await asking.close();
    await server.close();
    expect(forms).toHaveLength(1);
    return forms[0]!;
  }

  it("shows each of 200 tags of usual names", async () => {
    const repository = repositoryOf("weather");
    const [some] = repository.tags;
    const names = Array.from({ length: 200 }, (_, number) => `2026-11-21-nightly-${number}`);
    for (const name of names) repository.tags.push({ ...some!, name } as never);
    const { message } = await formOf("delete_tags", { repository: "acme/weather", tags: names });
    for (const name of names) expect(message).toContain(`tag ${name};`);
    expect(message.length).toBeLessThan(20_000);
  });

  it("has at most 20,000 characters, says how much it leaves out, and ends with what is to be typed", async () => {
    const repository = repositoryOf("weather");
    const [some] = repository.tags;
    const names = Array.from({ length: 200 }, (_, number) => `${"x".repeat(120)}${number}`);
    for (const name of names) repository.tags.push({ ...some!, name } as never);
    const { message } = await formOf("delete_tags", { repository: "acme/weather", tags: names });
    expect(message.length).toBeLessThan(20_000);
    expect(message).toMatch(/\n {2}- … and \d+ more\n/);
    expect(message).toMatch(/To go ahead, type acme\/weather: 200 tags$/);
  });

  it("stays so whatever the texts are that would be lost", async () => {
    const given = { ...app, title: long(100_000), event: "repo_push", method: "webhook", eventConfig: {} };
    const config = { url: `https://new.example/${"x".repeat(50_000)}` };
    const { message, requestedSchema } = await formOf("create_repository_notification", { ...given, config });
    expect(message.length).toBeLessThan(20_000);
    expect(JSON.stringify(requestedSchema).length).toBeLessThan(10_000);
  });
});
