import { cite } from "../sentences/cite.ts";
import { answerHint } from "./hints.ts";
import type { QuayRequest } from "./request.ts";
import type { Scrubber } from "./scrub.ts";
import { isHtml, quayWords } from "./words.ts";

/**
 * What went wrong: Quay answered with an error (`status`), sent the caller elsewhere, or answered something that is no
 * answer of Quay's; or there was no answer; or the answer says, or would say, that the operation is not to be had
 * (`not-offered`: switched off; `no-access`: a registry token without access); or this server has too many requests under
 * way and did not send it (`busy`).
 */
export type QuayErrorKind =
  | "status"
  | "redirect"
  | "not-json"
  | "too-large"
  | "unreachable"
  | "tls"
  | "timeout"
  | "aborted"
  | "not-offered"
  | "no-access"
  | "busy";

export interface QuayErrorFields {
  readonly kind: QuayErrorKind;
  /** What happened, as one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly status?: number;
  /** Quay's own words, never HTML. */
  readonly quayMessage?: string | undefined;
  /** Quay's `error_type`, such as `insufficient_scope`. */
  readonly errorType?: string | undefined;
}

/**
 * Every failure of a request to Quay. It has no `cause`: undici's errors can hold parts of what a registry sent, and a
 * registry may send the token back.
 */
export class QuayError extends Error {
  override readonly name = "QuayError";
  readonly kind: QuayErrorKind;
  readonly hint: string;
  readonly status: number | undefined;
  readonly quayMessage: string | undefined;
  readonly errorType: string | undefined;

  constructor(fields: QuayErrorFields) {
    super(fields.message);
    this.kind = fields.kind;
    this.hint = fields.hint;
    this.status = fields.status;
    this.quayMessage = fields.quayMessage;
    this.errorType = fields.errorType;
  }
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is known about a request when its error is put into words. */
export interface ErrorContext {
  readonly request: QuayRequest;
  /** Whether a token was sent along. */
  readonly authorized: boolean;
  /** Takes the credentials that were sent out of a text. */
  readonly scrub: Scrubber;
}

/** Turns an answer with a status of 400 or more into the one error type, whatever shape its body has. */
export function answerError(answer: RawAnswer, context: ErrorContext): QuayError {
  const { message: words, errorType } = quayWords(answer.text, context.scrub);
  const html = words === undefined && isHtml(answer.text);
  const said = words === undefined ? (html ? " with an HTML page" : "") : `: ${words.replace(/\.$/, "")}`;
  const type = errorType === undefined ? "" : ` (${cite(errorType)})`;
  return new QuayError({
    kind: "status",
    status: answer.status,
    message: `Quay answered ${answer.status}${said}${type}.`,
    hint: answerHint({ ...context, status: answer.status, headers: answer.headers, words, errorType, html }),
    quayMessage: words,
    errorType,
  });
}
