import { SelectError } from "../errors.ts";
import { isBare } from "../sentences/free-text.ts";
import type { Compacted } from "./compact.ts";
import { bytesWithin, type LeftOut, largest } from "./fit.ts";
import { pageOf } from "./page.ts";
import { select } from "./select.ts";
import { bytesOf, type Cut, shrink, type TextSize } from "./shrink.ts";

/** What `read_answer` takes beside the answer's name. */
export interface Reading {
  /** JMESPath; without it, the whole answer. */
  readonly select?: string | undefined;
  /** From 1. */
  readonly page?: number | undefined;
  readonly tokens: number;
  readonly sizeOfText?: TextSize;
}

/** A part of a stored answer, within the budget. */
export interface Part {
  readonly body: Compacted;
  readonly page: number;
  readonly pages: number;
  /** What is left out of elements that are larger than a page: a narrower `select` reaches it. */
  readonly cuts: readonly LeftOut[];
}

/**
 * Reads a part of a stored answer.
 *
 * @throws SelectError where the expression is none, selects nothing, or there is no such page
 */
export async function readPart(whole: Compacted, { page = 1, ...reading }: Reading): Promise<Part> {
  const { tokens, sizeOfText } = reading;
  const selected = reading.select === undefined ? whole.value : await select(whole.value, reading.select);
  if (selected === null || selected === undefined)
    throw new SelectError(
      `select ${JSON.stringify(reading.select)} selects nothing; the answer has ${shapeOf(whole.value)}.`,
    );
  const bytes = bytesWithin(tokens) - bytesBeside;
  const pageNumbered = (number: number) =>
    pageOf(selected, number, bytes, (value) => bytesOf(value, sizeOfText));
  const found = pageNumbered(page);
  if (found === undefined)
    throw new SelectError(`There is no page ${page}: the last is ${pageNumbered(1)?.pages ?? 1}.`);
  const { value, cuts } = shrink(found.value, bytes, sizeOfText && { sizeOfText });
  return {
    body: { value } as Compacted,
    page,
    pages: found.pages,
    cuts: told(cuts, bytesBeside - bytesOfPage),
  };
}

/** What is kept free for the number of the page and of all pages, and with it for the places where something was cut. */
const bytesOfPage = 60;
const bytesBeside = 300;

/** The places of what is left out of the elements of one page, as far as there is room to tell them. */
function told(cuts: readonly Cut[], bytes: number): readonly LeftOut[] {
  for (let places = 4; ; places -= 1) {
    const largestCuts = largest(cuts, places);
    if (places === 0 || Buffer.byteLength(JSON.stringify(largestCuts)) <= bytes) return largestCuts;
  }
}

/** The fields at the top, for a reader who looks for the right expression. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length} at its top`;
  const fields = Object.keys((value ?? {}) as object).filter(
    (field) => /^\w{1,40}$/.test(field) && isBare(field, ""),
  );
  return `the fields ${fields.slice(0, 20).join(", ")} at its top`;
}
