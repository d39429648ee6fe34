/** The last stages of an answer: what of it, and in which form, reaches who asked. */
import { errorText } from "../error-text.ts";
import type { Operation } from "../operation.ts";
import type { Given } from "../targets/target.ts";
import { type Compacted, compact, compactAlready } from "./compact.ts";
import { escapeUnseen } from "./escape.ts";
import { bytesWithin, fitAnswer } from "./fit.ts";
import { citeInside, type Marking, mark, markedSize, markInside, newNonce } from "./mark.ts";
import { markedError, markedUndo, type Undo } from "./notice.ts";
import type { Redacted } from "./redact.ts";

/** What is said beside Quay's answer to one call. */
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

/** Quay's answer to one call, after the credentials have left it. */
export interface Answer extends Besides {
  /** Quay's; undefined where the answer is put together from several. */
  readonly status: number | undefined;
  readonly body: Redacted;
  /** What Quay's answer does not tell apart from success, or why it is not all of it. */
  readonly note?: string | undefined;
  /** Which operation of Quay's gave it, and undefined where this server put it together; in which fields its own words stand. */
  readonly from?: { readonly operation: Operation; readonly given: Given } | undefined;
  readonly ownWords?: readonly string[];
}

/** A success of Quay as an answer, with what it leaves open said beside it. */
export function answerOf(
  operation: Operation,
  given: Given,
  { status, body }: { readonly status: number; readonly body: Redacted },
  besides: Besides = {},
): Answer {
  const note = saysNothing(body.value) ? operation.silent : undefined;
  return { status, body, note, from: { operation, given }, ...besides };
}

/** What an answer for an assistant is made with. */
export interface Presenting {
  /** The most that an answer may cost. */
  readonly tokens: number;
  /** Keeps an answer that is cut; undefined where that is not possible. */
  readonly keep: (whole: Compacted) => Promise<string | undefined>;
  /** The registry's own, to which links in texts stay links. */
  readonly ownHosts: readonly string[];
}

/**
 * The answer for an assistant, as compact JSON: without noise, within its budget, what strangers wrote marked. Quay's
 * objects and lists stand as they are where there is nothing to say beside them; its bare words (`"Created"`), null and
 * empty bodies would mean nothing to a reader, so the status is said with them.
 */
export async function presentAnswer(answer: Answer, { tokens, keep, ownHosts }: Presenting): Promise<string> {
  const whole = compacted(answer);
  const marking = { ownHosts, nonce: newNonce() };
  const shown = (body: Compacted, note: string | undefined) =>
    inJson(
      answer.status,
      markedBut(answer.ownWords, body, marking),
      markedBesides({ ...answer, note }, marking),
    );
  const text = shown(whole, answer.note);
  if (Buffer.byteLength(text) <= bytesWithin(tokens)) return text;

  const { operation = {}, given = {} } = answer.from ?? {};
  const kept = await keep(whole);
  // What stands beside it, and the markers of keys, are known only when it is written.
  for (let room = tokens; ; room *= 0.8) {
    const cut = fitAnswer(whole, { operation, given, tokens: room, kept, sizeOfText: markedSize });
    const note = [answer.note, cut.note].filter((said) => said !== undefined).join(" ");
    const fitted = shown(cut.body, note === "" ? undefined : note);
    if (Buffer.byteLength(fitted) <= bytesWithin(tokens) || cut.body.value === null) return fitted;
  }
}

/** The whole answer for people and their scripts, as compact JSON. Nothing in it is invisible on a terminal. */
export function printAnswer(answer: Answer): string {
  return escapeUnseen(inJson(answer.status, compacted(answer).value, besidesOf(answer)));
}

function compacted({ body, from }: Answer): Compacted {
  return from === undefined ? compactAlready(body) : compact(body, from.operation);
}

type Said = Omit<Besides, "error"> & Pick<Answer, "note"> & { readonly error: string | undefined };

function besidesOf({ note, next, undo, file, error }: Answer): Said {
  return { note, error: error === undefined ? undefined : errorText(error), next, undo, file };
}

function markedBesides(answer: Answer, marking: Marking): Said {
  const { error, next, undo } = answer;
  return {
    ...besidesOf(answer),
    error: error === undefined ? undefined : markedError(error, marking),
    next: next && markInside(next, marking),
    undo: undo && markedUndo(undo, marking),
  };
}

/** The fields at the top that hold this server's own words are marked only where these cite a stranger's. */
function markedBut(own: readonly string[] = [], body: Compacted, marking: Marking): unknown {
  const { value } = mark(body, marking);
  if (own.length === 0 || value === null) return value;
  const whole = body.value as Readonly<Record<string, unknown>>;
  const kept = own
    .filter((field) => field in whole)
    .map((field) => [field, citeInside(whole[field], marking)]);
  return { ...(value as object), ...Object.fromEntries(kept) };
}

function inJson(status: number | undefined, value: unknown, besides: Said): string {
  const alone = Object.values(besides).every((said) => said === undefined);
  if (typeof value === "object" && value !== null && alone) return JSON.stringify(value);
  return JSON.stringify({ status, answer: value, ...besides });
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "string") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
