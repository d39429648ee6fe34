import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tool } from "../../src/operation.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { resourceTemplates } from "../../src/resources/templates.ts";
import type { Given } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";
import { learn, rewritten } from "../registry/compare.ts";
import { startRecorded } from "../registry/replay.ts";
import { deriveCall } from "../support/derive.ts";
import { type Recording, recordings } from "../support/facts.ts";
import { run } from "../support/program.ts";
import { toolNamed } from "../support/tools.ts";
import { openWith } from "../targets/open.ts";
import { confirmations, entrances, openWalk, refused, type Walk } from "./walk.ts";
import { companyCalls } from "./walk-company.ts";
import { policies } from "./walk-policies.ts";

/** The registry that the recordings begin with, and the company's. */
const walks: Walk[] = [];
const walked = new Set<string>();
const asked = new Set<string>();

/** Makes a call, and before that under every policy that keeps it back: it has a meaning and a target then. */
async function walkOrAct(walk: Walk, tool: Tool, given: Given, act: () => Promise<void>): Promise<void> {
  const isOver = walked.has(tool.name) && (tool.access === "read" || asked.has(tool.name));
  const isGrave = isOver ? undefined : await walk.isGrave(tool, given);
  if (isGrave === undefined || (walked.has(tool.name) && !isGrave)) return act();
  const call = { tool, given, isGrave };
  await walk.refusals(call);
  walked.add(tool.name);
  if (!isGrave) return act();
  asked.add(tool.name);
  return walk.confirmations(call, act);
}

async function walkRecordings(): Promise<void> {
  const { registry, tokens, tick } = await startRecorded();
  const walk = await openWalk(registry, tokens.get("devtable_all")!);
  walks.push(walk);
  const names = new Map<string, string>();
  for (const recording of recordings as readonly Recording[]) {
    if (recording.phase !== "v2" && recording.token !== "devtable_all") continue;
    tick();
    const derived = deriveCall(JSON.parse(rewritten(JSON.stringify(recording), names)));
    if (derived === undefined) continue;
    const { tool, arguments: given } = derived;
    const act = async () => {
      const outcome = await walk.send(tool.name, given).catch(() => undefined);
      if (outcome?.kind === "answer") learn(recording.body, outcome.answer.body.value, names);
    };
    if (recording.status < 300) await walkOrAct(walk, tool, given, act);
    else await act();
  }
}

async function walkCompany(): Promise<void> {
  const registry = await startRegistry();
  const walk = await openWalk(registry, registry.tokens.superuser);
  walks.push(walk);
  const opened = openWith(registry);
  for (const [name, make] of companyCalls) {
    const given = await make(opened);
    // Quay may refuse it all the same: what matters is that it would have been sent.
    const act = async () => void (await walk.send(name, given).catch(() => undefined));
    await walkOrAct(walk, toolNamed(name), given, act);
  }
  await opened.close();
}

beforeAll(async () => {
  await walkRecordings();
  await walkCompany();
}, 300_000);

afterAll(async () => {
  for (const walk of walks) await walk.close();
});

/** What became of a tool's calls under a policy, by entrance. */
const cellsOf = (policy: string, entrance: string) =>
  new Map(walks.flatMap(({ cells }) => [...(cells.get(`${policy}, ${entrance}`) ?? [])]));

describe("a call that is refused", () => {
  it("is told so, and sends nothing that changes anything", () => {
    expect(walks.flatMap(({ breaches }) => breaches)).toEqual([]);
  });

  it.each(policies)("is one of each operation under $title, unless a rule lets it through", ({ title }) => {
    for (const entrance of entrances) {
      const cells = cellsOf(title, entrance);
      expect(catalogue.filter(({ name }) => !cells.has(name)).map(({ name }) => name)).toEqual([]);
      expect([...cells.values()]).toContain(refused);
    }
  });

  it.each(confirmations)(
    "is one of each operation that can be grave, where its question was %s",
    (policy) => {
      const grave = catalogue.filter(
        ({ access, escalates }) => access === "destructive" || escalates !== undefined,
      );
      for (const entrance of entrances) {
        const cells = cellsOf(policy, entrance);
        expect(grave.filter(({ name }) => !cells.has(name)).map(({ name }) => name)).toEqual([]);
      }
    },
  );
});

describe("browsing", () => {
  const variables = {
    organization: "acme",
    teamname: "devs",
    robot_shortname: "ci",
    namespace: "acme",
    repository: "app",
    tag: "latest",
    manifestref: `sha256:${"0".repeat(64)}`,
  };
  // A kept answer is asked of nobody.
  const browsed = resourceTemplates.filter(({ tool }) => tool !== "read_answer");
  const wasSent = (read: PromiseSettledResult<unknown>) =>
    read.status === "fulfilled" || /Quay answered 404/.test(String(read.reason));
  it.each(policies)(
    "changes nothing under $title, which keeps back the same reads",
    async ({ title, lets }) => {
      const walk = walks[1]!;
      walk.registry.requests.length = 0;
      const session = walk.sessions.get(title)!;
      const uris = browsed.map(({ uriTemplate }) =>
        Object.entries(variables).reduce(
          (uri, [name, value]) => uri.replace(`{${name}}`, encodeURIComponent(value)),
          uriTemplate,
        ),
      );
      const read = await Promise.allSettled(uris.map((uri) => session.readResource(uri)));
      await session.listResources().catch(() => undefined);
      const { uriTemplate: template } = browsed.at(-1)!;
      await session.complete(template, { name: "namespace", value: "" }).catch(() => undefined);
      await session
        .complete(template, { name: "repository", value: "" }, { namespace: "acme" })
        .catch(() => undefined);
      const isLet = browsed.map((resource) => {
        const given = resource.arguments(variables, Date.now());
        return lets({ tool: toolNamed(resource.tool), given, isGrave: false }) !== undefined;
      });
      expect(read.map(wasSent)).toEqual(isLet);
      const sent = walk.registry.requests;
      expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
      expect(sent.some(({ path }) => path.includes("acme"))).toBe(isLet.includes(true));
    },
  );
});

describe("quay-mcp call, as a process of its own,", () => {
  const calls: readonly (readonly [string, Given])[] = [
    ["delete_tag", { repository: "acme/app", tag: "latest" }],
    ["delete_organization", { orgname: "acme" }],
    ["list_tags", { repository: "acme/app" }],
    ["create_app_token", { title: "new" }],
  ];

  it.each(policies)("refuses the same under $title", async ({ settings, lets, says }) => {
    const { registry, environment } = walks[1]!;
    for (const [name, given] of calls) {
      const tool = toolNamed(name);
      if (lets({ tool, given, isGrave: tool.access === "destructive" }) !== undefined) continue;
      registry.requests.length = 0;
      const { stdout, stderr } = await run({
        settings: { ...environment, ...settings },
        flags: ["call", name, JSON.stringify(given)],
      });
      expect(stdout + stderr).toMatch(says);
      expect(registry.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    }
    expect.hasAssertions();
  });
});
