/** Tools that make several calls of one operation: previewed together, confirmed once, and reported one by one. */

import type { Progress } from "../call/paging.ts";
import { citedErrorText } from "../error-text.ts";
import { RefusedError } from "../errors.ts";
import type { TakingBack } from "../guard/undo.ts";
import type { CallableTool } from "../operation.ts";
import { QuayError } from "../quay/errors.ts";
import type { Given, Read, TargetState } from "../targets/target.ts";

/** A tool that changes several things by several calls of one operation. Which, it knows; whether, the guard decides. */
export interface RepeatingTask extends CallableTool {
  readonly access: "destructive";
  readonly repeats: string;
  /** What its preview shows, for the documentation. */
  readonly shows: string;
  /** @throws ArgumentError where arguments that are right by themselves do not go together */
  check(given: Given): void;
  /** All that it changes, as a person would write it. */
  targetName(given: Given): string;
  /**
   * Reads what the calls would change.
   *
   * @throws RefusedError where nothing is to be done, too much, or nobody knows what
   */
  look(given: Given, read: Read): Promise<Sight>;
  /** How what was done can be taken back, with names in capitals for what differs from call to call. */
  takenBackBy(given: Given): TakingBack;
  /** What the assistant is told at the end. */
  report(given: Given, sight: Sight, done: Done): object;
}

/** What a task would do, as it was seen. */
export interface Sight {
  /** Everything that the calls would change, as one: its identity is that of all of them. */
  readonly state: TargetState;
  readonly calls: readonly RepeatedCall[];
  /** What was meant and is left alone, by name, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** One of the calls. */
export interface RepeatedCall {
  /** What the report calls it. */
  readonly name: string;
  readonly given: Given;
  /** What it changes, as it was seen, in the form of arguments. */
  readonly now: Given;
  /** Looks again: the sentence that says that it is not as it was seen, and undefined where it is. */
  changed(read: Read): Promise<string | undefined>;
}

/** What became of the calls. */
export interface Done {
  readonly done: readonly RepeatedCall[];
  /** Of those that were not sent, or that Quay did not answer with success: by name, in words. */
  readonly failed: Readonly<Record<string, string>>;
  readonly untried: readonly string[];
  /** Why some were not tried. */
  readonly stopped?: string;
}

/** As many failures in a row are not about one of the things: going on would only bring more. */
const failuresInARow = 3;

/** Makes the calls one after another, until they are through, the caller gives up, or nothing succeeds any more. */
export async function repeat(
  calls: readonly RepeatedCall[],
  one: (call: RepeatedCall) => Promise<unknown>,
  {
    signal,
    progress,
  }: { readonly signal?: AbortSignal | undefined; readonly progress?: Progress | undefined },
): Promise<Done> {
  const done: RepeatedCall[] = [];
  const failed: [name: string, words: string][] = [];
  let inARow = 0;
  const end = (index: number, stopped?: string): Done => {
    const untried = calls.slice(index).map(({ name }) => name);
    return {
      done,
      failed: Object.fromEntries(failed),
      untried,
      ...(stopped === undefined ? {} : { stopped }),
    };
  };
  for (const [index, call] of calls.entries()) {
    if (signal?.aborted) return end(index, cancelled);
    if (inARow === failuresInARow) return end(index, `${failuresInARow} failed in a row.`);
    try {
      await one(call);
      done.push(call);
      inARow = 0;
    } catch (error) {
      if (signal?.aborted && wasNotSent(error)) return end(index, cancelled);
      failed.push([call.name, citedErrorText(error)]);
      inARow += 1;
    }
    progress?.(index + 1, calls.length);
  }
  return end(calls.length);
}

const cancelled = "The call was given up by its caller.";

function wasNotSent(error: unknown): boolean {
  return (
    error instanceof RefusedError ||
    (error instanceof QuayError && (error.kind === "aborted" || error.kind === "busy"))
  );
}
