import type { Headers } from "./errors.ts";

/** How often a read is sent at most. */
const attempts = 3;

const firstDelay = 200;

/** What a request ended with: an answer's status and headers, or a connection's failure before any answer. */
export type Outcome =
  | { readonly status: number; readonly headers: Headers }
  | { readonly code: string | undefined; readonly answered: boolean };

const brokenConnection = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "UND_ERR_SOCKET"]);

/**
 * Milliseconds to wait before a read is sent again, or undefined where that is of no use. Quay's 503 without Retry-After
 * speaks of a repository that takes no writes, or of a part that is down.
 *
 * @param attempt how often it has been sent
 */
export function retryDelay(outcome: Outcome, attempt: number): number | undefined {
  if (attempt >= attempts) return undefined;
  const backoff = firstDelay * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  if (!("status" in outcome)) {
    return !outcome.answered && outcome.code !== undefined && brokenConnection.has(outcome.code)
      ? backoff
      : undefined;
  }
  const wanted = retryAfter(outcome.headers);
  if (outcome.status === 429 || outcome.status === 502) return Math.max(wanted ?? 0, backoff);
  if (outcome.status === 503 && wanted !== undefined) return Math.max(wanted, backoff);
  return undefined;
}

/** What a Retry-After header asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter(headers: Headers, now: number = Date.now()): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
