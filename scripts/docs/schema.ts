/** JSON schemas of arguments in words. */

export interface JsonSchema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
}

/** One row for each argument and each field inside of one: name, whether it is required, type, description. */
export function argumentRows({ properties = {}, required = [] }: JsonSchema, within = ""): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${within}${name}`;
    const row = [
      `\`${path}\``,
      required.includes(name) ? "required" : "",
      typeOf(schema),
      schema.description ?? "",
    ];
    const inner = schema.items === undefined ? schema : schema.items;
    return [row, ...argumentRows(inner, `${path}${schema.items === undefined ? "" : "[]"}.`)];
  });
}

const words: Readonly<Record<string, string>> = {
  string: "text",
  integer: "number",
  number: "number",
  boolean: "true or false",
  object: "object",
};

function typeOf(schema: JsonSchema): string {
  const { type = "", items, anyOf, maximum, maxLength, maxItems } = schema;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" or ");
  if (items !== undefined)
    return `list of ${maxItems === undefined ? "" : `at most ${maxItems} `}${typeOf(items)}`;
  const most = maximum ?? maxLength;
  return `${words[type] ?? type}${most === undefined ? "" : `, at most ${most}${maxLength === undefined ? "" : " characters"}`}`;
}
