import { errorText } from "../error-text.ts";
import { shortened } from "../sentences/words.ts";
import { type Marking, markCited, markWords } from "./mark.ts";

/** How many characters of each text that an error cites are shown, from many to few. */
const longestCitations = [Number.POSITIVE_INFINITY, 200, 50, 10];

/**
 * What a call threw, in sentences for an assistant.
 *
 * @param bytes in which it is to be told: what it cites is shortened for that, its own words are not
 */
export function markedError(
  error: unknown,
  marking: Marking,
  bytes: number = Number.POSITIVE_INFINITY,
): string {
  let text = "";
  for (const most of longestCitations) {
    text = errorText(error, {
      quoted: (words) => markWords(shortened(words, most), marking),
      sentence: (sentence) => markCited(sentence, marking, most),
    });
    if (Buffer.byteLength(text) <= bytes) return text;
  }
  return text;
}
