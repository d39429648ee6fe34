import { describe, expect, it } from "vitest";
import { inputSchema } from "../../src/arguments.ts";
import type { CallableTool, Tool } from "../../src/operation.ts";
import { hintsOf } from "../../src/surface/listing.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { differencesFromDiscovery, differencesFromReference } from "../support/compare.ts";
import { toolOf } from "../support/derive.ts";
import { type JsonSchema, recordedOperations, recordings } from "../support/facts.ts";
import { nodesOf } from "../support/schema.ts";
import { differentFromDiscovery, differentFromReference, type OnPurpose } from "./on-purpose.ts";

const pairs = recordedOperations.map((recorded) => ({
  recorded,
  tool: toolOf({ method: recorded.method, path: recorded.quay.path_in_source }),
}));

/** Differences of one tool that nobody meant. */
function unmeant(tool: string, differences: readonly string[], onPurpose: readonly OnPurpose[]): string[] {
  const meant = new Set(onPurpose.flatMap((entry) => entry.differences));
  return differences
    .map((difference) => `${tool}: ${difference}`)
    .filter((difference) => !meant.has(difference));
}

/** Differences that are listed and are none any more. */
function outdated(differences: readonly string[], onPurpose: readonly OnPurpose[]): string[] {
  const found = new Set(differences);
  return onPurpose.flatMap((entry) => entry.differences).filter((difference) => !found.has(difference));
}

describe("the catalogue and Quay's API reference", () => {
  it("hold the same 189 operations", () => {
    expect(recordedOperations).toHaveLength(189);
    expect(
      pairs.filter(({ tool }) => tool === undefined).map(({ recorded }) => recorded.operation_id),
    ).toEqual([]);
    expect(catalogue).toHaveLength(189);
    expect(new Set(catalogue.map(({ operationId }) => operationId)).size).toBe(189);
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(189);
  });

  it.each(pairs)("agree on $recorded.operation_id", ({ recorded, tool }) => {
    expect(unmeant(tool!.name, differencesFromReference(tool!, recorded), differentFromReference)).toEqual(
      [],
    );
  });

  it("differ on purpose nowhere but where they still differ", () => {
    const differences = pairs.flatMap(({ recorded, tool }) =>
      differencesFromReference(tool!, recorded).map((difference) => `${tool!.name}: ${difference}`),
    );
    expect(outdated(differences, differentFromReference)).toEqual([]);
  });
});

describe("the catalogue and Quay's own discovery", () => {
  it.each(catalogue)("agree on $name", (tool) => {
    expect(unmeant(tool.name, differencesFromDiscovery(tool), differentFromDiscovery)).toEqual([]);
  });

  it("differ on purpose nowhere but where they still differ", () => {
    const differences = catalogue.flatMap((tool) =>
      differencesFromDiscovery(tool).map((difference) => `${tool.name}: ${difference}`),
    );
    expect(outdated(differences, differentFromDiscovery)).toEqual([]);
  });
});

/** The names of the tools for which a rule does not hold. */
function except(holds: (tool: Tool) => boolean): string[] {
  return catalogue.filter((tool) => !holds(tool)).map(({ name }) => name);
}

const callables: readonly CallableTool[] = [...catalogue, ...tasks];

/** The same of the operations' tools and the tasks. */
function exceptOf(holds: (tool: CallableTool) => boolean): string[] {
  return callables.filter((tool) => !holds(tool)).map(({ name }) => name);
}

