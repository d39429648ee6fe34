import type * as z from "zod";
import { cite } from "../sentences/cite.ts";
import { QuayError } from "./errors.ts";

/**
 * What the program itself reads of an answer of Quay's.
 *
 * @param tool whose answer it is
 * @throws QuayError where the answer does not have the form that the schema asks for
 */
export function inForm<Schema extends z.ZodType>(
  tool: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Further down the path may have names that strangers gave.
  const [where = "the whole"] = parsed.error.issues[0]?.path ?? [];
  throw new QuayError({
    kind: "not-json",
    message: `Quay's answer to ${tool} does not have the form of one (${cite(String(where))}).`,
    hint: "Call that tool to see what it answers.",
  });
}
