import type { Operation } from "../operation.ts";
import { cite } from "../sentences/cite.ts";
import { shortened } from "../sentences/words.ts";
import { buildPath, encodeText, PathError } from "./path.ts";
import type { RouteTable } from "./routes.ts";

/** A request to Quay, ready to be sent. */
export interface QuayRequest {
  readonly method: Operation["method"];
  /** The encoded path with its query string, without the registry's own prefix. */
  readonly path: string;
  /** What is sent as JSON; left out, nothing is. */
  readonly body?: unknown;
  /** The operation it belongs to: errors are explained with its scopes and features. */
  readonly operation?: Operation;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Builds the request of an operation.
 *
 * @param values the checked arguments under the names they have as arguments; undefined ones are left out
 * @throws PathError where an argument would make it the request of another operation
 */
export function buildRequest(operation: Operation, values: Values, routes: RouteTable): QuayRequest {
  const path = buildPath(operation.path, texts(operation, values));
  assertOwn(operation, path, routes);
  const body = buildBody(operation, values);
  return {
    method: operation.method,
    path: path + buildQuery(operation, values),
    ...(body === undefined ? {} : { body }),
    operation,
  };
}

function texts(operation: Operation, values: Values): Record<string, string> {
  const params: Record<string, string> = {};
  for (const name of Object.keys(operation.params ?? {})) {
    if (values[name] !== undefined) params[name] = String(values[name]);
  }
  return params;
}

/** A path means one operation: whatever the arguments are, the URL must be the operation's own. */
function assertOwn(operation: Operation, path: string, routes: RouteTable): void {
  const owner = routes.owner(operation.method, path);
  if (
    owner?.operationId === operation.operationId &&
    owner.method === operation.method &&
    owner.path === operation.path
  ) {
    return;
  }
  const meaning =
    owner === undefined
      ? "which is no operation of Quay"
      : `which to Quay is another operation, ${owner.operationId} (${owner.method} ${owner.path})`;
  throw new PathError(
    `These arguments make ${operation.operationId} the URL ${operation.method} ${cite(shortened(path, 300))}, ${meaning}. Nothing was sent.`,
  );
}

function buildQuery(operation: Operation, values: Values): string {
  const pairs: [string, string][] = Object.entries(operation.fixedQuery ?? {});
  for (const argument of Object.keys(operation.query ?? {})) {
    const value = values[argument];
    if (value !== undefined) pairs.push([quayName(operation, argument), String(value)]);
  }
  if (pairs.length === 0) return "";
  return `?${pairs.map(([name, value]) => `${encodeText(name, name)}=${encodeText(name, value)}`).join("&")}`;
}

/** An operation that takes a body always gets one: Quay answers 415 without. */
function buildBody(operation: Operation, values: Values): unknown {
  if (operation.bodyIs !== undefined) return values[operation.bodyIs] ?? {};
  if (operation.body === undefined) return undefined;
  const body: Record<string, unknown> = {};
  for (const [field, argument] of Object.entries(operation.pathInBody ?? {})) body[field] = values[argument];
  for (const argument of Object.keys(operation.body)) {
    const value = values[argument];
    if (value === undefined) continue;
    if (argument === "repository" && operation.splitRepository !== undefined) {
      const { namespace, name } = operation.splitRepository;
      const slash = String(value).indexOf("/");
      body[namespace] = String(value).slice(0, slash);
      body[name] = String(value).slice(slash + 1);
    } else {
      body[quayName(operation, argument)] = value;
    }
  }
  return body;
}

/** Where the path has an argument of the same name, the body's is called `new_…`. */
function quayName(operation: Operation, argument: string): string {
  const name = argument.replace(/^new_/, "");
  return name !== argument && operation.params !== undefined && Object.hasOwn(operation.params, name)
    ? name
    : argument;
}
