import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { UnknownToolError } from "../errors.ts";
import { refusal } from "../guard/policy.ts";
import type { RenderedPrompt } from "../prompts/prompts.ts";
import type { Runtime } from "../runtime.ts";
import { type Called, createSurfaceCalls, isOwn, type Offer } from "../surface/calls.ts";
import { type Asking, questionResult } from "./asking.ts";
import { type Browsing, createBrowsing } from "./browsing.ts";

/** The requests whose answers depend on who asks. */
export interface Handlers extends Browsing {
  /** Answers the result, or a question for the client's user. */
  callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    asking: Asking,
  ): Promise<ToolResult | ReturnType<typeof questionResult>>;
  /** The message of a prompt. */
  getPrompt(name: string, given: Readonly<Record<string, string>>): Promise<RenderedPrompt>;
}

export interface ToolResult {
  content: [{ type: "text"; text: string }];
  isError?: true;
  [key: string]: unknown;
}

/**
 * The requests of one caller, whose the runtime is.
 *
 * @param now milliseconds since 1970
 */
export function createHandlers(runtime: Runtime, offer: Offer, now: () => number = Date.now): Handlers {
  const callSurface = createSurfaceCalls(offer, runtime);
  const resultOf = async (
    called: Called,
    asking: Asking,
    reply = asking.reply,
  ): ReturnType<Handlers["callTool"]> => {
    const { canAsk, ask, signal, origin, progress } = asking;
    const { tool, given, executor } = called;
    const means = canAsk ? "form" : "code";
    const outcome = await runtime.call(tool, given, { means, reply, executor, signal, origin, progress });
    if (outcome.kind === "answer") return textResult(await runtime.present(outcome.answer));
    if (outcome.kind === "notice") return textResult(await runtime.presentNotice(outcome.notice));
    const question = runtime.presentQuestion(outcome.question);
    if (ask === undefined) return questionResult(question);
    return resultOf(called, asking, await ask(question));
  };
  const permits = (name: string) =>
    offer.listing.tools.some(
      ({ listed, guarded }) => listed.name === name && refusal(guarded, offer.policy) === undefined,
    );
  return {
    ...createBrowsing(runtime, offer, callSurface, now),
    async getPrompt(name, given) {
      const { promptMessage } = await import("./prompts.ts");
      return promptMessage(name, given, permits);
    },
    async callTool(name, given, asking) {
      try {
        const called = (await callSurface(name, given)) ?? { tool: name, given };
        return "text" in called ? textResult(called.text) : await resultOf(called, asking);
      } catch (error) {
        const text = runtime.presentError(error);
        if (error instanceof UnknownToolError && !isOwn(name))
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, text);
        return { ...textResult(text), isError: true };
      }
    },
  };
}

function textResult(text: string): ToolResult {
  return { content: [{ type: "text", text }] };
}
