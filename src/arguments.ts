import * as z from "zod";
import type { Operation, Shape } from "./operation.ts";

/** The arguments of a tool as one flat set, in the order path, query, body, credentials. */
export function argumentShape(operation: Operation): Shape {
  return { ...operation.params, ...operation.query, ...operation.body, ...operation.credentials };
}

/** The strict schema that a call's arguments must match. Its output is what Quay takes, still under the arguments' names. */
export function argumentSchema(operation: Operation): z.ZodObject {
  return z.strictObject(argumentShape(operation));
}

/**
 * The JSON schema of a tool's arguments, as it is listed to the assistant.
 *
 * It leaves out what only costs tokens: the dialect, patterns (a refusal says in words what a value must look like),
 * the lower bounds that follow from a name, and that other arguments are refused.
 */
export function inputSchema(operation: Operation): Record<string, unknown> {
  const schema = z.toJSONSchema(argumentSchema(operation), {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.pattern;
      delete jsonSchema.format;
      delete jsonSchema.minLength;
      delete jsonSchema.minItems;
      delete jsonSchema.minimum;
      delete jsonSchema.exclusiveMinimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as Record<string, unknown>;
  const { type, properties, required } = schema;
  return { type, properties, ...(required === undefined ? {} : { required }) };
}
