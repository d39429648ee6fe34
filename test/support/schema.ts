import type { JsonSchema } from "./facts.ts";

/** Every schema inside of a schema, with the dotted path to it. */
export function nodesOf(schema: JsonSchema, where = ""): { where: string; node: JsonSchema }[] {
  const inner: [string, JsonSchema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [["[]", schema.items] satisfies [string, JsonSchema]]),
    ...(schema.anyOf ?? []).map((one): [string, JsonSchema] => ["|", one]),
  ];
  return [{ where, node: schema }, ...inner.flatMap(([name, node]) => nodesOf(node, `${where}.${name}`))];
}
