import { type Answer, answerOf } from "./answer/present.ts";
import { redact } from "./answer/redact.ts";
import { RefusedError, UnknownToolError } from "./errors.ts";
import { credentialRefusal, type Policy, refusal } from "./guard/policy.ts";
import type { Tool } from "./operation.ts";
import { parseArguments } from "./parse.ts";
import type { QuayClient } from "./quay/client.ts";
import { requireFeature } from "./quay/features.ts";
import { authorize } from "./quay/registry-token.ts";
import { buildRequest } from "./quay/request.ts";
import type { RouteTable } from "./quay/routes.ts";
import { didYouMean } from "./words.ts";

/** What every call of one server shares. */
export interface CallContext {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly policy: Policy;
  readonly quay: QuayClient;
  readonly routes: RouteTable;
}

/**
 * The way of one call, the same for every entrance: tools, resources, completions and the command line.
 *
 * @param signal gives up a read at once; a write only as long as it was not sent, since its outcome must be known
 * @throws UnknownToolError, RefusedError, ArgumentError, PathError when nothing was sent; QuayError when Quay did not
 *   answer with success
 */
export async function callTool(
  context: CallContext,
  name: string,
  given: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<Answer> {
  const tool = permittedTool(context, name);
  const values = parseArguments(tool, given);
  const request = buildRequest(tool, values, context.routes);
  const reading = signal === undefined ? {} : { signal };
  await requireFeature(tool, context.quay, reading);
  const authorization = await authorize(tool, values, context.quay, reading);
  signal?.throwIfAborted();
  const sending = tool.access === "read" ? reading : {};
  const { status, body } = await context.quay.request(
    { ...request, operation: tool, authorization },
    sending,
  );
  return answerOf(tool, status, redact(body, tool));
}

function permittedTool({ tools, policy }: CallContext, name: string): Tool {
  const tool = tools.get(name);
  if (tool === undefined)
    throw new UnknownToolError(`There is no tool "${name}".${didYouMean(name, tools.keys())}`);
  const refused = refusal(tool, policy) ?? credentialRefusal(tool);
  if (refused !== undefined) throw new RefusedError(refused);
  return tool;
}
