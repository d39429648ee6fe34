/**
 * How the sentences of this server cite what others wrote: names of the registry, arguments, the words of Quay. What is plainly
 * a name stands as it is. Anything else stands as JSON between “ and ”, which no sentence of this server has otherwise: whoever
 * shows a sentence knows what of it is somebody else's, and need not guess.
 */
import { isBare } from "./free-text.ts";
import { shortened } from "./words.ts";

/** As long as a repository's whole name may be: longer names are nobody's, and are told as far as this. */
const longestName = 512;

/** As much of a value as tells it from another. */
const longestValue = 100;

/** A name within a sentence. */
export function cite(name: string): string {
  const shown = shortened(name, longestName);
  return isBare(shown, "") ? shown : between(shown);
}

/** A name or a text within a sentence, always between quotation marks. */
export function quote(text: string, most: number = longestName): string {
  const shown = shortened(text, most);
  return isBare(shown, "") ? JSON.stringify(shown) : between(shown);
}

/** Any value within a sentence, as JSON. */
export function quoteValue(value: unknown): string {
  if (typeof value === "string") return quote(value, longestValue);
  const json = JSON.stringify(value) ?? "nothing";
  const isPlain = json.length <= longestValue && textsIn(value).every((text) => isBare(text, ""));
  return isPlain ? json : between(shortened(json, longestValue));
}

/**
 * A sentence as it is shown.
 *
 * @param cited how what it cites is shown
 * @param own how its own words are shown
 */
export function showCited(
  sentence: string,
  cited: (text: string) => string,
  own: (words: string) => string = (words) => words,
): string {
  let shown = "";
  let done = 0;
  for (const { 0: all, 1: inner = "", index } of sentence.matchAll(citation)) {
    shown += own(sentence.slice(done, index)) + cited(textOf(inner));
    done = index + all.length;
  }
  return shown + own(sentence.slice(done));
}

/** A sentence for people: what it cites stands between plain quotation marks. */
export const plainly = (sentence: string): string => showCited(sentence, (text) => JSON.stringify(text));

const citation = /“([^“”]*)”/g;

function between(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll("“", "\\u201c").replaceAll("”", "\\u201d");
  return `“${inner}”`;
}

/** What is no JSON was not cited by `cite`, and is taken as it is. */
function textOf(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return inner;
  }
}

/** Every text of a value, its keys among them. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
