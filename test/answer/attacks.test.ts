import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConfirmable } from "../../src/arguments.ts";
import { readSettings } from "../../src/config.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { createHandlers, type Handlers } from "../../src/mcp/handlers.ts";
import { listedTemplates } from "../../src/resources/templates.ts";
import { createRuntime } from "../../src/runtime.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import type { Given } from "../../src/targets/target.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { companyCalls } from "../guard/walk-company.ts";
import { json, startServer } from "../quay/server.ts";
import { noon } from "../registry/ask.ts";
import { eras } from "../support/asking.ts";
import { revisions } from "../support/revisions.ts";
import { firstOf, type Opened } from "../targets/open.ts";
import { rounds } from "../targets/rounds.ts";
import { callsOf, readingTools } from "./every-read.ts";
import { attackingError, canary, type Planted, startPlanted } from "./planted.ts";
import { flawsOf, type ShownIn } from "./shown.ts";

const tools = [...catalogue, ...tasks];
const listing = createWholeListing();
const toolNamed = (name: string) => tools.find((tool) => tool.name === name)!;

let planted: Planted;
let ownHost: string;
beforeAll(async () => {
  planted = await startPlanted();
  ownHost = new URL(planted.registry.url).host;
}, 60_000);
afterAll(() => planted.registry.close());

interface Shown {
  readonly text: string;
  readonly isError: boolean;
}

