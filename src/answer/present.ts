/** The last stages of an answer: what of it, and in which form, reaches who asked. */

import type { Operation } from "../operation.ts";
import { plainly } from "../sentences/cite.ts";
import type { Given } from "../targets/target.ts";
import { type Besides, fittedBesides, markedBesides, printedBesides, type Said } from "./besides.ts";
import { type Compacted, compact, compactAlready } from "./compact.ts";
import { escapeUnseen } from "./escape.ts";
import { bytesWithin, fitAnswer } from "./fit.ts";
import { citeInside, type Marking, mark, markedSize, newNonce, sayInside } from "./mark.ts";
import type { Redacted } from "./redact.ts";

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
export async function presentAnswer(answer: Answer, presenting: Presenting): Promise<string> {
  const { tokens, keep, ownHosts } = presenting;
  const whole = compacted(answer);
  const marking = { ownHosts, nonce: newNonce() };
  const shown = (body: Compacted, said: Said) =>
    inJson(answer.status, markedBut(answer.ownWords, body, marking), said);
  const text = shown(whole, markedBesides(answer, marking));
  if (Buffer.byteLength(text) <= bytesWithin(tokens)) return text;

  const said = await fittedBesides(answer, marking, presenting);
  const besides = shown(whole, said);
  if (Buffer.byteLength(besides) <= bytesWithin(tokens)) return besides;

  const { from: { operation = {}, given = {} } = {}, ownWords: sentences = [] } = answer;
  const kept = await keep(whole);
  // What stands beside it, and the markers of keys, are known only when it is written.
  for (let room = tokens; ; room *= 0.8) {
    const cut = fitAnswer(whole, { operation, given, tokens: room, kept, sizeOfText: markedSize, sentences });
    const note = [answer.note, cut.note].filter((words) => words !== undefined).join(" ");
    const fitted = shown(cut.body, { ...said, note: note === "" ? undefined : note });
    if (Buffer.byteLength(fitted) <= bytesWithin(tokens) || cut.body.value === null) return fitted;
  }
}

/** The whole answer for people and their scripts, as compact JSON. Nothing in it is invisible on a terminal. */
export function printAnswer(answer: Answer): string {
  const { value } = compacted(answer);
  const saying = { name: (name: string) => name, sentence: plainly };
  const said = saidBut(answer.ownWords, value, value, (words) => sayInside(words, saying));
  return escapeUnseen(inJson(answer.status, said, printedBesides(answer)));
}

function compacted({ body, from }: Answer): Compacted {
  return from === undefined ? compactAlready(body) : compact(body, from.operation);
}

function markedBut(own: readonly string[] | undefined, body: Compacted, marking: Marking): unknown {
  return saidBut(own, body.value, mark(body, marking).value, (words) => citeInside(words, marking));
}

/** An answer as it is shown, but for the fields at its top that hold this server's own sentences. */
function saidBut(
  own: readonly string[] = [],
  whole: unknown,
  shown: unknown,
  say: (sentences: unknown) => unknown,
): unknown {
  if (own.length === 0 || typeof whole !== "object" || whole === null) return shown;
  const said = Object.entries(whole).filter(([field]) => own.includes(field));
  return { ...(shown as object), ...Object.fromEntries(said.map(([field, words]) => [field, say(words)])) };
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
