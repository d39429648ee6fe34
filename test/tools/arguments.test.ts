import { describe, expect, it } from "vitest";
import * as z from "zod";
import { argumentSchema, inputSchema } from "../../src/arguments.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import type { JsonSchema } from "../support/facts.ts";
import { nodesOf } from "../support/schema.ts";
import { plainNames, variants } from "./argument-names.ts";

type Described = JsonSchema & { readonly description?: string };

const tools = [...catalogue, ...tasks];

/** Every argument as it is listed, and every field inside of one. */
const listed = tools.flatMap((tool) =>
  nodesOf(inputSchema(tool) as JsonSchema)
    .filter(({ where }) => /\.\w+$/.test(where))
    .map(({ where, node }) => ({
      tool,
      path: where.slice(1),
      name: where.replace(/^.*\./, ""),
      node: node as Described,
    })),
);

type Listed = (typeof listed)[number];

/** Itself, or what it is a list of, has a description or a choice of values; or it consists of fields that have. */
function saysItself({ items, ...node }: Described): boolean {
  const { description, enum: values, properties } = node;
  return (
    [description, values, properties].some((said) => said !== undefined) || (!!items && saysItself(items))
  );
}

const isNamedBy = ({ tool, name }: Listed) => new RegExp(`\\b${name}\\b`).test(tool.description);

describe("the arguments of all tools", () => {
  it("are listed alike wherever they have the same name, but where there is a reason", () => {
    const schemas = new Map<string, Set<string>>();
    for (const { path, name, node } of listed) {
      if (path === name) schemas.set(name, (schemas.get(name) ?? new Set()).add(JSON.stringify(node)));
    }
    const different = [...schemas]
      .map(([name, { size }]) => [name, size] as const)
      .filter(([, size]) => size > 1);
    const meant = Object.entries(variants).map(([name, variant]) => [name, variant.listed] as const);
    expect(Object.fromEntries(different)).toEqual(Object.fromEntries(meant));
  });

  it("are described where neither their name nor the tool's description says it", () => {
    const unsaid = listed.filter(
      (each) => !saysItself(each.node) && !isNamedBy(each) && !plainNames.has(each.name),
    );
    expect(unsaid.map(({ tool, path }) => `${tool.name}: ${path}`)).toEqual([]);
  });

  it("have plain names only where something is called so without a description", () => {
    const undescribed = new Set(listed.filter(({ node }) => !saysItself(node)).map(({ name }) => name));
    expect([...plainNames].filter((name) => !undescribed.has(name))).toEqual([]);
  });

  it("are refused under any other name, also inside of one another", () => {
    const open = tools.flatMap((tool) =>
      nodesOf(z.toJSONSchema(argumentSchema(tool), { io: "input" }) as JsonSchema)
        .filter(({ node }) => node.properties !== undefined)
        .filter(({ node }) => !("additionalProperties" in node) || node.additionalProperties !== false)
        .map(({ where }) => `${tool.name}${where}`),
    );
    expect(open).toEqual([]);
  });
});
