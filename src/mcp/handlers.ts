import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { presentAnswer } from "../answer/present.ts";
import { errorText } from "../error-text.ts";
import { UnknownToolError } from "../errors.ts";
import {
  completeVariable,
  type ListedResource,
  listResources,
  readResource,
} from "../resources/resources.ts";
import { resourceMimeType, resourceTemplates } from "../resources/templates.ts";
import type { Call } from "../resources/visible.ts";
import type { Runtime } from "../runtime.ts";

/** The requests that reach the registry. */
export interface Handlers {
  readonly resourceTemplates: {
    uriTemplate: string;
    name: string;
    title: string;
    description: string;
    mimeType: string;
  }[];
  callTool(name: string, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>;
  listResources(signal: AbortSignal): Promise<ListedResource[]>;
  readResource(uri: string, signal: AbortSignal): Promise<string | undefined>;
  complete(
    variable: string,
    typed: string,
    others: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ values: string[]; total: number; hasMore: boolean }>;
}

export interface ToolResult {
  content: [{ type: "text"; text: string }];
  isError?: true;
  [key: string]: unknown;
}

export function createHandlers(runtime: Runtime): Handlers {
  const callWith =
    (signal: AbortSignal): Call =>
    (tool, given) =>
      runtime.call(tool, given, signal);
  return {
    resourceTemplates: resourceTemplates.map(({ uriTemplate, name, title, description }) => ({
      uriTemplate,
      name,
      title,
      description,
      mimeType: resourceMimeType,
    })),
    async callTool(name, given, signal) {
      try {
        return { content: [{ type: "text", text: presentAnswer(await runtime.call(name, given, signal)) }] };
      } catch (error) {
        if (error instanceof UnknownToolError)
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
        return { content: [{ type: "text", text: errorText(error) }], isError: true };
      }
    },
    listResources: (signal) => inWords(listResources(callWith(signal))),
    readResource: (uri, signal) => inWords(readResource(callWith(signal), uri)),
    complete: (variable, typed, others, signal) =>
      inWords(completeVariable(callWith(signal), variable, typed, others)),
  };
}

/** Resources have no result for failures: the same words go into a protocol error. */
async function inWords<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    throw new ProtocolError(ProtocolErrorCode.InternalError, errorText(error));
  }
}
