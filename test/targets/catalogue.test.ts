import { describe, expect, it } from "vitest";
import { argumentShape, inputSchema } from "../../src/arguments.ts";
import { parseProtection, protectionRefusal } from "../../src/guard/protection.ts";
import { type Condition, type Tool, targetKinds, type Undo } from "../../src/operation.ts";
import { targetName, targets } from "../../src/targets/index.ts";
import type { Given } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";
import { toolNamed } from "../support/tools.ts";

const changing = catalogue.filter(({ access }) => access !== "read");

const undosOf = ({ undo = [] }: Tool): readonly (Undo | string)[] =>
  typeof undo === "string" ? [undo] : undo;
const waysOf = (tool: Tool): Undo[] => undosOf(tool).filter((way) => typeof way !== "string");
const sentencesOf = (tool: Tool): string[] => undosOf(tool).filter((way) => typeof way === "string");
const argumentsOf = (tool: Tool): string[] => Object.keys(argumentShape(tool));

const ways = changing.flatMap((tool) =>
  waysOf(tool).map((way) => ({ tool, way, label: `${tool.name} by ${way.tool}` })),
);

/** The names of the tools for which a rule does not hold. */
const except = (holds: (tool: Tool) => boolean, tools: readonly Tool[] = catalogue) =>
  tools.filter((tool) => !holds(tool)).map(({ name }) => name);

