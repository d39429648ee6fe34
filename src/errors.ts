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
