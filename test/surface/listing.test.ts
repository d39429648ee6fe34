import { describe, expect, it } from "vitest";
import { createListing, hintsOf } from "../../src/surface/listing.ts";
import { catalogue } from "../../tools/index.ts";

const listing = createListing(catalogue);
const names = (tools: typeof catalogue) => tools.map(({ name }) => name);

describe("the hints of a tool", () => {
  it("say read-only for reads, and destructive for what is or can be", () => {
    for (const tool of catalogue) {
      const { readOnlyHint, destructiveHint } = hintsOf(tool);
      expect(readOnlyHint).toBe(tool.access === "read");
      expect(destructiveHint).toBe(tool.access === "destructive" || tool.escalates !== undefined);
    }
  });

  it("say idempotent for what may be repeated: reads, and all PUT and DELETE but a few", () => {
    const hint = (name: string) => hintsOf(catalogue.find((tool) => tool.name === name)!).idempotentHint;
    expect(hint("list_tags")).toBe(true);
    expect(hint("update_tag")).toBe(true);
    expect(hint("delete_tag")).toBe(true);
    expect(hint("create_repository")).toBe(false);
    expect(names(catalogue.filter((tool) => tool.method === "GET" && !hintsOf(tool).idempotentHint))).toEqual(
      [],
    );
  });

  it("say open-world where Quay sends data to, or fetches it from, another host", () => {
    const open = names(catalogue.filter((tool) => hintsOf(tool).openWorldHint));
    expect(open).toEqual(
      expect.arrayContaining(["create_repository_mirror", "create_repository_notification"]),
    );
    expect(open).not.toContain("list_tags");
  });
});

type Node = Readonly<Record<string, unknown>>;

const constraints = ["type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "items"];

/** What the MCP inspector's strict lint finds in a schema, by path: what some clients refuse or drop. */
function findings(node: unknown, path: string): string[] {
  if (typeof node !== "object" || node === null) return [`${path} is no object`];
  const {
    type,
    properties = {},
    items,
    anyOf = [],
    additionalProperties,
    propertyNames,
    $ref,
  } = node as Node;
  const own = [
    ...(Array.isArray(type) ? [`${path} has several types`] : []),
    ...(typeof $ref === "string" && !$ref.startsWith("#") ? [`${path} refers to another document`] : []),
    ...(constraints.some((keyword) => keyword in node) ? [] : [`${path} takes anything`]),
  ];
  const inner: [string, unknown][] = [
    ...Object.entries(properties as Node).map(([name, schema]): [string, unknown] => [
      `${path}.${name}`,
      schema,
    ]),
    ...(anyOf as unknown[]).map((schema, index): [string, unknown] => [`${path}.anyOf.${index}`, schema]),
    ...(items === undefined ? [] : [[`${path}.items`, items] satisfies [string, unknown]]),
    ...(typeof additionalProperties === "object"
      ? [[`${path}.*`, additionalProperties] satisfies [string, unknown]]
      : []),
    ...(propertyNames === undefined
      ? []
      : [[`${path}.propertyNames`, propertyNames] satisfies [string, unknown]]),
  ];
  return [...own, ...inner.flatMap(([where, schema]) => findings(schema, where))];
}

describe("the listed schemas", () => {
  it("pass the rules of the MCP inspector's strict lint", () => {
    const found = listing.flatMap(({ listed }) => findings(listed.inputSchema, listed.name));
    expect(found).toEqual([]);
  });

  it("are objects with properties at their root, and fixed for a catalogue", () => {
    for (const { listed } of listing) {
      expect(listed.inputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
    }
    expect(createListing(catalogue)).toEqual(listing);
  });
});
