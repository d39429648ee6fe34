/** How targets read the registry: nothing is thrown, and what could not be read is remembered. */
import { createHash } from "node:crypto";
import { QuayError } from "../quay/errors.ts";
import type { Given, Read, TargetState } from "./target.ts";

/** An object of an answer. */
export type Item = Readonly<Record<string, unknown>>;

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

/** Quay's own words as JSON: they may be another host's, or name what a stranger named. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = error instanceof QuayError ? error.quayMessage?.replace(/\.$/, "") : undefined;
  return words === undefined ? error.message : error.message.replace(words, () => JSON.stringify(words));
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

export function itemOf(value: unknown): Item {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Item) : {};
}

/** The objects of a list, or of an object that holds them by name. */
export function itemsOf(value: unknown): Item[] {
  const all = Array.isArray(value) ? value : Object.values(itemOf(value));
  return all.map(itemOf);
}

export function namesOf(value: unknown, field = "name"): string[] {
  return itemsOf(value).flatMap((item) => (typeof item[field] === "string" ? [item[field]] : []));
}

const namesShown = 10;

/** How many there are and the first names, for a preview. */
export function counted(names: readonly string[], complete = true): Item {
  const number = complete ? names.length : `${names.length}+`;
  if (names.length === 0) return { number };
  return names.length > namesShown ? { number, first: names.slice(0, namesShown) } : { number, names };
}

/** A time of Quay's in ISO 8601, to the second, as arguments take it. */
export function isoTime(time: unknown): string | undefined {
  if (typeof time !== "string" || Number.isNaN(Date.parse(time))) return undefined;
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A short text that differs where any of the parts does. */
export function fingerprint(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}

function withValues(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).filter(([, value]) => value !== undefined && value !== null),
  );
}
