/** How targets read the registry: nothing is thrown, and what could not be read is remembered. */

import { QuayError } from "../quay/errors.ts";
import { quote } from "../sentences/cite.ts";
import type { Given, Read, TargetState } from "./target.ts";
import { type Item, itemOf, itemsOf } from "./values.ts";

/** Whether a thing is there (undefined: nobody knows), and what Quay says about it. */
export interface Found {
  readonly exists: boolean | undefined;
  readonly body: Item;
}

/** The items of a list, as far as they were read. */
export interface Listed {
  readonly items: readonly Item[];
  readonly complete: boolean;
}

export interface Reader {
  /**
   * Reads one thing.
   *
   * @param notThere Quay's words with a 400 that mean that it is not there
   */
  find(tool: string, given: Given, notThere?: RegExp): Promise<Found>;
  /**
   * Reads a list, page by page, until it ends or `pages` were read.
   *
   * @param field where the list stands in the answer; without one the answer is the list
   * @returns undefined where it could not be read
   */
  list(tool: string, given: Given, field?: string, pages?: number): Promise<Listed | undefined>;
  /** Says that something else could not be known. */
  miss(sentence: string): void;
  /** The state of the target, with all that could not be read. Values that are not there are left out. */
  state(state: StateFields): TargetState;
}

interface StateFields {
  readonly exists: boolean | undefined;
  readonly identity?: string | undefined;
  readonly now?: Item;
  readonly preview?: Item;
}

/** What is not there. */
export const nowhere: Found = { exists: false, body: {} };
const unknown: Found = { exists: undefined, body: {} };

/** Makes a reader for one look at one target. */
export function createReader(read: Read): Reader {
  const unread: string[] = [];

  async function attempt(tool: string, given: Given): Promise<{ body: unknown } | { error: unknown }> {
    try {
      return { body: await read(tool, given) };
    } catch (error) {
      return { error };
    }
  }

  function missed(tool: string, error: unknown): void {
    unread.push(`${tool}: ${wordsOf(error)}`);
  }

  return {
    async find(tool, given, notThere) {
      const answer = await attempt(tool, given);
      if ("body" in answer) return { exists: true, body: itemOf(answer.body) };
      if (saysNotThere(answer.error, notThere)) return nowhere;
      missed(tool, answer.error);
      return unknown;
    },
    async list(tool, given, field, pages = 1) {
      const items: Item[] = [];
      let further: Given | undefined = {};
      for (let page = 1; further !== undefined && page <= pages; page++) {
        const answer = await attempt(tool, { ...given, ...further });
        if ("error" in answer) {
          missed(tool, answer.error);
          return undefined;
        }
        items.push(...itemsOf(field === undefined ? answer.body : itemOf(answer.body)[field]));
        further = nextPage(itemOf(answer.body), page);
      }
      return { items, complete: further === undefined };
    },
    miss: (sentence) => void unread.push(sentence),
    state: ({ exists, identity, now = {}, preview = {} }) => ({
      exists,
      identity: exists === true ? identity : undefined,
      now: withValues(now),
      preview: withValues(preview),
      unread,
    }),
  };
}

/** Quay's own words are cited: they may be another host's, or name what a stranger named. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = error instanceof QuayError ? error.quayMessage?.replace(/\.$/, "") : undefined;
  return words === undefined ? error.message : error.message.replace(words, () => quote(words));
}

/** An answer without words of Quay's own comes from a feature that is switched off, and tells nothing of the thing. */
function saysNotThere(error: unknown, notThere: RegExp | undefined): boolean {
  if (!(error instanceof QuayError) || error.quayMessage === undefined) return false;
  if (error.status === 404) return true;
  return error.status === 400 && notThere?.test(error.quayMessage) === true;
}

function nextPage({ next_page, has_additional }: Item, page: number): Given | undefined {
  if (typeof next_page === "string") return { next_page };
  return has_additional === true ? { page: page + 1 } : undefined;
}

function withValues(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).filter(([, value]) => value !== undefined && value !== null),
  );
}
