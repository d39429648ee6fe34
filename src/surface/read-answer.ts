import type { Compacted } from "../answer/compact.ts";
import { mark, markedSize, selectedSize } from "../answer/mark.ts";
import type { Presenting } from "../answer/present.ts";
import { type Reading, readPart } from "../answer/read.ts";
import { ArgumentError } from "../errors.ts";

/**
 * A part of an answer that was kept, marked as every answer is.
 *
 * @throws ArgumentError where it is not kept; SelectError
 */
export async function readPartOf(
  kept: Compacted | undefined,
  reading: Pick<Reading, "select" | "page">,
  { tokens, ownHosts }: Pick<Presenting, "tokens" | "ownHosts">,
): Promise<object> {
  if (kept === undefined)
    throw new ArgumentError(
      "No answer is kept under this id: answers are kept for 15 minutes, for their caller alone. Make the call again.",
    );
  const isSelected = reading.select !== undefined;
  const sizeOfText = isSelected ? selectedSize : markedSize;
  const { body, page, pages, cuts } = await readPart(kept, { ...reading, tokens, sizeOfText });
  const answer = mark(body, { ownHosts, isSelected }).value;
  return { page, pages, answer, ...(cuts.length === 0 ? {} : { cuts }) };
}
