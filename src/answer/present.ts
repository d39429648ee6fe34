import type { Operation } from "../operation.ts";
import type { Redacted } from "./redact.ts";

/** A call that takes a write back, or why none does. */
type Undo =
  | { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly none: string };

/** What is said beside Quay's answer to one call. */
export interface Besides {
  /** How a write can be taken back. */
  readonly undo?: Undo | undefined;
  /** The file into which the answer's credential went. */
  readonly file?: string | undefined;
}

/** Quay's answer to one call, after the credentials have left it. */
export interface Answer extends Besides {
  /** Quay's; undefined where the answer is put together from several. */
  readonly status: number | undefined;
  readonly body: Redacted;
  /** What Quay's answer does not tell apart from success. */
  readonly note?: string | undefined;
}

/** A success of Quay as an answer, with what it leaves open said beside it. */
export function answerOf(
  operation: Operation,
  status: number,
  body: Redacted,
  besides: Besides = {},
): Answer {
  const note = saysNothing(body.value) ? operation.silent : undefined;
  return { status, body, note, ...besides };
}

/**
 * The answer as compact JSON. Quay's objects and lists stand as they are where there is nothing to say beside them; its
 * bare words (`"Created"`), null and empty bodies would mean nothing to a reader, so the status is said with them.
 */
export function presentAnswer({ status, body, note, undo, file }: Answer): string {
  const { value } = body;
  const besides = { note, undo, file };
  const alone = Object.values(besides).every((said) => said === undefined);
  if (typeof value === "object" && value !== null && alone) return JSON.stringify(value);
  return JSON.stringify({ status, answer: value, ...besides });
}

/** What is said instead of an answer where nothing was sent, as compact JSON. */
export function presentNotice(notice: object): string {
  return JSON.stringify(notice);
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "string") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
