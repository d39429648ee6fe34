/** The first part of the way of a call: from its arguments to a request that the guard allows, and the guard's own reads. */
import { redact } from "../answer/redact.ts";
import { RefusedError, UnknownToolError } from "../errors.ts";
import { resolveSecrets } from "../guard/credentials.ts";
import { placeRefusal } from "../guard/policy.ts";
import { scopeRefusal } from "../guard/scopes.ts";
import type { Tool } from "../operation.ts";
import type { ClientRequest } from "../quay/client.ts";
import { requireFeature } from "../quay/features.ts";
import { authorize } from "../quay/registry-token.ts";
import { buildRequest } from "../quay/request.ts";
import { quote } from "../sentences/cite.ts";
import { didYouMean } from "../sentences/words.ts";
import type { Given, Read } from "../targets/target.ts";
import { isTask } from "../tasks/index.ts";
import type { CallContext } from "./context.ts";
import { parseArguments } from "./parse-arguments.ts";

/** A call whose arguments were checked and whose request the guard allows. */
export interface Prepared {
  /** The arguments without `confirm`. */
  readonly given: Given;
  /** The argument `confirm`. */
  readonly code: unknown;
  readonly request: ClientRequest;
  /** The secrets that are sent along. */
  readonly sent: readonly string[];
}

/** Makes the request of a call, if it stays where this server may act, and Quay would take it for what it is. */
export async function prepare(
  { policy, secrets, routes, quay, headers }: CallContext,
  tool: Tool,
  written: Given,
  signal: AbortSignal | undefined,
): Promise<Prepared> {
  const parsed = parseArguments(tool, written);
  const { confirm: code, ...given } = written;
  refuseIf(placeRefusal(tool, given, policy));
  const { values, sent } = await resolveSecrets(tool, parsed, secrets);
  const request = buildRequest(tool, values, routes);
  await requireFeature(tool, quay, { signal, headers });
  const authorization = await authorize(tool, values, quay, { signal, headers });
  return { given, code, request: { ...request, authorization, secrets: sent }, sent };
}

/** What the guard must know goes the same way as a call, whether or not the tool is one that the assistant is offered. */
export function readsOfTheGuard(context: CallContext, signal: AbortSignal | undefined): Read {
  return async (name, written) => {
    const tool = operationNamed(context, name);
    if (tool.access !== "read") throw new RefusedError(`${name} is no read.`);
    refuseIf(scopeRefusal(tool, context.policy.scopes));
    const { request } = await prepare(context, tool, written, signal);
    const { headers, quay } = context;
    return redact((await quay.request(request, { signal, headers })).body, tool).value;
  };
}

/** @throws UnknownToolError where there is none, or it is a task */
export function operationNamed(context: CallContext, name: string): Tool {
  const tool = context.tools.get(name);
  return tool === undefined || isTask(tool) ? unknownTool(context, name) : tool;
}

/** @throws UnknownToolError, which names the nearest tool that there is */
export function unknownTool({ tools }: CallContext, name: string): never {
  throw new UnknownToolError(`There is no tool ${quote(name, 100)}.${didYouMean(name, tools.keys())}`);
}

/** @throws RefusedError where there is a reason */
export function refuseIf(reason: string | undefined): void {
  if (reason !== undefined) throw new RefusedError(reason);
}
