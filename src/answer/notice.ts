/** What is said instead of an answer: that nothing was sent, what would be, and what went wrong. */
import { errorText } from "../error-text.ts";
import type { Given } from "../targets/target.ts";
import { escapeText, escapeUnseen } from "./escape.ts";
import { isBare } from "./free-text.ts";
import { citeInside, type Marking, markCited, markInside, markText, markWords, newNonce } from "./mark.ts";

/** A call that takes a write back, or why none does. */
export type Undo = { readonly tool: string; readonly arguments: Given } | { readonly none: string };

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
  readonly undo?: Undo;
}

/** What is said where nothing was sent, for an assistant: what strangers wrote is marked. */
export function presentNotice(notice: object, ownHosts: readonly string[]): string {
  const marking = { ownHosts, nonce: newNonce() };
  const { preview, request } = notice as Notice;
  const shown = (unsent: Unsent) => markedRequest(unsent, marking);
  return JSON.stringify({
    ...notice,
    ...(request && { request: Array.isArray(request) ? request.map(shown) : shown(request as Unsent) }),
    ...(preview && { preview: markedPreview(preview, marking) }),
  });
}

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

/** What a call threw, in sentences for an assistant. */
export function markedError(error: unknown, marking: Marking): string {
  return errorText(
    error,
    (words) => markWords(words, marking),
    (sentence) => markCited(sentence, marking),
  );
}

export function markedUndo(undo: Undo, marking: Marking): Undo {
  return "none" in undo ? undo : { ...undo, arguments: markInside(undo.arguments, marking) };
}

function markedPreview({ target, because, now, sends, unread, undo, ...ours }: Previewed, marking: Marking) {
  const sentences = (said: readonly string[] | undefined) => said?.map((each) => markCited(each, marking));
  return {
    ...ours,
    target: markWords(target, marking),
    because: because && markCited(because, marking),
    now: now && markedNow(now, marking),
    sends: sentences(sends),
    unread: sentences(unread),
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