interface Caller {
  readonly me: string;
  readonly handlers: Handlers;
  readonly read: Opened["read"];
  readonly send: Opened["send"];
  readonly call: (tool: string, given: Given) => Promise<Shown>;
  /** What the user of a client that can show forms is asked. */
  readonly ask: (tool: string, given: Given) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

const signal = new AbortController().signal;
const asking = { canAsk: false, reply: undefined, ask: undefined, signal, progress() {} };

/** Somebody of the company with a server; answers are as large as they come, unless said otherwise. */
function callerOf(user: string, flags: Given = {}, url = planted.registry.url): Caller {
  const { registry, nameOf } = planted;
  const flagsOfAll = { allow: "destructive", confirm: "never", brake: "0", answerTokens: "1000000" };
  const settings = readSettings({ ...flagsOfAll, ...flags }, {});
  const me = nameOf(user);
  const [{ scopes } = { scopes: [] }] = registry.state.tokens.values();
  const runtime = createRuntime(settings, {
    connection: { url, token: registry.addToken({ user: me, scopes }) },
    secrets: { directory: undefined, reveal: settings.revealSecrets, environment: {} },
    audit: undefined,
    now: () => noon().getTime(),
  });
  const handlers = createHandlers(runtime, { listing, policy: createPolicy(settings, tools) }, () =>
    noon().getTime(),
  );
  return {
    me,
    handlers,
    read: async (tool, given) => (await runtime.read(tool, given)).body.value,
    async send(tool, given) {
      const outcome = await runtime.call(tool, given, { means: "nothing" });
      if (outcome.kind !== "answer") throw new Error(`${tool} was not sent`);
      return outcome.answer;
    },
    async call(tool, given) {
      const result = await handlers.callTool(tool, given, asking);
      const { content, isError } = result as { content: { text: string }[]; isError?: boolean };
      return { text: content[0]!.text, isError: isError === true };
    },
    async ask(tool, given) {
      const result = await handlers.callTool(tool, given, { ...asking, canAsk: true }).catch(() => undefined);
      const { inputRequests } = (result ?? {}) as {
        inputRequests?: Record<string, { params: { message: string } }>;
      };
      return Object.values(inputRequests ?? {})[0]?.params.message;
    },
    close: () => runtime.close(),
  };
}

/** What strangers wrote and no reading tool shows. */
const neverShown: readonly (readonly [fields: RegExp, why: string])[] = [
  [
    /^namespaces\.\*\.collections\.notifications\./,
    "Quay's reference has nothing about the notifications of organizations",
  ],
  [/^namespaces\.\*\.robots\.\*\.federation\./, "Quay's reference has no operation that reads them"],
  [/\.notifications\.\*\.config\.url$/, "it may hold a credential, and is redacted"],
  [/\.builds\.\*\.archive_url$/, "it holds a signature, and is redacted"],
  [/\.builds\.\*\.trigger\./, "a build is shown with its trigger as that is now"],
];

/** Tools that are never answered, though they only read. */
const neverAnswered: Readonly<Record<string, string>> = {
  get_app_token: "it yields a credential",
  get_my_autoprune_policy: "nobody in the company has one",
};

const seen = new Set<number>();
let flaws: string[] = [];

/** Looks at what a client got, and notes what is wrong with it. */
function look(where: string, { text, isError }: Shown, options: ShownIn = {}): void {
  for (const [, field] of text.matchAll(canary)) seen.add(Number(field));
  const found = flawsOf(text, { sentence: isError, ownHost, ...options });
  flaws.push(...found.map((flaw) => `${where}: ${flaw}`));
  for (const credential of planted.credentials)
    if (text.includes(credential)) flaws.push(`${where} shows ${credential}`);
}

/** The flaws since the last time. */
function noted(): string[] {
  const all = [...new Set(flaws)];
  flaws = [];
  return all;
}

describe("attacks in every text of a registry", () => {
  it("are marked in whatever a tool that reads answers, each of them somewhere", async () => {
    const answered = new Set<string>();
    for (const user of ["ada", "bob", "dave", "ivan"]) {
      const caller = callerOf(user);
      for (const tool of readingTools) {
        const isOwn = /_my_|starred|app_token/.test(tool.name);
        if (user !== "ada" && !isOwn) continue;
        for (const given of callsOf(planted.registry.state, tool, caller.me)) {
          const shown = await caller.call(tool.name, given);
          if (!shown.isError) answered.add(tool.name);
          look(tool.name, shown);
        }
      }
      await caller.close();
    }
    expect(noted()).toEqual([]);
    const unanswered = readingTools.filter(({ name }) => !answered.has(name));
    expect(unanswered.map(({ name }) => name).sort()).toEqual(Object.keys(neverAnswered).sort());
    const unseen = planted.fields.filter((_field, index) => !seen.has(index));
    expect(unseen.filter((field) => !neverShown.some(([fields]) => fields.test(field)))).toEqual([]);
    expect(neverShown.filter(([fields]) => !unseen.some((field) => fields.test(field)))).toEqual([]);
    expect(planted.fields.length).toBeGreaterThan(100);
  }, 120_000);

  it("are marked where an answer is cut, and in the rest of it", async () => {
    const caller = callerOf("ada", { answerTokens: "600" });
    let cut = 0;
    for (const tool of readingTools) {
      for (const given of callsOf(planted.registry.state, tool, caller.me).slice(0, 3)) {
        const shown = await caller.call(tool.name, given);
        look(tool.name, shown);
        const id = /read_answer with id \\"([\w-]+)\\"/.exec(shown.text)?.[1];
        if (id === undefined) continue;
        cut += 1;
        expect(encode(shown.text).length, tool.name).toBeLessThanOrEqual(600);
        look("read_answer", await caller.call("read_answer", { id }));
        look("read_answer", await caller.call("read_answer", { id, select: "nothing" }));
        look("quay://answers", {
          text: await caller.handlers.readResource(`quay://answers/${id}`, { signal }),
          isError: false,
        });
      }
    }
    await caller.close();
    expect(noted()).toEqual([]);
    expect(cut).toBeGreaterThan(60);
  }, 120_000);

  it("are marked in resources; completed are only names", async () => {
    const caller = callerOf("ada");
    const { handlers } = caller;
    const listed = new Set<string>();
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await handlers.listResources(cursor, { signal });
      for (const { uri, ...shown } of page.resources) {
        expect(uri).toMatch(/^quay:\/\/[\w./%+-]+$/);
        listed.add(uri);
        look("resources/list", { text: JSON.stringify(shown), isError: false });
      }
      cursor = page.nextCursor;
    }
    expect(listed.size).toBeGreaterThan(50);

    const read = new Set<string>();
    for (const { uriTemplate } of listedTemplates()) {
      let uris = [{ uri: uriTemplate, others: {} as Record<string, string> }];
      for (const [placeholder, variable = ""] of uriTemplate.matchAll(/\{(\w+)\}/g)) {
        const further = [];
        for (const { uri, others } of uris) {
          const completing = { of: { uriTemplate }, variable, typed: "", others };
          const { values } = await handlers.complete(completing, { signal });
          for (const value of values) expect(value).toMatch(/^[\w.:/+-]+$/);
          for (const value of values.slice(0, 12))
            further.push({
              uri: uri.replace(placeholder, encodeURIComponent(value)),
              others: { ...others, [variable]: value },
            });
        }
        uris = further;
      }
      for (const { uri } of uris.slice(0, 120)) {
        try {
          look(uriTemplate, { text: await handlers.readResource(uri, { signal }), isError: false });
          read.add(uriTemplate);
        } catch (error) {
          look(uriTemplate, { text: (error as Error).message, isError: true });
        }
      }
    }
    await caller.close();
    expect(noted()).toEqual([]);
    const unread = listedTemplates().filter(({ uriTemplate }) => !read.has(uriTemplate));
    expect(unread.map(({ uriTemplate }) => uriTemplate)).toEqual(["quay://answers/{id}"]);
  }, 120_000);

  it("are marked in previews, requests that are not sent, answers to writes, undos and errors", async () => {
    const { registry, named, nameOf } = planted;
    const free = callerOf("ada");
    const dry = callerOf("ada", { dryRun: true });
    const coding = callerOf("ada", { confirm: "code" });
    const opened: Opened = {
      registry,
      read: (tool, given) => free.read(tool, named(given)),
      send: (tool, given) => free.send(tool, named(given)),
      stateOf: () => Promise.reject(new Error("nothing asks for it")),
      close: () => free.close(),
    };
    const acme = { orgname: "acme" };
    const app = registry.state.namespaces.get(nameOf("acme"))!.repositories.get(nameOf("app"))!;
    const calls: (readonly [tool: string, make: () => Promise<Given>])[] = [
      ["delete_tags", async () => ({ repository: "acme/app", tags: ["v1.0", "v1.1"] })],
      [
        "update_organization_application",
        async () => {
          const { client_id } = await firstOf(opened, "list_organization_applications", acme, "applications");
          return { ...acme, client_id, name: "Same", application_uri: "", redirect_uri: "" };
        },
      ],
      ...companyCalls.map(([tool, make]) => [tool, async () => make(opened)] as const),
      ...rounds.map(([tool, , make]) => [tool, async () => (await make(opened)).given] as const),
    ];
    const counts = { made: 0, unsent: 0, codes: 0, questions: 0, done: 0, undone: 0 };
    for (const [tool, make] of calls) {
      app.state = "NORMAL";
      // A call may need what only its own kind of registry has.
      const made = await make().catch(() => undefined);
      if (made === undefined) continue;
      const given = named(made);
      counts.made += 1;
      const unsent = await dry.call(tool, given);
      if (!unsent.isError) counts.unsent += 1;
      look(`${tool}, dry run`, unsent);
      if (isConfirmable(toolNamed(tool) as never)) {
        const question = await coding.ask(tool, given);
        if (question !== undefined) {
          counts.questions += 1;
          look(`${tool}, question`, { text: question, isError: true }, { isAsked: true });
        }
        const code = await coding.call(tool, given);
        if (code.text.includes('"confirm":')) counts.codes += 1;
        look(`${tool}, code`, code);
      }
      const done = await free.call(tool, given);
      if (!done.isError) counts.done += 1;
      if (done.text.includes('"undo":')) counts.undone += 1;
      look(`${tool}, done`, done);
      look(`${tool}, again`, await free.call(tool, given));
    }
    for (const each of [free, dry, coding]) await each.close();
    expect(noted()).toEqual([]);
    expect(counts.made).toBeGreaterThan(80);
    expect(counts.unsent).toBeGreaterThan(80);
    expect(counts.codes).toBeGreaterThan(50);
    expect(counts.questions).toBeGreaterThan(50);
    expect(counts.done).toBeGreaterThan(75);
    expect(counts.undone).toBeGreaterThan(60);
  }, 120_000);

  it("are marked in what a broken registry says, wherever it is told", async () => {
    const { registry, named } = planted;
    let isBroken = (_path: string) => true;
    const front = await startServer((request, response) => {
      const path = request.url ?? "";
      if (isBroken(path)) return json(response, 400, { message: attackingError });
      const headers = { authorization: request.headers.authorization ?? "" };
      fetch(registry.url + path, { headers }).then(
        async (answer) => json(response, answer.status, await answer.json()),
        () => response.destroy(),
      );
    });
    const said: string[] = [];
    const tell = async (caller: Caller, tool: string, given: Given) => {
      const shown = await caller.call(tool, named(given));
      said.push(shown.text);
      look(tool, shown);
    };
    const app = { repository: "acme/app" };
    const dry = callerOf("ada", { dryRun: true }, front.url);
    const coding = callerOf("ada", { confirm: "code" }, front.url);
    await tell(coding, "get_repository", app);
    await tell(coding, "who_can_access", app);
    await tell(coding, "delete_tag", { ...app, tag: "v1.4" });
    await tell(coding, "delete_tags", { ...app, tags: ["v1.4"] });
    await tell(dry, "update_repository", { ...app, description: "" });
    await tell(dry, "update_tag", { ...app, tag: "v1.4", expiration: "2090-01-01T00:00:00Z" });
    // Neither can be known to be harmless.
    await tell(dry, "update_organization", { orgname: "acme", tag_expiration_s: 86_400 });
    for (const each of said) expect(each).toContain("STOLEN");
    isBroken = (path) => path.includes("page=2");
    await tell(coding, "list_tags", { ...app, limit: 2, max_items: 6 });
    expect(JSON.parse(said.at(-1)!)).toMatchObject({
      next: { page: 2 },
      error: expect.stringContaining("STOLEN"),
    });
    await Promise.all([dry.close(), coding.close()]);
    expect(noted()).toEqual([]);
  });
});

