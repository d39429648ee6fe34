import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { presentAnswer, presentNotice } from "../answer/present.ts";
import type { Call, Entrance } from "../call.ts";
import { errorText } from "../error-text.ts";
import { ArgumentError, UnknownToolError } from "../errors.ts";
import { QuayError } from "../quay/errors.ts";
import { PathError } from "../quay/path.ts";
import {
  type Completing,
  completeVariable,
  type ListedResource,
  listResources,
  readResource,
} from "../resources/resources.ts";
import { resourceMimeType, resourceTemplates } from "../resources/templates.ts";
import type { Runtime } from "../runtime.ts";
import { type Asking, questionResult } from "./asking.ts";

/** The requests that reach the registry. */
export interface Handlers {
  readonly resourceTemplates: {
    uriTemplate: string;
    name: string;
    title: string;
    description: string;
    mimeType: string;
  }[];
  /** Answers the result, or a question for the client's user. */
  callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    asking: Asking,
  ): Promise<ToolResult | ReturnType<typeof questionResult>>;
  listResources(signal: AbortSignal): Promise<ListedResource[]>;
  readResource(uri: string, signal: AbortSignal): Promise<string>;
  complete(
    completing: Completing,
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
      runtime.read(tool, given, signal);
  const resultOf = async (
    name: string,
    given: Readonly<Record<string, unknown>>,
    asking: Asking,
    reply = asking.reply,
  ): ReturnType<Handlers["callTool"]> => {
    const { canAsk, ask, signal, progress } = asking;
    const entrance: Entrance = { means: canAsk ? "form" : "code", reply, signal, progress };
    const outcome = await runtime.call(name, given, entrance);
    if (outcome.kind === "answer") return textResult(presentAnswer(outcome.answer));
    if (outcome.kind === "notice") return textResult(presentNotice(outcome.notice));
    if (ask === undefined) return questionResult(outcome.question);
    return resultOf(name, given, asking, await ask(outcome.question));
  };
  return {
    resourceTemplates: resourceTemplates.map(({ uriTemplate, name, title, description }) => ({
      uriTemplate,
      name,
      title,
      description,
      mimeType: resourceMimeType,
    })),
    async callTool(name, given, asking) {
      try {
        return await resultOf(name, given, asking);
      } catch (error) {
        if (error instanceof UnknownToolError)
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
        return { ...textResult(errorText(error)), isError: true };
      }
    },
    listResources: (signal) => inWords(listResources(callWith(signal))),
    async readResource(uri, signal) {
      try {
        const text = await readResource(callWith(signal), uri);
        if (text !== undefined) return text;
      } catch (error) {
        if (isNotThere(error)) throw new ResourceNotFoundError(uri, errorText(error));
        throw protocolError(error);
      }
      throw new ResourceNotFoundError(uri);
    },
    complete: (completing, signal) => inWords(completeVariable(callWith(signal), completing)),
  };
}

function textResult(text: string): ToolResult {
  return { content: [{ type: "text", text }] };
}

async function inWords<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    throw protocolError(error);
  }
}

/** Resources have no result for failures: the same words go into a protocol error. */
function protocolError(error: unknown): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InternalError, errorText(error));
}

/** Quay knows no such thing, or the names in the URI could not be one's. */
function isNotThere(error: unknown): boolean {
  if (error instanceof QuayError) return error.status === 404;
  return error instanceof ArgumentError || error instanceof PathError;
}
