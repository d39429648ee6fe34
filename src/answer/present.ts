import type { Operation } from "../operation.ts";
import type { Redacted } from "./redact.ts";

/** Quay's answer to one call, after the credentials have left it. */
export interface Answer {
  readonly status: number;
  readonly body: Redacted;
  /** What Quay's answer does not tell apart from success. */
  readonly note?: string;
}

/** A success of Quay as an answer, with what it leaves open said beside it. */
export function answerOf(operation: Operation, status: number, body: Redacted): Answer {
  const note = operation.silent !== undefined && saysNothing(body.value) ? { note: operation.silent } : {};
  return { status, body, ...note };
}

/**
 * The answer as compact JSON. Quay's objects and lists stand as they are; its bare words (`"Created"`), null and empty
 * bodies would mean nothing to a reader, so the status is said with them.
 */
export function presentAnswer({ status, body, note }: Answer): string {
  const { value } = body;
  if (typeof value === "object" && value !== null && note === undefined) return JSON.stringify(value);
  const said = note === undefined ? {} : { note };
  if (value === undefined) return JSON.stringify({ status, ...said });
  return JSON.stringify({ status, answer: value, ...said });
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "string") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
