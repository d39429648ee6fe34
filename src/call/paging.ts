/** Follows the pages of a long list, whatever Quay's kind of paging, and whatever a registry does instead. */
import { createHash } from "node:crypto";
import type { Answer } from "../answer/present.ts";
import type { Paging, Tool } from "../operation.ts";
import { QuayError } from "../quay/errors.ts";
import type { Given } from "../targets/target.ts";
import { type Item, itemOf } from "../targets/values.ts";
import type { Call } from "./context.ts";

/** How far a long piece of work is: so many are done, of so many where that is known. */
export type Progress = (done: number, total?: number) => void;

/** What must be known of an operation to follow its pages. */
export type Paged = Pick<Tool, "name" | "operationId" | "paging" | "query">;

export interface FollowOptions {
  /** How many items are returned at most. */
  readonly maxItems: number;
  readonly signal?: AbortSignal | undefined;
  /** Told the items so far after each page that brought some. */
  readonly progress?: Progress | undefined;
}

/**
 * Why not everything was read: enough was (`max_items`, and `size` for bytes); the caller gave up; a page could not be
 * read; the registry gave the same page again, or empty ones without an end; or Quay itself shows no further pages.
 */
export type StoppedBy = "max_items" | "size" | "cancelled" | "error" | "loop" | "last_page";

export interface Followed {
  /** The first answer with the items of all pages in its list, and without the fields that tell where a page is. */
  readonly answer: Answer;
  /** How many items that list holds. */
  readonly read: number;
  readonly pages: number;
  /** Undefined where everything was read. */
  readonly stoppedBy?: StoppedBy;
  /** The arguments, besides the given ones, with which the rest is to be had. Without them only a larger `maxItems` shows more. */
  readonly cursor?: Given;
  /** How many items, the first of the cursor's page, were returned already: pages cannot be had from their middle. */
  readonly repeats?: number;
  /** Why a page could not be read. */
  readonly error?: unknown;
}

/** Bytes of JSON after which no further page is asked for: as much as one answer may have. */
const mostBytes = 16 * 1024 ** 2;

/** Logs end with an empty page, and where they are kept in two stores, one may come in the middle. */
const emptyPagesInARow = 3;

/** From the largest, the sizes of a page that some operation takes. */
const pageSizes = [500, 100] as const;

/** Without a limit they answer everything; with permissions, their limit does not count robots but what these can reach. */
const wholeWithoutLimit: ReadonlySet<string> = new Set(["getOrgRobots", "getUserRobots"]);

/** Where a page is in its list; it differs from page to page and says nothing of the items. */
const placeFields: ReadonlySet<string> = new Set([
  "has_additional",
  "has_next",
  "limit",
  "next_page",
  "page",
  "page_size",
  "start",
  "start_index",
]);

/** One page as it was answered. */
interface Page {
  /** The arguments it was asked for with. */
  readonly asked: Given;
  readonly body: Item;
  readonly items: readonly unknown[];
}

/** The arguments that lead to the page after one, by the kind of paging; undefined after the last. */
const nextOf: Readonly<Record<Paging, (page: Page) => Given | undefined>> = {
  next_page: ({ asked, body: { next_page } }) =>
    typeof next_page === "string" && next_page !== "" ? { ...sizeOf(asked), next_page } : undefined,
  page: ({ asked, body: { has_additional, has_next } }) =>
    has_additional === true || has_next === true
      ? { ...sizeOf(asked), page: numberOr(asked.page, 1) + 1 }
      : undefined,
  start({ asked, items, body: { total } }) {
    const start = numberOr(asked.start, 0) + items.length;
    return items.length > 0 && start < numberOr(total, 0) ? { start } : undefined;
  },
  limit: () => undefined,
};

/**
 * Reads the pages of an operation's list until it ends or `maxItems` were read. A failure after the first page is no
 * failure of the whole: what was read is returned, with the arguments to go on.
 *
 * @param tool an operation; one without paging is called once
 * @throws what the call throws for the first page
 */
