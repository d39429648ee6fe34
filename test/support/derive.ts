/** From a request that was recorded to the call of a tool that ought to make it. */
import type * as z from "zod";
import type { Shape, Tool } from "../../src/operation.ts";
import { catalogue } from "../../tools/index.ts";
import { type Recording, recordedOperations } from "./facts.ts";
import { placeholders, routeOf } from "./routes.ts";

/** A call of a tool, as an assistant would make it. */
export interface DerivedCall {
  readonly tool: Tool;
  readonly arguments: Record<string, unknown>;
}

/** The tool of an operation of the API reference, found by method and path as Quay may swap the operations' names. */
export function toolOf(operation: { method: string; path: string }): Tool | undefined {
  return catalogue.find((tool) => tool.method === operation.method && samePath(tool.path, operation.path));
}

/** Whether two paths are the same but for the names of their placeholders and the slash at the end. */
export function samePath(one: string, other: string): boolean {
  const plain = (path: string) => path.replace(/\{\w+\}/g, "{}").replace(/\/$/, "");
  return plain(one) === plain(other);
}

/** The tool whose request this is, by method and most specific path; undefined where it is no tool's. */
export function toolOfRequest(method: string, path: string): Tool | undefined {
  const route = routeOf(method, path);
  if (route?.inReference !== true) return undefined;
  const operation = recordedOperations.find(({ operation_id }) => operation_id === route.operationId)!;
  return toolOf({ method: operation.method, path: operation.quay.path_in_source });
}

/**
 * The call that makes a recorded request. Values that no argument stands for are passed on as they are, under their
 * own names, so that the tool's schema can refuse them. Undefined where the request is no tool's, or where no
 * arguments could mean it: a body that is not JSON, or not of the kind that the operation takes.
 */
export function deriveCall(
  recording: Pick<Recording, "method" | "path" | "requestBody">,
): DerivedCall | undefined {
  const tool = toolOfRequest(recording.method, recording.path);
  if (tool === undefined) return undefined;
  const body = bodyArguments(tool, recording.requestBody);
  if (body === undefined) return undefined;
  return {
    tool,
    arguments: { ...pathArguments(tool, recording.path), ...queryArguments(tool, recording.path), ...body },
  };
}

function pathArguments(tool: Tool, path: string): Record<string, unknown> {
  return argumentsFor(tool.params ?? {}, Object.entries(placeholders(tool.path, path) ?? {}));
}

function queryArguments(tool: Tool, path: string): Record<string, unknown> {
  const query = new URLSearchParams(path.split("?")[1] ?? "");
  return argumentsFor(
    tool.query ?? {},
    [...query].filter(([name]) => tool.fixedQuery?.[name] === undefined),
  );
}

function bodyArguments(tool: Tool, body: unknown): Record<string, unknown> | undefined {
  if (body === null) return {};
  if (tool.bodyIs !== undefined) return { [tool.bodyIs]: body };
  if (typeof body !== "object" || Array.isArray(body) || "_raw" in body) return undefined;
  const fields = new Map(Object.entries(body));
  for (const repeated of Object.keys(tool.pathInBody ?? {})) fields.delete(repeated);
  const joined: [string, unknown][] = [];
  if (tool.splitRepository !== undefined) {
    const { namespace, name } = tool.splitRepository;
    const parts = [fields.get(namespace), fields.get(name)].filter((part) => part !== undefined);
    for (const part of [namespace, name]) fields.delete(part);
    joined.push(["repository", parts.join("/")]);
  }
  const renamed = [...fields].map(([name, value]): [string, unknown] => [
    tool.params?.[name] === undefined ? name : `new_${name}`,
    value,
  ]);
  return argumentsFor(tool.body ?? {}, [...joined, ...renamed]);
}

function argumentsFor(shape: Shape, entries: readonly [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const schema = shape[name];
      const argument = schema === undefined ? value : argumentFor(schema, value);
      return argument === undefined ? [] : [[name, argument]];
    }),
  );
}

/**
 * What an assistant would write for a value on the wire: the first of some ways to say it that the argument's schema
 * turns into that value. A null that no word stands for is left out.
 */
function argumentFor(schema: z.ZodType, wire: unknown): unknown {
  const candidates = spellings(wire);
  const fitting = candidates.find((candidate) => {
    const parsed = schema.safeParse(candidate);
    return parsed.success && sameOnTheWire(parsed.data, wire);
  });
  return fitting ?? (wire === null ? undefined : candidates.at(-1));
}

function spellings(wire: unknown): unknown[] {
  if (wire === null) return ["never", "none"];
  if (typeof wire === "number") return [new Date(wire * 1000).toISOString(), wire];
  if (typeof wire !== "string") return [wire, withoutNulls(wire)];
  const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(wire);
  if (day !== null) return [`${day[3]}-${day[1]}-${day[2]}`, wire];
  if (wire === "true" || wire === "false") return [wire, wire === "true"];
  return wire.trim() === "" || Number.isNaN(Number(wire)) ? [wire] : [wire, Number(wire)];
}

/** A query holds text only, so `5` and `"5"`, `true` and `"true"` are the same there. */
function sameOnTheWire(sent: unknown, wire: unknown): boolean {
  return JSON.stringify(sent) === JSON.stringify(wire) || (typeof wire === "string" && String(sent) === wire);
}

/** A value without the nulls inside of it, which no argument takes and which mean the same when left out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
  );
}
