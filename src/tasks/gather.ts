/** The calls of one run of a task: few at a time, and what may not be read is remembered instead of thrown. */
import type * as z from "zod";
import type { Call } from "../call/context.ts";
import { followPages, type Paged } from "../call/paging.ts";
import { citedErrorText } from "../error-text.ts";
import { RefusedError } from "../errors.ts";
import { givenUpUnsent } from "../quay/deadline.ts";
import { QuayError } from "../quay/errors.ts";
import { inForm } from "../quay/form.ts";
import { cite } from "../sentences/cite.ts";
import { firstNames } from "../sentences/words.ts";
import type { Given } from "../targets/target.ts";
import type { TaskOptions } from "./task.ts";

/** Calls under way at a time. */
const concurrency = 4;

/** How many names a sentence about what was not read tells. */
const namesTold = 5;

/** What is read: the plural of a kind of thing, and which one of them. */
export type Subject = readonly [what: string, name: string];

/** The items of a list; `isWhole` where there are no more. */
export interface Listed<Element> {
  readonly items: readonly Element[];
  readonly isWhole: boolean;
}

interface ListOptions<Schema extends z.ZodType> {
  /** Where the list stands in the answer. */
  readonly field: string;
  readonly item: Schema;
  readonly maxItems: number;
  readonly isNeeded?: boolean;
}

export interface Gathering {
  /** Reads what the task cannot do without. */
  need<Schema extends z.ZodType>(tool: string, given: Given, schema: Schema): Promise<z.output<Schema>>;
  /** Reads what an answer can be without: undefined where it could not be read, and `unread` says why. */
  read<Schema extends z.ZodType>(
    subject: Subject,
    tool: string,
    given: Given,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined>;
  /** Reads one thing; undefined where Quay says that it is not there. */
  find<Schema extends z.ZodType>(
    tool: string,
    given: Given,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined>;
  /**
   * Reads a list that may have several pages, as far as `maxItems`. Where it could not be read, or not to its end,
   * `unread` says why; a list that is needed is an error then, if nothing of it was read.
   */
  list<Schema extends z.ZodType>(
    subject: Subject,
    tool: Paged,
    given: Given,
    list: ListOptions<Schema>,
  ): Promise<Listed<z.output<Schema>> | undefined>;
  /** Says that something else is not in the answer. */
  miss(sentence: string): void;
  /** To be spread into the answer: everything that could not be read, each reason once. */
  unread(): { readonly unread?: readonly string[] };
}

/** Makes the gathering of one run. */
export function createGathering(call: Call, { signal, progress }: TaskOptions = {}): Gathering {
  const missed = new Map<string, { what: string; names: string[]; reason: string }>();
  const sentences: string[] = [];
  const waiting: (() => void)[] = [];
  let [underWay, planned, answered] = [0, 0, 0];

  /** The call, a few at a time, until it is aborted. */
  const calling: Call = async (tool, given) => {
    planned += 1;
    if (underWay >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay += 1;
    try {
      if (signal?.aborted) throw givenUpUnsent();
      return await call(tool, given);
    } finally {
      answered += 1;
      progress?.(answered, planned);
      const next = waiting.shift();
      if (next === undefined) underWay -= 1;
      else next();
    }
  };

  const missing = ([what, name]: Subject, error: unknown): undefined => {
    if (!isBearable(error)) throw error;
    const reason = citedErrorText(error);
    const key = `${what} ${reason}`;
    const known = missed.get(key) ?? { what, names: [], reason };
    known.names.push(name);
    missed.set(key, known);
  };

  const need: Gathering["need"] = async (tool, given, schema) =>
    inForm(tool, schema, (await calling(tool, given)).body.value);

  return {
    need,
    read: (subject, tool, given, schema) =>
      need(tool, given, schema).catch((error: unknown) => missing(subject, error)),
    find: (tool, given, schema) =>
      need(tool, given, schema).catch((error: unknown) => {
        if (error instanceof QuayError && error.status === 404) return undefined;
        throw error;
      }),
    async list(subject, tool, given, { field, item, maxItems, isNeeded = false }) {
      try {
        const { answer, stoppedBy, error } = await followPages(calling, tool, given, { maxItems, signal });
        if (stoppedBy === "cancelled") throw error ?? givenUpUnsent();
        if (stoppedBy === "error") missing([`The rest of ${lowerFirst(subject[0])}`, subject[1]], error);
        const values = (answer.body.value as Readonly<Record<string, unknown>> | null)?.[field];
        const elements: unknown[] = Array.isArray(values) ? values : [];
        return {
          items: elements.map((each) => inForm(tool.name, item, each)),
          isWhole: stoppedBy === undefined,
        };
      } catch (error) {
        if (isNeeded) throw error;
        return missing(subject, error);
      }
    },
    miss: (sentence) => void sentences.push(sentence),
    unread() {
      const unread = [...[...missed.values()].map(sentenceOf), ...sentences];
      return unread.length === 0 ? {} : { unread };
    },
  };
}

/** Whether the rest of the answer is of use without it. Where a feature is switched off, everything will fail alike. */
function isBearable(error: unknown): error is Error {
  if (error instanceof QuayError) return error.kind !== "aborted" && error.kind !== "not-offered";
  return error instanceof RefusedError;
}

function sentenceOf({ what, names, reason }: { what: string; names: string[]; reason: string }): string {
  const told = firstNames(names.map(cite), namesTold).join(", ");
  return `${what} ${told} could not be read: ${reason}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
