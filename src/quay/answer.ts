import { cite } from "../sentences/cite.ts";
import { shortened } from "../sentences/words.ts";
import { answerError, type ErrorContext, type Headers, QuayError, type RawAnswer } from "./errors.ts";
import { featureWords, outcomeHint } from "./hints.ts";

/** A success. */
export interface QuayAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; undefined where the answer was empty. */
  readonly body: unknown;
}

/**
 * Reads a success. The credentials that were sent are not handed on, should it repeat them.
 *
 * @throws QuayError for any other answer, and for a success that is not JSON
 */
export function readAnswer(answer: RawAnswer, context: ErrorContext): QuayAnswer {
  const { status, headers } = answer;
  if (status >= 400) throw answerError(answer, context);
  if (status >= 300) throw redirectError(answer, context);
  if (answer.text.trim() === "") return { status, headers, body: undefined };
  if (/^text\/html/i.test(String(headers["content-type"]))) throw notJson(answer, context, "an HTML page");
  const { scrub } = context;
  try {
    return {
      status,
      headers,
      body: JSON.parse(scrub.suspects(answer.text) ? scrub(answer.text) : answer.text),
    };
  } catch {
    throw notJson(answer, context, "something that is not whole JSON");
  }
}

function notJson({ status }: RawAnswer, { request }: ErrorContext, what: string): QuayError {
  return new QuayError({
    kind: "not-json",
    status,
    message: `Quay answered ${status} with ${what}.`,
    hint: outcomeHint(
      request.method,
      "Check that QUAY_URL is the address of a Quay registry, and that no proxy or login page stands before it.",
    ),
  });
}

/**
 * Whether an answer only asks for the same URL with a slash at its end, which is followed: Quay redirects so where a
 * path lacks its slash, and where it knows no such operation.
 */
export function isSlashRedirect(answer: RawAnswer, method: string, url: string): boolean {
  if (answer.status !== 308 || method !== "GET") return false;
  const target = location(answer, url);
  const asked = new URL(url);
  return (
    target !== undefined &&
    target.origin === asked.origin &&
    target.search === asked.search &&
    !asked.pathname.endsWith("/") &&
    target.pathname === `${asked.pathname}/`
  );
}

function redirectError(answer: RawAnswer, context: ErrorContext): QuayError {
  const { request, scrub } = context;
  const features = featureWords(request.operation);
  const off = features === undefined ? "" : ` It can also mean that ${features} is switched off.`;
  const target = location(answer, undefined)?.origin;
  const where = target === undefined ? "" : ` to ${cite(shortened(scrub(target), 200))}`;
  return new QuayError({
    kind: "redirect",
    status: answer.status,
    message: `Quay answered ${answer.status}, a redirect${where}, which was not followed: the token stays where it belongs.`,
    hint: `Set QUAY_URL to the registry's final address, with the right scheme and host.${off}`,
  });
}

function location({ headers }: RawAnswer, base: string | undefined): URL | undefined {
  try {
    return new URL(String(headers.location), base);
  } catch {
    return undefined;
  }
}