export async function followPages(
  call: Call,
  tool: Paged,
  given: Given,
  { maxItems, signal, progress }: FollowOptions,
): Promise<Followed> {
  const begin = { ...given, ...sizeArgument(tool, given, maxItems) };
  const answer = await call(tool.name, begin);
  const field = listField(answer.body.value);
  if (tool.paging === undefined || field === undefined) return { answer, read: 0, pages: 1 };

  const items: unknown[] = [];
  const seen = new Set<string>();
  let page = pageOf(begin, answer, field);
  let [pages, bytes, empty] = [1, 0, 0];
  const end = (stop: Omit<Followed, "answer" | "read" | "pages"> = {}): Followed => {
    return { answer: merged(answer, field, items), read: items.length, pages, ...stop };
  };

  for (;;) {
    const { print, size } = printOf(page.items);
    // An index counts up whatever the lines are; log lines may well repeat themselves.
    if (tool.paging !== "start" && print !== undefined) {
      if (seen.has(print)) return end({ stoppedBy: "loop" });
      seen.add(print);
    }
    const taken = page.items.slice(0, maxItems - items.length);
    items.push(...taken);
    bytes += size;
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (taken.length > 0) progress?.(items.length, totalOf(page.body, items.length, maxItems));
    if (taken.length < page.items.length) {
      return end({ stoppedBy: "max_items", ...cursorTo(page.asked, given, taken.length) });
    }
    const next = nextOf[tool.paging](page);
    if (next === undefined) return end();
    if (empty > emptyPagesInARow) return end({ stoppedBy: "loop" });
    if (!takes(tool, next)) return end({ stoppedBy: "last_page" });
    if (items.length >= maxItems) return end({ stoppedBy: "max_items", cursor: next });
    if (bytes > mostBytes) return end({ stoppedBy: "size", cursor: next });
    if (signal?.aborted) return end({ stoppedBy: "cancelled", cursor: next });
    try {
      const asked = { ...begin, ...next };
      page = pageOf(asked, await call(tool.name, asked), field);
    } catch (error) {
      const cancelled = signal?.aborted === true || (error instanceof QuayError && error.kind === "aborted");
      return end({ stoppedBy: cancelled ? "cancelled" : "error", cursor: next, error });
    }
    pages += 1;
  }
}

/** Asks for pages as large as the operation gives, unless the caller has chosen their size or is past the first. */
function sizeArgument(tool: Paged, given: Given, maxItems: number): Given {
  const limit = tool.query?.limit;
  if (limit === undefined || given.limit !== undefined || wholeWithoutLimit.has(tool.operationId)) return {};
  // One more than is returned, to know whether there are more.
  if (tool.paging === "limit") return { limit: maxItems + 1 };
  // The number of a page means another place in the list where pages have another size.
  if (given.page !== undefined) return {};
  const largest = pageSizes.find((size) => limit.safeParse(size).success);
  return largest === undefined ? {} : { limit: Math.min(largest, maxItems) };
}

function sizeOf({ limit }: Given): Given {
  return limit === undefined ? {} : { limit };
}

/** Every paged answer has one list. */
function listField(body: unknown): string | undefined {
  return Object.entries(itemOf(body)).find(([, value]) => Array.isArray(value))?.[0];
}

function pageOf(asked: Given, { body }: Answer, field: string): Page {
  const value = itemOf(body.value);
  const items = value[field];
  return { asked, body: value, items: Array.isArray(items) ? items : [] };
}

/**
 * What tells a page from others, and the bytes of its items. A page of equal items has no print: a hundred nodes that
 * pull in the same second leave many equal lines in the logs.
 */
function printOf(items: readonly unknown[]): { print: string | undefined; size: number } {
  const texts = items.map((item) => JSON.stringify(item) ?? "");
  const size = texts.reduce((sum, { length }) => sum + length, 0);
  const tells = texts.length === 1 || new Set(texts).size > 1;
  const print = tells ? createHash("sha256").update(texts.join("\n")).digest("base64") : undefined;
  return { print, size };
}

/** The page in whose middle was stopped, by the arguments that the caller did not give. The first page has none. */
function cursorTo(asked: Given, given: Given, repeats: number): Pick<Followed, "cursor" | "repeats"> {
  const added = Object.entries(asked).filter(([name, value]) => given[name] !== value);
  const isFurther = added.some(([name]) => name !== "limit");
  return isFurther ? { cursor: Object.fromEntries(added), ...(repeats > 0 && { repeats }) } : {};
}

/** Whether the operation takes these arguments: search has ten pages, and answers the tenth for any further one. */
function takes(tool: Paged, next: Given): boolean {
  return Object.entries(next).every(([name, value]) => tool.query?.[name]?.safeParse(value).success ?? true);
}

function totalOf({ total }: Item, read: number, maxItems: number): number | undefined {
  return typeof total === "number" && total >= read ? Math.min(total, maxItems) : undefined;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** The items come from redacted answers only, so that what they are put together to is one. */
function merged(first: Answer, field: string, items: readonly unknown[]): Answer {
  const kept = Object.entries(itemOf(first.body.value)).filter(([name]) => !placeFields.has(name));
  return { ...first, body: { ...first.body, value: { ...Object.fromEntries(kept), [field]: items } } };
}
