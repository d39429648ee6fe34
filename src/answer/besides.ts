/** What is said beside Quay's answer to one call: how it goes on, how a write is taken back, what went wrong. */

import { errorText } from "../error-text.ts";
import { plainly } from "../sentences/cite.ts";
import type { Given } from "../targets/target.ts";
import type { Compacted } from "./compact.ts";
import { bytesWithin } from "./fit.ts";
import { type Marking, markCited, markInside } from "./mark.ts";
import { markedError } from "./marked-error.ts";

/** A call that takes a write back, or why none does. */
export type Undo = { readonly tool: string; readonly arguments: Given } | { readonly none: string };

export interface Besides {
  /** The arguments with which the same tool gives what comes after this. */
  readonly next?: Given | undefined;
  /** How a write can be taken back. */
  readonly undo?: Undo | undefined;
  /** The file into which the answer's credential went. */
  readonly file?: string | undefined;
  /** Why the rest of it could not be read. */
  readonly error?: unknown;
}

/** The same as it is shown. */
export interface Said {
  readonly note: string | undefined;
  readonly error: string | undefined;
  readonly next: Given | string | undefined;
  readonly undo: Undo | { readonly tool: string; readonly arguments: string } | undefined;
  readonly file: string | undefined;
}

type Saying = Besides & { readonly note?: string | undefined };

/** For people and their scripts. */
export function printedBesides({ note, next, undo, file, error }: Saying): Said {
  const words = error === undefined ? undefined : errorText(error);
  return { note, error: words, next, undo, file: file && plainly(file) };
}

/** For an assistant. */
export function markedBesides(besides: Saying, marking: Marking): Said {
  const { note, next, undo, file, error } = besides;
  return {
    note,
    error: error === undefined ? undefined : markedError(error, marking),
    next: next && markInside(next, marking),
    undo: undo && markedUndo(undo, marking),
    file: file && markCited(file, marking),
  };
}

/** The name of its tool, and why there is none, are this server's own words. */
export function markedUndo<Way extends { readonly arguments?: Given } | { readonly none: string }>(
  undo: Way,
  marking: Marking,
): Way {
  return "arguments" in undo ? { ...undo, arguments: markInside(undo.arguments, marking) } : undo;
}

/** Each may take this share of the whole budget: there must be room for the answer. */
const largestShare = 1 / 5;

/**
 * The same within its share of the budget. Arguments cannot be cut: a call with the beginning of a text would not bring the
 * text back. What is too large is kept, and where it stands is said in its place.
 */
export async function fittedBesides(
  besides: Saying,
  marking: Marking,
  {
    tokens,
    keep,
  }: { readonly tokens: number; readonly keep: (whole: Compacted) => Promise<string | undefined> },
): Promise<Said> {
  const most = bytesWithin(tokens) * largestShare;
  const said = markedBesides(besides, marking);
  const isLarge = (value: unknown) => value !== undefined && Buffer.byteLength(JSON.stringify(value)) > most;
  const { next, undo } = besides;
  const large = { ...(isLarge(said.next) && { next }), ...(isLarge(said.undo) && { undo }) };
  const id = Object.keys(large).length === 0 ? undefined : await keep({ value: large } as Compacted);
  const instead = (select: string) =>
    id === undefined
      ? "Too large to show, and to keep."
      : `Too large to show: read_answer with id ${JSON.stringify(id)}, select ${JSON.stringify(select)}.`;
  return {
    ...said,
    error: besides.error === undefined ? undefined : markedError(besides.error, marking, most),
    next: "next" in large ? instead("next") : said.next,
    undo:
      "undo" in large && undo !== undefined && "tool" in undo
        ? { tool: undo.tool, arguments: instead("undo.arguments") }
        : said.undo,
  };
}
