import { ArgumentError, RefusedError, SelectError, UnknownToolError, UsageError } from "./errors.ts";
import { QuayError } from "./quay/errors.ts";
import { PathError } from "./quay/path.ts";
import { redactText } from "./secrets/text.ts";
import { plainly, quote, showCited } from "./sentences/cite.ts";

/** How the parts of an error's sentences are shown. */
export interface ErrorShowing {
  /** Quay's own words: they may be those of another host, or of whoever named something. */
  readonly quoted: (words: string) => string;
  /** A sentence of this server's own, with all that it cites. */
  readonly sentence: (sentence: string) => string;
}

const forPeople: ErrorShowing = { quoted: (words) => words, sentence: plainly };

const written = [RefusedError, ArgumentError, UnknownToolError, UsageError, PathError, SelectError];

/** Turns whatever a call threw into the sentences that an assistant or a person reads. */
export function errorText(error: unknown, showing: ErrorShowing = forPeople): string {
  const { quoted, sentence } = showing;
  const said = (words: string) => sentence(redacted(words));
  if (error instanceof QuayError) {
    const [before, words, after] = partsOf(error);
    return said(before) + (words === undefined ? "" : quoted(redactText(words))) + said(after);
  }
  if (error instanceof Error && written.some((type) => error instanceof type)) return said(error.message);
  return `quay-mcp itself failed (${error instanceof Error ? error.name : typeof error}). This is a mistake in the program, not in the call.`;
}

/** The same as a part of another sentence of this server's own, which cites Quay's words. */
export function citedErrorText(error: unknown): string {
  return errorText(error, { quoted: quote, sentence: (sentence) => sentence });
}

/** What is cited is redacted by itself, lest a credential at its end take its quotation mark along. */
function redacted(sentence: string): string {
  return showCited(sentence, (text) => quote(redactText(text)), redactText);
}

/** What stands before Quay's own words, these, and what stands behind them. */
function partsOf({
  message,
  hint,
  quayMessage,
}: QuayError): [before: string, words: string | undefined, after: string] {
  const words = quayMessage?.replace(/\.$/, "");
  const text = `${message} ${hint}`.trim();
  const at = words === undefined ? -1 : text.indexOf(words);
  if (words === undefined || at < 0) return [text, undefined, ""];
  return [text.slice(0, at), words, text.slice(at + words.length)];
}
