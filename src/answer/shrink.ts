/** Makes a JSON value smaller by leaving out the ends of its largest lists and the middles of its largest texts. */
import { fieldBelow, isBare } from "../sentences/free-text.ts";

/** What was left out at one place, or at all places that share a path. */
export interface Cut {
  /** JMESPath, with `[]` for the elements of lists and `*` for the values of maps. */
  readonly where: string;
  readonly what: "elements" | "fields" | "characters" | "parts" | "all";
  readonly shown: number;
  readonly of: number;
}

/** The bytes of a text in JSON, with its quotation marks, under the name of its field. */
export type TextSize = (text: string, field: string) => number;

/** What is known of the value. */
interface ShrinkOptions {
  readonly sizeOfText?: TextSize;
  /** Fields at its top that hold sentences of this server's own: these are shown whole or not at all. */
  readonly sentences?: readonly string[];
}

/** What one value is shrunk with. `field` is its name; of an element the list's. */
interface Place {
  readonly where: string;
  readonly field: string;
  /** It is, or holds, sentences of this server's own: what they cite is marked, and must be whole for that. */
  readonly isSaid: boolean;
}

interface Shrinking {
  readonly sizeOf: (value: unknown, field: string) => number;
  /** With its quotation marks and colon. */
  readonly sizeOfKey: (entry: Entry) => number;
  readonly cut: (where: string, what: Cut["what"], shown: number, of: number) => void;
  readonly sentences: readonly string[];
}

/** An element may take this share of its list or map, and more of a short one; what is larger is made smaller itself. */
const largestShare = 1 / 4;

/** With less room for each of its fields than this, an object is a map, of which the first entries are kept. */
const smallestField = 48;

const plainTextSize: TextSize = (text) => Buffer.byteLength(JSON.stringify(text));

/** The bytes of a value as compact JSON. */
export function bytesOf(value: unknown, sizeOfText: TextSize = plainTextSize): number {
  return measured(sizeOfText)(value, "");
}

/**
 * The value in at most so many bytes of compact JSON. Elements stay in their order and whole, from the first one on;
 * only one that is large beside its list is shrunk, too.
 *
 * @returns `null` in place of what does not fit at all
 */
export function shrink(
  value: unknown,
  bytes: number,
  { sizeOfText = plainTextSize, sentences = [] }: ShrinkOptions = {},
): { value: unknown; cuts: readonly Cut[] } {
  const cuts = new Map<string, Cut>();
  const cut: Shrinking["cut"] = (where, what, shown, of) => {
    const key = `${what} ${where}`;
    const earlier = cuts.get(key) ?? { where, what, shown: 0, of: 0 };
    cuts.set(key, { where, what, shown: earlier.shown + shown, of: earlier.of + of });
  };
  const shrinking: Shrinking = {
    sizeOf: measured(sizeOfText),
    sizeOfKey: ({ key, place }) => (place.where.endsWith("[]") ? 0 : sizeOfText(key, "") + 1),
    cut,
    sentences,
  };
  const shrunk = smaller(value, bytes, { where: "", field: "", isSaid: false }, shrinking);
  return { value: shrunk, cuts: [...cuts.values()] };
}

/** Measures each list and object once, however often it is asked for. */
function measured(sizeOfText: TextSize): Shrinking["sizeOf"] {
  const sizes = new Map<object, number>();
  const sizeOf = (value: unknown, field: string): number => {
    if (typeof value === "string") return sizeOfText(value, field);
    if (typeof value !== "object" || value === null) return value === undefined ? 0 : String(value).length;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    let size = 2;
    if (Array.isArray(value)) for (const element of value) size += sizeOf(element, field) + 1;
    else
      for (const [key, inner] of Object.entries(value))
        size += sizeOfText(key, "") + 1 + sizeOf(inner, fieldBelow(field, key)) + 1;
    sizes.set(value, size);
    return size;
  };
  return sizeOf;
}

function smaller(value: unknown, room: number, place: Place, shrinking: Shrinking): unknown {
  if (shrinking.sizeOf(value, place.field) <= room) return value;
  if (typeof value === "string") return smallerText(value, room, place, shrinking);
  if (Array.isArray(value)) return smallerList(value, room, place, shrinking);
  if (typeof value === "object" && value !== null) return smallerObject(value, room, place, shrinking);
  return value;
}

function smallerList(list: readonly unknown[], room: number, place: Place, shrinking: Shrinking): unknown[] {
  const { where, field } = place;
  const inner = { ...place, where: `${where}[]` };
  const pairs = list.map((element): Entry => ({ key: "", element, field, place: inner }));
  const kept = firstThatFit(pairs, room, shrinking).map(({ element }) => element);
  if (kept.length < list.length) shrinking.cut(where || "@", "elements", kept.length, list.length);
  return kept;
}

