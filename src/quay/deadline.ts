import { QuayError } from "./errors.ts";
import { outcomeHint } from "./hints.ts";

/** The end of a request, however many times it is sent: its time is up, or its caller has given up. */
export interface Deadline {
  /**
   * Why it is over; undefined while it is not. No getter: one in a literal would keep everything around it until V8's next
   * full collection, for each request.
   */
  error(): QuayError | undefined;
  /** Milliseconds left. */
  remaining(): number;
  /** Calls back once, when it is over; a later callback takes the place of an earlier one. */
  whenOver(callback: ((error: QuayError) => void) | undefined): void;
  /** @throws QuayError when it is over before the time has passed */
  sleep(milliseconds: number): Promise<void>;
  /** @throws QuayError, which says that nothing was sent, when it is over before there is a turn */
  wait(turn: Promise<void>): Promise<void>;
  /** Stops the clock. */
  clear(): void;
}

/** Starts the clock of a request. `clear` must stop it: a timer that runs keeps the process alive. */
export function createDeadline(method: string, timeoutMs: number, signal: AbortSignal | undefined): Deadline {
  const end = performance.now() + timeoutMs;
  let error: QuayError | undefined;
  let callback: ((error: QuayError) => void) | undefined;

  const over = (reason: QuayError) => {
    if (error !== undefined) return;
    error = reason;
    callback?.(reason);
  };
  const onAbort = () => over(abortedError(method));
  const timer = setTimeout(() => over(timeoutError(method, timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();

  return {
    error: () => error,
    remaining: () => end - performance.now(),
    whenOver(next) {
      callback = next;
      if (error !== undefined) next?.(error);
    },
    sleep(milliseconds) {
      return new Promise((resolve, reject) => {
        const pause = setTimeout(resolve, milliseconds);
        this.whenOver((reason) => {
          clearTimeout(pause);
          reject(reason);
        });
      });
    },
    wait(turn) {
      return new Promise((resolve, reject) => {
        this.whenOver((reason) =>
          reject(reason.kind === "timeout" ? noTurnError(timeoutMs) : givenUpUnsent()),
        );
        turn.then(resolve, reject);
      });
    },
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** The caller gave up before anything was sent. */
export function givenUpUnsent(): QuayError {
  return new QuayError({
    kind: "aborted",
    message: "The call was given up by its caller.",
    hint: "Nothing was sent.",
  });
}

function noTurnError(timeoutMs: number): QuayError {
  return new QuayError({
    kind: "busy",
    message: `Too many other requests were before this one for ${timeoutMs / 1000} seconds.`,
    hint: "Nothing was sent. Make fewer calls at once, or try again later.",
  });
}

function abortedError(method: string): QuayError {
  return new QuayError({
    kind: "aborted",
    message: "The request was given up by its caller.",
    hint: outcomeHint(method, "Nothing needs to be done."),
  });
}

function timeoutError(method: string, timeoutMs: number): QuayError {
  return new QuayError({
    kind: "timeout",
    message: `Quay did not answer completely within ${timeoutMs / 1000} seconds.`,
    hint: outcomeHint(method, "Try again later, ask for less, or raise --timeout."),
  });
}
