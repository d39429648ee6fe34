/** Long lists, by the opaque `next_page` that Quay hands out. */
import type { Call } from "./call.ts";

/** Where the page begins that a call asks for; a damaged `next_page` silently means the first one. */
export function pageStart(call: Call): number {
  const token = call.query.get("next_page");
  if (token === null) return 0;
  const match = /^gAAAAA(.+)$/.exec(token);
  const start = match === null ? Number.NaN : Number(Buffer.from(match[1]!, "base64url").toString());
  return Number.isInteger(start) && start >= 0 ? start : 0;
}

/** The token for the page that begins there. */
export function pageToken(start: number): string {
  return `gAAAAA${Buffer.from(String(start)).toString("base64url")}`;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** To be spread into the answer: absent on the last page. */
  readonly next: { readonly next_page?: string };
}

/** One page of a list. */
export function page<T>(call: Call, all: readonly T[], size: number): Page<T> {
  const start = pageStart(call);
  const items = all.slice(start, start + size);
  return { items, next: start + size < all.length ? { next_page: pageToken(start + size) } : {} };
}

/**
 * One page of those that a filter lets through. The token is a position before the filter, as Quay's is: no page costs more
 * than another, however many there are.
 *
 * @param from gives the list from a position on
 */
export function filteredPage<T>(
  call: Call,
  from: (position: number) => Iterable<T>,
  size: number,
  keep: (item: T) => boolean,
): Page<T> {
  const items: T[] = [];
  let position = pageStart(call);
  for (const item of from(position)) {
    if (keep(item)) {
      if (items.length === size) return { items, next: { next_page: pageToken(position) } };
      items.push(item);
    }
    position += 1;
  }
  return { items, next: {} };
}
