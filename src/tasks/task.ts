import type * as z from "zod";
import { Name, Repository } from "../../tools/parameters.ts";
import type { Call } from "../call/context.ts";
import type { Progress } from "../call/paging.ts";
import { ArgumentError } from "../errors.ts";
import type { CallableTool, ScopeRequirement, Shape } from "../operation.ts";

export interface TaskOptions {
  /** Told how many calls were answered, and how many are known to be needed so far. */
  readonly progress?: Progress | undefined;
  /** No further call is made once it is aborted; those under way give up if the `Call` heeds it too. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970; the machine's clock, unless a test has another. */
  readonly now?: (() => number) | undefined;
}

/**
 * A tool that answers a plain question by several calls, each by the way of every call: the guard decides about each.
 * What may not be read is said in the answer, and does not end the task.
 */
export interface ReadingTask<Arguments extends Shape = Shape> extends CallableTool {
  readonly access: "read";
  /** What its first call needs; for a whole answer the others may need more. */
  readonly scopes: readonly ScopeRequirement[];
  readonly arguments: Arguments;
  /**
   * @param given the parsed arguments
   * @returns an answer made of redacted ones
   * @throws QuayError, RefusedError where there is nothing to answer with, and when it is cancelled
   */
  run(
    call: Call,
    given: z.output<z.ZodObject<{ [Key in keyof Arguments]: Arguments[Key] }>>,
    options?: TaskOptions,
  ): Promise<object>;
}

/** Infers the types of the arguments. */
export function defineTask<const Arguments extends Shape>(
  task: ReadingTask<Arguments>,
): ReadingTask<Arguments> {
  return task;
}

/** Arguments of a task about one repository or about all of a namespace. */
export const placeArguments = {
  repository: Repository.optional(),
  namespace: Name.describe("organization or user; or give repository").optional(),
} as const;

export type Place = { readonly repository: string } | { readonly namespace: string };

/** @throws ArgumentError unless exactly one of the two is given */
export function placeOf({
  repository,
  namespace,
}: {
  readonly repository?: string | undefined;
  readonly namespace?: string | undefined;
}): Place {
  if (repository !== undefined && namespace === undefined) return { repository };
  if (namespace !== undefined && repository === undefined) return { namespace };
  throw new ArgumentError('Give either "repository" or "namespace".');
}