describe("every operation that changes something", () => {
  it("says what it changes and how that is taken back, and no other does", () => {
    expect(except(({ access, target }) => (access === "read") === (target === undefined))).toEqual([]);
    expect(except(({ access, undo }) => (access === "read") === (undo === undefined))).toEqual([]);
    expect(except((tool) => undosOf(tool).length > 0, changing)).toEqual([]);
  });

  it("names its target, whatever of its arguments is given", () => {
    const example = (tool: Tool) => Object.fromEntries(argumentsOf(tool).map((name) => [name, `${name}-1`]));
    const required = (tool: Tool) => {
      const { required: names = [] } = inputSchema(tool) as { required?: string[] };
      return Object.fromEntries(names.map((name) => [name, `${name}-1`]));
    };
    const isName = (name: string) => name.length > 0 && !/undefined|null|\[object/.test(name);
    expect(except((tool) => isName(targetName(tool, example(tool))), changing)).toEqual([]);
    expect(except((tool) => isName(targetName(tool, required(tool))), changing)).toEqual([]);
  });

  it("is marked where its target need not be there, and then makes it", () => {
    const makes = (tool: Tool) =>
      /^(superuser_)?create_/.test(tool.name) ||
      waysOf(tool).some(({ when }) => when?.includes("now.absent"));
    const marked = changing.filter(({ creates }) => creates !== undefined);
    const making = changing.filter((tool) => tool.method !== "DELETE" && makes(tool));
    expect(making.filter((tool) => !marked.includes(tool))).toEqual([]);
    expect(marked.filter((tool) => !making.includes(tool)).map(({ name }) => name)).toEqual([
      "validate_proxy_cache",
      "add_manifest_label",
      "request_build",
    ]);
  });

  it("is of a kind that there is, and each kind is of use", () => {
    expect(Object.keys(targets).sort()).toEqual([...targetKinds].sort());
    expect(targetKinds.filter((kind) => !changing.some(({ target }) => target === kind))).toEqual([]);
  });

  it("gives a reason as a last word and in a whole sentence, about tools that there are", () => {
    const known = new Set(catalogue.map(({ name }) => name));
    const isSentence = (text: string) => /^[A-Za-z].*[^.]\.$/.test(text) && text.length <= 160;
    expect(except((tool) => sentencesOf(tool).every(isSentence))).toEqual([]);
    expect(
      except((tool) =>
        undosOf(tool)
          .slice(0, -1)
          .every((way) => typeof way !== "string"),
      ),
    ).toEqual([]);
    const words = changing.flatMap(
      (tool) =>
        sentencesOf(tool)
          .join(" ")
          .match(/\b[a-z]+(_[a-z]+)+\b/g) ?? [],
    );
    expect(words.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe("the undo of", () => {
  it.each(ways)("$label takes arguments of that tool, and all that it must have", ({ tool, way }) => {
    const undoing = toolNamed(way.tool);
    const { required = [] } = inputSchema(undoing) as { required?: string[] };
    const named = [...Object.keys(way.with), ...(way.restores ?? [])];
    expect(named.filter((name) => !argumentsOf(undoing).includes(name))).toEqual([]);
    expect(required.filter((name) => !Object.hasOwn(way.with, name))).toEqual([]);
    expect((way.restores ?? []).filter((name) => !argumentsOf(tool).includes(name))).toEqual([]);
  });

  it.each(ways)("$label refers to arguments of the call, its target and its answer only", ({ tool, way }) => {
    const references = [...Object.values(way.with), ...(way.when ?? [])].map(String);
    expect(references.filter((reference) => !/^(given|now|answer)\.\w+(\.\w+)*$/.test(reference))).toEqual(
      [],
    );
    const given = references.flatMap((reference) => /^given\.(\w+)/.exec(reference)?.[1] ?? []);
    expect(given.filter((name) => !argumentsOf(tool).includes(name))).toEqual([]);
  });
});

describe("an escalation", () => {
  const escalating = catalogue.filter(({ escalates }) => escalates !== undefined);

  it("is said of 23 operations, each with the conditions for it", () => {
    expect(escalating).toHaveLength(23);
    expect(except(({ escalates }) => escalates!.if.length > 0, escalating)).toEqual([]);
  });

  it("depends on arguments that there are", () => {
    const argumentIn = (condition: Condition) =>
      "argument" in condition ? condition.argument : "omitted" in condition ? condition.omitted : undefined;
    const isThere = (tool: Tool, path: string | undefined) => path === undefined || hasPath(tool, path);
    expect(
      except(
        (tool) => tool.escalates!.if.every((condition) => isThere(tool, argumentIn(condition))),
        escalating,
      ),
    ).toEqual([]);
  });
});

describe("the guard's other facts", () => {
  it("take credentials in arguments that are texts", () => {
    const secret = catalogue.filter(({ secretArguments }) => secretArguments !== undefined);
    expect(except((tool) => tool.secretArguments!.every((path) => hasPath(tool, path)), secret)).toEqual([]);
    expect(Object.fromEntries(secret.map(({ name, secretArguments }) => [name, secretArguments]))).toEqual({
      create_proxy_cache: ["upstream_registry_password"],
      validate_proxy_cache: ["upstream_registry_password"],
      exchange_federated_robot_token: ["oidc_token"],
      create_repository_notification: ["config.notification_token", "config.flow_api_token"],
      create_repository_mirror: ["external_registry_password"],
      update_repository_mirror: ["external_registry_password"],
      create_organization_mirror: ["external_registry_password"],
      update_organization_mirror: ["external_registry_password"],
      superuser_update_user: ["password"],
    });
  });

  it("tell what reaches all repositories of a namespace", () => {
    const reaching = catalogue.filter(({ reachesRepositories }) => reachesRepositories !== undefined);
    expect(reaching.filter(({ access }) => access === "read")).toEqual([]);
    expect(
      reaching.map(({ name, reachesRepositories }) =>
        reachesRepositories === true ? name : `${name} (${reachesRepositories!.join(", ")})`,
      ),
    ).toEqual([
      "create_proxy_cache",
      "delete_organization",
      "delete_proxy_cache",
      "remove_organization_member",
      "update_organization (tag_expiration_s)",
      "add_team_member (teamname=owners)",
      "create_or_update_team (role=admin)",
      "delete_team",
      "invite_team_member_by_email (teamname=owners)",
      "delete_my_robot",
      "delete_organization_robot",
      "set_organization_robot_federation",
      "create_my_autoprune_policy",
      "create_organization_autoprune_policy",
      "update_my_autoprune_policy",
      "update_organization_autoprune_policy",
      "create_organization_mirror",
      "delete_organization_mirror",
      "sync_organization_mirror",
      "update_organization_mirror",
      "superuser_delete_organization",
      "superuser_delete_user",
      "superuser_rename_organization",
      "superuser_take_ownership",
      "superuser_update_user (password, email, enabled)",
    ]);
  });

  it("keep back only the calls that reach them, where that depends on an argument", () => {
    const protection = parseProtection(["acme/prod-*"]);
    const refusal = (given: Given) =>
      protectionRefusal(toolNamed("update_organization"), { orgname: "acme", ...given }, protection);
    expect(refusal({ tag_expiration_s: 0 })).toMatch(/reaches every repository/);
    expect(refusal({ email: "new@acme.example" })).toBeUndefined();
  });

  it("keep back the calls that give rights on all of them", () => {
    const protection = parseProtection(["acme/prod-*"]);
    const refusal = (tool: string, given: Given) =>
      protectionRefusal(toolNamed(tool), { orgname: "acme", teamname: "devs", ...given }, protection);
    expect(refusal("create_or_update_team", { role: "admin" })).toMatch(/reaches every repository/);
    expect(refusal("create_or_update_team", { role: "member" })).toBeUndefined();
    expect(refusal("add_team_member", { teamname: " Owners", membername: "bob" })).toMatch(/reaches every/);
    expect(refusal("add_team_member", { membername: "bob" })).toBeUndefined();
    const account = { username: "acme" };
    expect(
      protectionRefusal(toolNamed("superuser_update_user"), { ...account, password: "x" }, protection),
    ).toMatch(/reaches every repository/);
  });
});

interface Node {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** Whether a dotted path leads to a value in a tool's arguments. */
function hasPath(tool: Tool, path: string): boolean {
  const root = inputSchema(tool) as Node;
  return path.split(".").reduce<Node | undefined>((node, key) => node?.properties?.[key], root) !== undefined;
}
