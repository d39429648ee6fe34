import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings, type Settings } from "../../src/config.ts";
import { guardedTool } from "../../src/guard/fence.ts";
import {
  callRefusal,
  createPolicy,
  fenceWords,
  graveRefusal,
  hasChoices,
  type Policy,
  placeRefusal,
  policyOfCall,
  policyText,
  refusal,
} from "../../src/guard/policy.ts";
import type { Limits, Restriction } from "../../src/guard/restriction.ts";
import type { Tool } from "../../src/operation.ts";
import type { Given } from "../../src/targets/target.ts";
import { type Task, tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { argumentsFor } from "./arbitrary.ts";

const tools: readonly (Tool | Task)[] = [...catalogue, ...tasks];
const toolsets = [...new Set(tools.map(({ toolset }) => toolset))];
const named = (name: string) => tools.find((tool) => tool.name === name)!;

interface Asked {
  readonly tool: Tool | Task;
  readonly given: Given;
  /** Its arguments or the state of its target make it as grave as a destructive call. */
  readonly isGrave: boolean;
}

/** What a call is refused for, check by check, as the way of a call goes through them. */
function refusalOf({ tool, given, isGrave }: Asked, policy: Policy): string | undefined {
  const refused = refusal(guardedTool(tool), policy);
  if (refused !== undefined) return refused;
  const hasChoice = hasChoices(policy);
  const none = hasChoice ? callRefusal(tool, given, policy) : undefined;
  if (none !== undefined) return none;
  const own = hasChoice ? policyOfCall(tool, given, policy) : policy;
  return placeRefusal(tool, given, own) ?? (isGrave ? graveRefusal(tool, "So it is.", own) : undefined);
}

const settingsOf = (flags: Partial<Record<keyof Settings, string>>) => readSettings(flags, {});
const everything = settingsOf({ allow: "destructive" });

/** Limits as the settings of a server that else lets everything through: that is what they mean. */
const asSettings = ({ allow, toolsets: sets, namespaces }: Limits) =>
  createPolicy(
    {
      ...everything,
      allow: allow ?? everything.allow,
      ...(sets && { toolsets: sets }),
      ...(namespaces && { namespaces }),
    },
    tools,
  );

const restricted = (...anyOf: readonly Omit<Limits, "by">[]): Restriction => ({
  anyOf: anyOf.map((limits, index) => ({ by: `the group ${index}`, ...limits })),
});

/** What each header can say, and what would make things looser if headers could. */
const each: readonly Omit<Limits, "by">[] = [
  ...["read", "write", "destructive"].map((level) => ({ allow: [level] })),
  { allow: ["read", "tag=destructive", "delete_repository=write"] },
  { allow: ["destructive", ...tools.map(({ name }) => `${name}=destructive`)] },
  { allow: ["destructive", ...toolsets.map((toolset) => `${toolset}=read`)] },
  ...toolsets.map((toolset) => ({ toolsets: [toolset] })),
  { toolsets },
  ...["acme", "dev-*", "*", "nobody"].map((namespace) => ({ namespaces: [namespace] })),
  { namespaces: ["acme", "other", "*"] },
];

const servers = [
  {},
  { allow: "write" },
  { allow: "destructive" },
  { allow: "read,tag=destructive,delete_tags=write", toolsets: "tag,repository" },
  { allow: "destructive", tools: "list_tags,delete_repository", excludeTools: "delete_tag" },
  { allow: "destructive", namespaces: "acme,dev-*", protect: "acme/prod*" },
  { allow: "destructive", scopes: "repo:write" },
].map(settingsOf);

const sample: Given = { repository: "acme/app", orgname: "acme", namespace: "acme", robot_shortname: "ci" };
const elsewhere: Given = { repository: "other/app", orgname: "other", namespace: "other" };

describe("a header, a key's or a group's limits", () => {
  it("never let a tool or a call through that the server does not, and mean what the same settings mean", () => {
    for (const settings of servers) {
      const server = createPolicy(settings, tools);
      for (const limits of each) {
        const restriction = restricted(limits);
        const narrowed = createPolicy(settings, tools, [restriction]);
        const alone = asSettings(restriction.anyOf[0]!);
        for (const tool of tools) {
          for (const given of [{}, sample, elsewhere]) {
            for (const isGrave of [false, true]) {
              const asked = { tool, given, isGrave };
              const lets = [server, alone].every((policy) => refusalOf(asked, policy) === undefined);
              expect([tool.name, refusalOf(asked, narrowed) === undefined]).toEqual([tool.name, lets]);
            }
          }
        }
      }
    }
  }, 120_000);

  it("are all asked, and of several groups one must let the whole of a call through", () => {
    const word = fc.constantFrom("read", "write", "destructive");
    const allow = fc
      .tuple(word, fc.array(fc.tuple(fc.constantFrom(...tools.map(({ name }) => name), ...toolsets), word)))
      .map(([general, own]) =>
        [general, ...new Map(own)].map((one) => (Array.isArray(one) ? one.join("=") : one)),
      );
    const limits = fc.record(
      {
        allow,
        toolsets: fc.subarray(toolsets, { minLength: 1 }),
        namespaces: fc.subarray(["acme", "dev-*", "other", "*"], { minLength: 1 }),
      },
      { requiredKeys: [] },
    );
    const restrictions = fc.array(
      fc.array(limits, { minLength: 1, maxLength: 3 }).map((anyOf) => restricted(...anyOf)),
      { maxLength: 3 },
    );
    const asked = fc
      .constantFrom(...catalogue)
      .chain((tool) =>
        fc.record({ tool: fc.constant(tool), given: argumentsFor(tool), isGrave: fc.boolean() }),
      );
    fc.assert(
      fc.property(fc.constantFrom(...servers), restrictions, asked, (settings, all, call) => {
        const lets = (policy: Policy) => refusalOf(call, policy) === undefined;
        const oracle =
          lets(createPolicy(settings, tools)) &&
          all.every(({ anyOf }) => anyOf.some((one) => lets(asSettings(one))));
        expect(lets(createPolicy(settings, tools, all))).toBe(oracle);
      }),
      { numRuns: 3000 },
    );
  }, 120_000);

  it("leave what is confirmed, protected and only tried as it was", () => {
    const settings = settingsOf({ confirm: "code", protect: "acme/x", dryRun: "true", hosts: "a.example" });
    const { access, restrictions, ...kept } = createPolicy(settings, tools);
    expect(createPolicy(settings, tools, [restricted({ allow: ["read"] })])).toMatchObject(kept);
    expect([access.general, restrictions]).toEqual(["read", []]);
  });
});

describe("a refusal says who restricts", () => {
  const by = "the key ci";
  const refusedBy = (limits: Omit<Limits, "by">, asked: Asked) =>
    refusalOf(asked, createPolicy(everything, tools, [{ anyOf: [{ by, ...limits }] }]));
  const call = (name: string, given: Given = sample, isGrave = false) => ({
    tool: named(name),
    given,
    isGrave,
  });

  it.each([
    [
      { allow: ["write"] },
      call("delete_tag"),
      "delete_tag is destructive, and the key ci allows write for it.",
    ],
    [
      { allow: ["write"] },
      call("update_repository", sample, true),
      "update_repository with these arguments is as grave as a destructive call: So it is. It takes destructive, and the key ci allows write for it.",
    ],
    [
      { toolsets: ["robot", "tag"] },
      call("delete_repository"),
      "delete_repository belongs to the toolset repository, and the key ci allows only robot and tag.",
    ],
    [
      { namespaces: ["acme", "dev-*"] },
      call("get_repository", elsewhere),
      'repository "other/app" is outside, and the key ci allows only the namespaces acme,dev-*.',
    ],
    [
      { namespaces: ["acme"] },
      call("get_my_user"),
      "get_my_user cannot be confined to a namespace, and the key ci allows only the namespaces acme.",
    ],
  ])("%j", (limits, asked, sentence) => {
    expect(refusedBy(limits, asked)).toBe(sentence);
  });

  it("and the server first, since its operator alone can change that", () => {
    const policy = createPolicy(settingsOf({}), tools, [restricted({ allow: ["read"] })]);
    expect(refusalOf(call("delete_tag"), policy)).toContain(
      "this server allows read for it. It takes --allow",
    );
  });

  it("and each of several groups", () => {
    const groups = restricted({ toolsets: ["tag"], namespaces: ["other"] }, { toolsets: ["robot"] });
    expect(refusalOf(call("list_tags"), createPolicy(everything, tools, [groups]))).toBe(
      'repository "acme/app" is outside, and the group 0 allows only the namespaces other. list_tags belongs to the toolset tag, and the group 1 allows only robot.',
    );
  });
});

describe("somebody in several groups", () => {
  const groups = restricted(
    { allow: ["destructive"], toolsets: ["tag"], namespaces: ["acme"] },
    { allow: ["write"], namespaces: ["dev-*"] },
  );
  const policy = createPolicy(everything, tools, [groups]);
  const lets = (name: string, repository: string, isGrave = false) =>
    refusalOf({ tool: named(name), given: { repository }, isGrave }, policy) === undefined;

  it("has the rights of each", () => {
    expect(lets("delete_tag", "acme/app")).toBe(true);
    expect(lets("update_repository", "dev-1/app")).toBe(true);
  });

  it("has no right that is put together from two", () => {
    expect(lets("delete_tag", "dev-1/app")).toBe(false);
    expect(lets("update_repository", "acme/app")).toBe(false);
    expect(lets("update_tag", "acme/app", true)).toBe(true);
    expect(lets("update_tag", "dev-1/app", true)).toBe(false);
  });

  it("in none may do nothing", () => {
    const nothing = createPolicy(everything, tools, [{ anyOf: [] }]);
    for (const tool of tools) expect(refusal(guardedTool(tool), nothing)).toBeDefined();
  });
});

describe("a restricted policy", () => {
  it("differs in its text, so that what was confirmed under one does not hold under another", () => {
    const texts = [[], ...each.map((limits) => [restricted(limits)]), [restricted(...each)]].map(
      (restrictions) => policyText(createPolicy(everything, tools, restrictions)),
    );
    expect(new Set(texts).size).toBe(each.length + 2);
  });

  it.each([
    [undefined, [], undefined],
    ["acme,dev-*", [], ["acme", "dev-*"]],
    [undefined, [{ namespaces: ["acme"] }], ["acme"]],
    ["acme,dev-*", [{ namespaces: ["dev-1", "Other"] }], ["dev-1"]],
    ["acme", [{ namespaces: ["other"] }], []],
    ["acme", [{ allow: ["read"] }], ["acme"]],
  ])("with --namespaces %s and %j shows the namespaces %j", (namespaces, limits, words) => {
    const settings = settingsOf({ allow: "destructive", ...(namespaces && { namespaces }) });
    const restrictions = limits.map((one) => restricted(one));
    expect(fenceWords(createPolicy(settings, tools, restrictions))).toEqual(words);
  });
});
