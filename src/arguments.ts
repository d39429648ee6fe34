import * as z from "zod";
import type { Callable, Shape } from "./operation.ts";

/** What takes arguments: an operation, a task, or one of the surface's own tools. */
export type WithArguments = Pick<Callable, "name"> &
  Partial<
    Pick<
      Callable,
      "params" | "query" | "body" | "credentials" | "arguments" | "access" | "escalates" | "paging"
    >
  >;

/** The arguments of a tool as one flat set, in the order path, query, body, credentials. */
export function argumentShape(tool: WithArguments): Shape {
  return { ...tool.params, ...tool.query, ...tool.body, ...tool.credentials, ...tool.arguments };
}

/** Whether a call may have to be confirmed: it takes the guard's own argument, `confirm`, besides Quay's. */
export function isConfirmable({
  access,
  escalates,
}: Partial<Pick<Callable, "access" | "escalates">>): boolean {
  return access === "destructive" || escalates !== undefined;
}

/** As many items of a list one call may bring together. */
const mostItems = 10_000;

/** The strict schema that a call's arguments must match. Its output is what Quay takes, still under the arguments' names. */
export function argumentSchema(tool: WithArguments): z.ZodObject {
  const confirm = isConfirmable(tool) ? { confirm: z.string().optional() } : {};
  const maxItems = tool.paging === undefined ? {} : { max_items: z.int().min(1).max(mostItems).optional() };
  return z.strictObject({ ...argumentShape(tool), ...maxItems, ...confirm });
}

/**
 * The JSON schema of a tool's arguments, as it is listed to the assistant.
 *
 * It leaves out what only costs tokens: the dialect, patterns (a refusal says in words what a value must look like),
 * the lower bounds that follow from a name, that other arguments are refused, and that a free-form object may hold
 * anything.
 */
export function inputSchema(tool: WithArguments): Record<string, unknown> {
  const schema = z.toJSONSchema(argumentSchema(tool), {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.pattern;
      delete jsonSchema.format;
      delete jsonSchema.minLength;
      delete jsonSchema.minItems;
      delete jsonSchema.minimum;
      delete jsonSchema.exclusiveMinimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Either that other arguments are refused, or that the values of a free-form object may be anything.
      if (typeof jsonSchema.additionalProperties !== "object" || isEmpty(jsonSchema.additionalProperties))
        delete jsonSchema.additionalProperties;
      delete jsonSchema.propertyNames;
    },
  });
  const { type, properties, required } = JSON.parse(JSON.stringify(schema), withOneType);
  return { type, properties, ...(required === undefined ? {} : { required }) };
}

/** A reviver that spells `{"type": ["integer", "string"]}` as `anyOf`: some clients know a single type only. */
function withOneType(_key: string, node: unknown): unknown {
  if (typeof node !== "object" || node === null || !("type" in node) || !Array.isArray(node.type))
    return node;
  const { type, ...rest } = node;
  return { ...rest, anyOf: type.map((each: unknown) => ({ type: each })) };
}

function isEmpty(schema: object): boolean {
  return Object.keys(schema).length === 0;
}