describe.each(revisions.slice(1))("a client of protocol $revision", ({ revision, connect }) => {
  it("gets no attack in answers, resources, refusals and questions", async () => {
    const { registry, named, nameOf } = planted;
    const settings = { QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser };
    const start = { settings, flags: ["--allow", "destructive", "--surface", "all"] };
    const session = await connect(start);
    const asked: string[] = [];
    const era = eras.find((each) => each.revision === revision)!;
    const asking = await era.connect(start, ({ message, requestedSchema }) => {
      asked.push(`${message}\n${JSON.stringify(requestedSchema)}`);
      return { action: "decline" };
    });
    const team = { orgname: "acme", teamname: "devs" };
    const calls: readonly (readonly [tool: string, given: Given])[] = [
      ["get_repository", { repository: "acme/app" }],
      ["list_tags", { repository: "acme/app", max_items: 100 }],
      ["get_organization", { orgname: "acme" }],
      ["list_organization_logs", { orgname: "acme" }],
      ["search_all", { query: "a" }],
      ["list_global_messages", {}],
      ["who_can_access", { namespace: "acme" }],
      ["get_repository", { repository: "acme/nosuch" }],
      ["delete_tag", { repository: "acme/app", tag: "v1.4" }],
      ["delete_team", team],
    ];
    for (const [tool, given] of calls) {
      look(tool, await session.callTool(tool, named(given)));
      look(tool, await asking.callTool(tool, named(given)));
    }
    for (const uri of ["quay://organizations", `quay://organizations/${nameOf("acme")}`])
      look(uri, { text: JSON.stringify(await session.readResource(uri)), isError: false });
    for (const text of asked) look("question", { text, isError: true }, { isAsked: true });
    await Promise.all([session.close(), asking.close()]);
    expect(noted()).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(asked.join()).toMatch(/PLANTED\d+X/);
  });
});
