/** What is said instead of an answer: that nothing was sent, and what would be. */

import { isBare } from "../sentences/free-text.ts";
import { shortened } from "../sentences/words.ts";
import type { Given } from "../targets/target.ts";
import { markedUndo } from "./besides.ts";
import type { Compacted } from "./compact.ts";
import { escapeText, escapeUnseen } from "./escape.ts";
import { bytesWithin } from "./fit.ts";
import {
  citeInside,
  type Marking,
  markCited,
  markedSize,
  markInside,
  markText,
  markWords,
  newNonce,
} from "./mark.ts";
import { bytesOf, shrink } from "./shrink.ts";

/** What is known here of what the guard says. */
interface Notice {
  readonly request?: Unsent | readonly Unsent[];
  readonly preview?: Previewed;
}

interface Unsent {
  readonly path: string;
  readonly body?: unknown;
}

interface Previewed {
  readonly target: string;
  readonly because?: string;
  readonly now?: object;
  readonly sends?: readonly string[];
  readonly unread?: readonly string[];
  /** Of one that is cut the arguments may be missing. */
  readonly undo?: { readonly tool: string; readonly arguments?: Given } | { readonly none: string };
}

/** What answers are made with, as far as notices need it. */
interface Presenting {
  readonly tokens: number;
  readonly keep: (whole: Compacted) => Promise<string | undefined>;
  readonly ownHosts: readonly string[];
}

/**
 * What is said where nothing was sent, for an assistant: within the budget, and what strangers wrote is marked. Where it is
 * cut, all that would be sent and changed is kept.
 */
export async function presentNotice(notice: object, presenting: Presenting): Promise<string> {
  const { tokens, keep, ownHosts } = presenting;
  const marking = { ownHosts, nonce: newNonce() };
  const bytes = bytesWithin(tokens);
  const whole = JSON.stringify(markedNotice(notice, marking));
  if (Buffer.byteLength(whole) <= bytes) return whole;
  const { request, preview } = notice as Notice;
  const id = await keep({ value: { request, preview } } as Compacted);
  const rest = id === undefined ? "" : ` read_answer with id ${JSON.stringify(id)} has all of it.`;
  for (let room = bytes; ; room *= 0.8) {
    const note = `The preview is cut to fit.${rest}`;
    const cut = { ...notice, ...cutNotice(notice, room), note };
    const text = JSON.stringify(markedNotice(cut, marking, Math.ceil(room / 16)));
    if (Buffer.byteLength(text) <= bytes || room < smallestRoom) return text;
  }
}

/** With less there is nothing left to cut. */
const smallestRoom = 64;

/** What is said where nothing was sent, for people and their scripts. */
export function printNotice(notice: object): string {
  return escapeUnseen(JSON.stringify(notice));
}

/** A question as a form shows it: nothing in it leads elsewhere, or looks like what it is not. */
export function presentQuestion<Asked extends { readonly message: string; readonly name: string }>(
  question: Asked,
  ownHosts: readonly string[],
): Asked {
  const { message, name } = question;
  return { ...question, message: escapeText(message, ownHosts), name: escapeText(name, ownHosts) };
}

function markedNotice(notice: object, marking: Marking, most?: number): object {
  const { preview, request } = notice as Notice;
  const shown = (unsent: Unsent) => markedRequest(unsent, marking);
  return {
    ...notice,
    ...(request && { request: Array.isArray(request) ? request.map(shown) : shown(request as Unsent) }),
    ...(preview && { preview: markedPreview(preview, marking, most) }),
  };
}

function markedPreview(
  { target, because, now, sends, unread, undo, ...ours }: Previewed,
  marking: Marking,
  most: number = Number.POSITIVE_INFINITY,
) {
  const said = (sentence: string) => markCited(sentence, marking, most);
  return {
    ...ours,
    target: markWords(shortened(target, most), marking),
    because: because && said(because),
    now: now && markedNow(now, marking),
    sends: sends?.map(said),
    unread: unread?.map(said),
    undo: undo && markedUndo(undo, marking),
  };
}

/** What previews say in this server's own words. */
const ownWords = ["restorable", "skipped"];

function markedNow(now: object, marking: Marking): object {
  const own = Object.entries(now).filter(([field]) => ownWords.includes(field));
  return { ...markInside(now, marking), ...(citeInside(Object.fromEntries(own), marking) as object) };
}

/** Each segment of a path is a word of ours or an argument, so that its length says nothing. */
function markedRequest(request: Unsent, marking: Marking): Unsent {
  const { path, body } = request;
  const isPlain = path.split(/[/?&=]/).every((segment) => isBare(segment, ""));
  return {
    ...request,
    path: isPlain ? path : markText(path, marking),
    ...(body !== undefined && { body: markInside(body, marking) }),
  };
}

/** What of a notice may be large: what it is about gets the most of the room. */
function cutNotice(notice: object, room: number): Notice {
  const { request, preview } = notice as Notice;
  return {
    ...(request && { request: shrunk(request, room / 3) }),
    ...(preview && { preview: cutPreview(preview, request === undefined ? room / 2 : room / 3) }),
  };
}

function cutPreview(preview: Previewed, room: number): Previewed {
  const { now, sends, unread, undo } = preview;
  const isLarge = undo !== undefined && bytesOf(undo, markedSize) > room / 3;
  return {
    ...preview,
    ...(now && { now: shrunk(now, room) }),
    ...(sends && { sends: sends.slice(0, sentencesShown) }),
    ...(unread && { unread: unread.slice(0, sentencesShown) }),
    ...(isLarge && "tool" in undo && { undo: { tool: undo.tool } }),
  };
}

/** Of a list in a notice that is cut. */
const sentencesShown = 3;

const shrunk = <Value>(value: Value, room: number): Value =>
  shrink(value, room, { sizeOfText: markedSize, sentences: ownWords }).value as Value;
