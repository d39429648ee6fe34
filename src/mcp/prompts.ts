import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { ArgumentError } from "../errors.ts";
import { prompts, type RenderedPrompt, renderPrompt } from "../prompts/prompts.ts";
import { quoted } from "../prompts/quote.ts";
import { didYouMean } from "../sentences/words.ts";

/**
 * The message of a prompt.
 *
 * @param permits whether a tool may run for who asks
 * @throws ProtocolError for a prompt or arguments that there are not
 */
export function promptMessage(
  name: string,
  given: Readonly<Record<string, string>>,
  permits: (tool: string) => boolean,
): RenderedPrompt {
  try {
    const rendered = renderPrompt(name, given, permits);
    if (rendered !== undefined) return rendered;
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  }
  const nearest = didYouMean(
    name.slice(0, 60),
    prompts.map((prompt) => prompt.name),
  );
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no prompt ${quoted(name.slice(0, 60))}.${nearest}`,
  );
}
