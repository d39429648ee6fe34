import { redact } from "../answer/redact.ts";
import type { Tool } from "../operation.ts";
import type { QuayRequest } from "../quay/request.ts";

/** The request that a dry run does not send, as it would be sent but for its credentials. */
export interface UnsentRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** What a dry run shows of a request: its credentials are hidden as they would be in an answer. */
export function unsentRequest(tool: Tool, { method, path, body }: QuayRequest): UnsentRequest {
  const hidden = redact(structuredClone(body), {
    secrets: [...(tool.secretArguments ?? []), ...(tool.secrets ?? [])],
  }).value;
  return { method, path, ...(body === undefined ? {} : { body: hidden }) };
}
