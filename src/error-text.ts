import { SelectError } from "./answer/select.ts";
import { ArgumentError, RefusedError, UnknownToolError, UsageError } from "./errors.ts";
import { QuayError } from "./quay/errors.ts";
import { PathError } from "./quay/path.ts";
import { redactText } from "./secrets/text.ts";

type Showing = (words: string) => string;

const asTheyAre: Showing = (words) => words;

const written = [ArgumentError, UnknownToolError, UsageError, PathError, SelectError];

/**
 * Turns whatever a call threw into the sentences that an assistant or a person reads.
 *
 * @param quoted how Quay's own words are shown: they may be those of another host, or of whoever named something
 * @param citing how a sentence of this server's own is shown that may cite such words, as JSON
 */
export function errorText(error: unknown, quoted: Showing = asTheyAre, citing: Showing = asTheyAre): string {
  if (error instanceof QuayError) return textOf(error, quoted);
  if (error instanceof RefusedError) return citing(redactText(error.message));
  if (error instanceof Error && written.some((type) => error instanceof type))
    return redactText(error.message);
  return `quay-mcp itself failed (${error instanceof Error ? error.name : typeof error}). This is a mistake in the program, not in the call.`;
}

/** Credentials leave before the words are quoted: what is quoted may no longer look like one. */
function textOf({ message, hint, quayMessage }: QuayError, quoted: Showing): string {
  const words = quayMessage?.replace(/\.$/, "");
  const text = `${message} ${hint}`.trim();
  const at = words === undefined ? -1 : text.indexOf(words);
  if (words === undefined || at < 0) return redactText(text);
  const [before, after] = [text.slice(0, at), text.slice(at + words.length)];
  return redactText(before) + quoted(redactText(words)) + redactText(after);
}
