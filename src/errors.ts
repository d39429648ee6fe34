/** What can go wrong before and beside the registry's own answer. `QuayError` and `PathError` are in `quay/`. */

/** The program was started in a way that cannot work. Its message is one sentence for standard error. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** No tool has this name. */
export class UnknownToolError extends Error {
  override readonly name = "UnknownToolError";
}

/** The arguments do not match the tool's schema. Its message names every problem. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** The guard refused the call, and no request was sent. Its message says what it takes. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** A system error by its code, which holds no part of any value. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}

/** An expression that is none, or whose result could be larger than memory. Its message is a sentence for the assistant. */
export class SelectError extends Error {
  override readonly name = "SelectError";
}
