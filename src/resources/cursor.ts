/** Where a listing goes on, as a text that the client hands back. It is all there is to know: any replica takes it. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { ArgumentError } from "../errors.ts";
import { parseJson } from "../json.ts";

const count = z.int().nonnegative();

/** A name from the pages before: where it comes again, the registry goes in circles. */
const mark = z.strictObject({ name: z.string().optional(), steps: count, empty: count });

const position = z.strictObject({
  /** How many pages of the listing there were. */
  page: count,
  list: z.enum(["organizations", "repositories"]),
  /** The page of all organizations that is gone through, by Quay's `next_page`; undefined for the account's own. */
  batch: z.string().optional(),
  /** Which of its namespaces. */
  at: count,
  namespace: z.string().optional(),
  /** The page of the namespace's repositories, and how many of it were listed already. */
  next_page: z.string().optional(),
  skip: count,
  batches: mark,
  repositories: mark,
});

export type Mark = z.output<typeof mark>;
export type Position = z.output<typeof position>;

const nothingSeen: Mark = { steps: 0, empty: 0 };

/** Where every listing begins. */
export const beginning: Position = {
  page: 0,
  list: "organizations",
  at: 0,
  skip: 0,
  batches: nothingSeen,
  repositories: nothingSeen,
};

const longestCursor = 8192;

/** The cursor that stands for a position, with a checksum. */
export function cursorOf(here: Position): string {
  const text = Buffer.from(JSON.stringify(here)).toString("base64url");
  return `${text}.${checksum(text)}`;
}

/**
 * The position that a cursor stands for.
 *
 * @throws ArgumentError where it is none of this server's, or not whole
 */
export function positionOf(cursor: string): Position {
  const [text = "", sum] = cursor.length > longestCursor ? [] : cursor.split(".");
  if (sum === checksum(text)) {
    const parsed = position.safeParse(parseJson(Buffer.from(text, "base64url").toString()));
    if (parsed.success) return parsed.data;
  }
  throw new ArgumentError(
    "The cursor is damaged, or none that this list gave out. Pass nextCursor on as it came, or list from the start without a cursor.",
  );
}

/** Quay silently takes a damaged page token for the first page: a listing would begin anew without an end. */
function checksum(text: string): string {
  return createHash("sha256").update(`resources ${text}`).digest("base64url").slice(0, 12);
}

/** A filter may leave a page empty, but not page after page. */
const emptyInARow = 3;

/** What a page brings that is new, and what is remembered of it: nothing where no further page is worth asking for. */
interface Seen {
  readonly names: readonly string[];
  readonly mark: Mark | undefined;
}

/**
 * Remembers a name of the first page, and ever more seldom of a later one, so that a circle of any length is found.
 *
 * @param names of the page; no name is in a list twice
 */
export function seen(before: Mark, names: readonly string[]): Seen {
  const { name, steps, empty } = before;
  if (names.length === 0)
    return { names, mark: empty < emptyInARow ? { ...before, empty: empty + 1 } : undefined };
  const again = name === undefined ? -1 : names.indexOf(name);
  if (again >= 0) return { names: names.slice(0, again), mark: undefined };
  const isPowerOfTwo = ((steps + 1) & steps) === 0;
  return { names, mark: { name: isPowerOfTwo ? names[0] : name, steps: steps + 1, empty: 0 } };
}