describe("every operation's tool and every task", () => {
  it("has a name of its own, of verb and object, at most 40 characters long", () => {
    expect(repeated(callables.map(({ name }) => name))).toEqual([]);
    expect(exceptOf(({ name }) => /^[a-z]+(_[a-z]+)+$/.test(name) && name.length <= 40)).toEqual([]);
  });

  it("has a title of its own, of two to six words", () => {
    expect(exceptOf(({ title }) => /^[A-Z][A-Za-z'-]*(,? [A-Za-z'-]+){1,5}$/.test(title))).toEqual([]);
    expect(repeated(callables.map(({ title }) => title))).toEqual([]);
  });

  it("has a description of its own, of a sentence or two", () => {
    expect(exceptOf(({ description }) => /^[A-Z].{20,238}\.$/.test(description))).toEqual([]);
    expect(exceptOf(({ description }) => !/\bthis tool\b| {2}/i.test(description))).toEqual([]);
    expect(repeated(callables.map(({ description }) => description))).toEqual([]);
  });

  it("speaks of tools, arguments and fields by names that exist", () => {
    const known = new Set(callables.flatMap((tool) => [tool.name, ...namesIn(tool)]));
    const words = callables.flatMap(({ name, description, ...tool }) =>
      (`${description} ${"silent" in tool ? tool.silent : ""}`.match(/\b[a-z]+(_[a-z]+)+\b/g) ?? []).map(
        (word) => ({ name, word }),
      ),
    );
    const answers = JSON.stringify(recordings);
    expect(words.filter(({ word }) => !known.has(word) && !answers.includes(`"${word}":`))).toEqual([]);
  });

  it("lists an object schema without a union at its root", () => {
    const rooted = (tool: CallableTool) =>
      Object.keys(inputSchema(tool)).filter((key) => !["type", "properties", "required"].includes(key));
    expect(
      exceptOf((tool) => schemaOf(tool).type === "object" && schemaOf(tool).properties !== undefined),
    ).toEqual([]);
    expect(exceptOf((tool) => rooted(tool).length === 0)).toEqual([]);
  });

  it("lists no nulls, patterns, formats or references, which some clients refuse or garble", () => {
    const refused = ["pattern", "format", "oneOf", "allOf", "$ref", "not"];
    const plain = (node: JsonSchema) =>
      !typesOf(node).includes("null") && !refused.some((key) => key in node);
    expect(exceptOf((tool) => nodesOf(schemaOf(tool)).every(({ node }) => plain(node)))).toEqual([]);
  });

  it("takes two types for one argument only where Quay does", () => {
    const unions = callables.flatMap((tool) =>
      nodesOf(schemaOf(tool)).flatMap(({ where, node }) =>
        node.anyOf !== undefined || typesOf(node).length > 1 ? [`${tool.toolset}${where}`] : [],
      ),
    );
    expect([...new Set(unions)].sort()).toEqual(["policy.value"]);
  });

  it("describes its arguments in at most 100 characters", () => {
    const described = (node: JsonSchema & { description?: string }) => (node.description ?? "").length <= 100;
    expect(exceptOf((tool) => nodesOf(schemaOf(tool)).every(({ node }) => described(node)))).toEqual([]);
  });
});

describe("every operation's tool", () => {
  it("has one argument for a name, and leaves the guard's own word alone", () => {
    const names = (tool: Tool) =>
      [tool.params, tool.query, tool.body, tool.credentials].flatMap((shape) => Object.keys(shape ?? {}));
    expect(except((tool) => repeated(names(tool)).length === 0 && !names(tool).includes("confirm"))).toEqual(
      [],
    );
  });

  it("changes nothing exactly where it gets, but for the credential that is made by getting it", () => {
    expect(except((tool) => hintsOf(tool).readOnlyHint === (tool.method === "GET"))).toEqual([
      "exchange_federated_robot_token",
    ]);
  });

  it("is irreversible only where it destroys, and escalates only where it writes", () => {
    expect(except((tool) => tool.irreversible === undefined || tool.access === "destructive")).toEqual([]);
    expect(except((tool) => tool.escalates === undefined || tool.access === "write")).toEqual([]);
    expect(
      except((tool) => tool.escalates === undefined || /^[a-z].*[^.]$/.test(tool.escalates.when)),
    ).toEqual([]);
    expect(except((tool) => !(hintsOf(tool).readOnlyHint && hintsOf(tool).destructiveHint))).toEqual([]);
  });

  it("reaches into the open world only where Quay sends to or fetches from a host of the caller's choice", () => {
    expect(except(({ openWorld }) => openWorld === undefined).sort()).toEqual([
      "activate_build_trigger",
      "create_organization_mirror",
      "create_proxy_cache",
      "create_repository_mirror",
      "create_repository_notification",
      "export_my_logs",
      "export_organization_logs",
      "export_repository_logs",
      "invite_team_member_by_email",
      "request_build",
      "start_build_trigger",
      "sync_organization_mirror",
      "sync_repository_mirror",
      "test_repository_notification",
      "update_organization_mirror",
      "update_repository_mirror",
      "validate_proxy_cache",
      "verify_organization_mirror",
    ]);
  });

  it("is known to yield a credential where that is all it is for", () => {
    expect(except(({ yieldsCredential }) => yieldsCredential === undefined).sort()).toEqual([
      "create_app_token",
      "exchange_federated_robot_token",
      "get_app_token",
      "regenerate_my_robot_token",
      "regenerate_organization_robot_token",
      "superuser_create_service_key",
      "superuser_create_user",
    ]);
  });

  it("is marked as not idempotent only where the method would say that it is", () => {
    expect(
      except((tool) => tool.notIdempotent === undefined || ["PUT", "DELETE"].includes(tool.method)),
    ).toEqual([]);
  });

  it("says what a silent success leaves open in whole sentences", () => {
    expect(except(({ silent }) => silent === undefined || /^[A-Z].*\.$/.test(silent))).toEqual([]);
  });
});

const schemaOf = (tool: CallableTool) => inputSchema(tool) as JsonSchema;

/** The names of a tool's arguments and of the fields inside of them. */
function namesIn(tool: CallableTool): string[] {
  return nodesOf(schemaOf(tool)).map(({ where }) => where.replace(/^.*\./, ""));
}

function typesOf({ type }: JsonSchema): readonly string[] {
  return type === undefined ? [] : [type].flat();
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