/** One thing in a list or a map; of a list without a key. */
interface Entry {
  readonly key: string;
  readonly element: unknown;
  readonly field: string;
  readonly place: Place;
}

/** Entries from the first one on, as many as there is room for. One that is large beside the others is shrunk. */
function firstThatFit(entries: readonly Entry[], room: number, shrinking: Shrinking): Entry[] {
  const each = Math.max(room * largestShare, (room - 2) / entries.length - 1);
  const kept: Entry[] = [];
  let left = room - 2;
  for (const entry of entries) {
    // What an element loses counts only if the element is kept.
    const lost: Parameters<Shrinking["cut"]>[] = [];
    const trying = { ...shrinking, cut: (...cut: Parameters<Shrinking["cut"]>) => void lost.push(cut) };
    const element = smaller(entry.element, each - shrinking.sizeOfKey(entry), entry.place, trying);
    left -= shrinking.sizeOfKey(entry) + shrinking.sizeOf(element, entry.field) + 1;
    if (left < 0) break;
    kept.push({ ...entry, element });
    for (const cut of lost) shrinking.cut(...cut);
  }
  return kept;
}

function smallerObject(value: object, room: number, place: Place, shrinking: Shrinking): unknown {
  const given = Object.entries(value);
  const isMap = given.length * smallestField > room;
  const entries = given.map(([key, element]): Entry => {
    const where = below(place.where, isMap ? "*" : segment(key));
    const field = fieldBelow(place.field, key);
    const isSaid = place.isSaid || (place.where === "" && shrinking.sentences.includes(key));
    return { key, element, field, place: { where, field, isSaid } };
  });
  const kept = isMap ? firstThatFit(entries, room, shrinking) : sharedOut(entries, room - 2, shrinking);
  if (kept.length < given.length) shrinking.cut(place.where || "@", "fields", kept.length, given.length);
  return Object.fromEntries(kept.map(({ key, element }) => [key, element]));
}

/** Small fields whole, and what room they leave shared evenly among the large ones. */
function sharedOut(entries: readonly Entry[], room: number, shrinking: Shrinking): Entry[] {
  const size = (entry: Entry) =>
    shrinking.sizeOfKey(entry) + shrinking.sizeOf(entry.element, entry.field) + 1;
  const ordered = entries
    .map((entry) => ({ entry, size: size(entry) }))
    .sort((one, other) => one.size - other.size);
  const shrunk = new Map<Entry, Entry>();
  let left = room;
  for (const [index, { entry, size: whole }] of ordered.entries()) {
    const share = left / (ordered.length - index);
    if (whole > share) {
      const element = smaller(entry.element, share - shrinking.sizeOfKey(entry) - 1, entry.place, shrinking);
      shrunk.set(entry, { ...entry, element });
    }
    const fitted = shrunk.get(entry) ?? entry;
    const taken = fitted === entry ? whole : size(fitted);
    if (taken > left) shrunk.delete(entry);
    else {
      shrunk.set(entry, fitted);
      left -= taken;
    }
  }
  return entries.flatMap((entry) => shrunk.get(entry) ?? []);
}

const below = (where: string, key: string) => (where === "" ? key : `${where}.${key}`);

/** A field in a JMESPath expression. One that could be a sentence of a stranger stands for any. */
function segment(key: string): string {
  return /^[A-Za-z_]\w{0,39}$/.test(key) && isBare(key, "") ? key : "*";
}

/** Digests, uuids and names are of no use in parts: what holds them is left out instead. */
const longestName = 160;

/** The beginning and the end of a text, since logs end with what went wrong; between them how much is left out. */
function smallerText(
  text: string,
  room: number,
  { where, field, isSaid }: Place,
  shrinking: Shrinking,
): string {
  if (isSaid || shrinking.sizeOf(text, field) <= longestName) return text;
  let kept = Math.floor((text.length * room) / shrinking.sizeOf(text, field));
  for (;;) {
    const shown = withoutMiddle(text, kept);
    if (kept === 0 || shrinking.sizeOf(shown.text, field) <= room) {
      shrinking.cut(where || "@", "characters", shown.kept, text.length);
      return shown.text;
    }
    kept = Math.max(0, Math.floor(kept * 0.9) - 8);
  }
}

function withoutMiddle(text: string, kept: number): { text: string; kept: number } {
  const beginning = whole(text.slice(0, Math.ceil((kept * 2) / 3)), 0);
  const end = whole(text.slice(text.length - Math.floor(kept / 3)), 1);
  const shown = beginning.length + end.length;
  return { text: `${beginning}…[${text.length - shown} characters left out]…${end}`, kept: shown };
}

/** Without half of a character at its end (0) or beginning (1). */
function whole(text: string, end: 0 | 1): string {
  return end === 0 ? text.replace(/[\uD800-\uDBFF]$/, "") : text.replace(/^[\uDC00-\uDFFF]/, "");
}
