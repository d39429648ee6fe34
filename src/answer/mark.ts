/**
 * Text that strangers wrote is data. It is returned between `<data-482913>` and `</data-482913>`, a number that is new
 * for every answer, in which it can neither end the marker nor give itself another look. docs/decisions.md says why.
 */
import { randomInt } from "node:crypto";
import { ArgumentError } from "../errors.ts";
import { showCited } from "../sentences/cite.ts";
import { fieldBelow, freeText, isBare } from "../sentences/free-text.ts";
import { shortened } from "../sentences/words.ts";
import type { Compacted } from "./compact.ts";
import { escapeText, unescapeText } from "./escape.ts";
import { putField } from "./put-field.ts";

declare const markedBrand: unique symbol;

/** An answer in which nothing that strangers wrote can be taken for instructions. Only `mark` makes one. */
export interface Marked extends Compacted {
  readonly [markedBrand]: true;
}

export interface Marking {
  /** Hosts, with their ports, to which links stay as they are: the registry's own. */
  readonly ownHosts?: readonly string[];
  /** The number of the answer's markers; the marker's strength lies in that nobody can know it before. */
  readonly nonce?: string;
  /** The fields are not Quay's: an expression named them, by words of a caller's, or of the answer itself. */
  readonly isSelected?: boolean;
}

/** A nonce of six digits: two tokens. */
export const newNonce = (): string => String(randomInt(100_000, 1_000_000));

/**
 * Marks every text of an answer that is not bare: neither a short name, a digest, a time or the like, nor Quay's own
 * word. The keys of maps are texts, too.
 */
export function mark(
  body: Compacted,
  { ownHosts = [], nonce = newNonce(), isSelected }: Marking = {},
): Marked {
  const marked = (text: string, field: string) =>
    isBare(text, isSelected ? selectedField(field) : field) ? text : markText(text, { ownHosts, nonce });
  return { value: markValue(body.value, "", marked) } as Marked;
}

/** A field that an expression named says nothing of its texts, but that they are for words. */
const selectedField = (field: string) => (freeText.has(field) ? field : "");

/** The same for what was put together from redacted answers: previews, arguments of calls. */
export function markInside<Value>(value: Value, marking: Marking): Value {
  return mark({ value } as Compacted, marking).value as Value;
}

/** A single text, for the places that are no answers: errors, resources, prompts. */
export function markText(text: string, { ownHosts = [], nonce = newNonce() }: Marking = {}): string {
  return `<data-${nonce}>${escapeText(text, ownHosts)}</data-${nonce}>`;
}

/** A single text, marked unless it is bare. */
export function markWords(text: string, marking: Marking = {}): string {
  return isBare(text, "") ? text : markText(text, marking);
}

/**
 * A sentence of this server's own, with markers around what it cites (`cite.ts`).
 *
 * @param most characters of each
 */
export function markCited(
  sentence: string,
  marking: Marking = {},
  most: number = Number.POSITIVE_INFINITY,
): string {
  return showCited(
    sentence,
    (text) => markText(shortened(text, most), marking),
    // It should have nothing to escape; and what came into it in another way can at least do no harm.
    (own) => escapeText(own, marking.ownHosts),
  );
}

/** The same for each of several sentences; under names, these are texts of their own. */
export function citeInside(value: unknown, marking: Marking): unknown {
  return sayInside(value, {
    name: (name) => markWords(name, marking),
    sentence: (sentence) => markCited(sentence, marking),
  });
}

/** Sentences of this server's own within a value, and the names that they stand under, as they are shown. */
export function sayInside(
  value: unknown,
  saying: { readonly name: (name: string) => string; readonly sentence: (sentence: string) => string },
): unknown {
  if (typeof value === "string") return saying.sentence(value);
  if (Array.isArray(value)) return value.map((each) => sayInside(each, saying));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [saying.name(name), sayInside(inner, saying)]),
  );
}

/** The bytes that a text takes in JSON once it is marked, for the stage that fits the answer into its budget. */
export function markedSize(text: string, field: string): number {
  const shown = isBare(text, field) ? text : markText(text, { nonce: "000000" });
  return Buffer.byteLength(JSON.stringify(shown));
}

/** The same for an answer of which an expression selected a part. */
export const selectedSize = (text: string, field: string): number => markedSize(text, selectedField(field));

const opening = /<data-(\d{6})>/g;
const closing = /<\/data-(\d{6})>/g;

/** Both are sought once: one expression for a whole marker looks for the end of each opening anew, up to the text's own. */
function unmarkText(text: string): string {
  // As nearly all arguments are.
  if (!text.includes("</data-")) return text;
  // By number, from the last to the first.
  const ends = new Map<string, number[]>();
  for (const { 1: number = "", index } of [...text.matchAll(closing)].reverse()) {
    const own = ends.get(number) ?? [];
    own.push(index);
    ends.set(number, own);
  }
  let unmarked = "";
  let done = 0;
  for (const { 0: tag, 1: number = "", index } of text.matchAll(opening)) {
    if (index < done) continue;
    const [own, start] = [ends.get(number) ?? [], index + tag.length];
    while (own.length > 0 && own.at(-1)! < start) own.pop();
    const end = own.at(-1);
    if (end === undefined) continue;
    unmarked += text.slice(done, index) + unescapeText(text.slice(start, end));
    done = end + tag.length + 1;
  }
  return unmarked + text.slice(done);
}

/** No argument of Quay's lies so deep, and what does would exhaust the stack. */
const deepest = 100;

/**
 * Arguments as they are meant: where an assistant passes on a text of an answer with its marker, the marker goes and
 * the text is again what the registry has. A text without a marker stays as it is.
 *
 * @throws ArgumentError where they are nested too deep
 */
export function unmark(given: unknown, depth = 0): unknown {
  if (typeof given === "string") return unmarkText(given);
  if (typeof given !== "object" || given === null) return given;
  if (depth > deepest) throw new ArgumentError(`No argument may lie deeper than ${deepest} levels.`);
  if (Array.isArray(given)) return given.map((each) => unmark(each, depth + 1));
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [unmarkText(key), unmark(value, depth + 1)]),
  );
}

function markValue(value: unknown, field: string, marked: (text: string, field: string) => string): unknown {
  if (typeof value === "string") return marked(value, field);
  if (Array.isArray(value)) return value.map((element) => markValue(element, field, marked));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const shown = {};
  for (const key of Object.keys(fields)) {
    putField(shown, marked(key, ""), markValue(fields[key], fieldBelow(field, key), marked));
  }
  return shown;
}
