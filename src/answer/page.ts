/** A value in pages: of a list's elements, a map's entries or a text's characters. */

export interface Page {
  readonly page: number;
  readonly pages: number;
  readonly value: unknown;
}

/**
 * One page of a value, as many whole elements as fit. An element that is larger than a page has one for itself, and is
 * larger than the budget.
 *
 * @param page from 1
 * @returns undefined where there are not so many pages
 */
export function pageOf(
  value: unknown,
  page: number,
  bytes: number,
  sizeOf: (value: unknown) => number,
): Page | undefined {
  const pieces = piecesOf(value, bytes);
  const starts = startsOf(pieces.parts, bytes, sizeOf);
  const start = starts[page - 1];
  if (start === undefined) return undefined;
  const shown = starts.length === 1 ? value : pieces.joined(pieces.parts.slice(start, starts[page]));
  return { page, pages: starts.length, value: shown };
}

interface Pieces {
  readonly parts: readonly unknown[];
  readonly joined: (parts: readonly unknown[]) => unknown;
}

/** A text is read a line, or some hundred characters, at a time. */
const longestPiece = 400;

function piecesOf(value: unknown, bytes: number): Pieces {
  if (Array.isArray(value)) return { parts: value, joined: (parts) => parts };
  if (typeof value === "string") {
    const piece = new RegExp(
      `[\\s\\S]{1,${Math.max(1, Math.min(longestPiece, Math.floor(bytes / 16)))}}`,
      "gu",
    );
    return { parts: value.match(piece) ?? [""], joined: (parts) => parts.join("") };
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([key, inner]) => ({ [key]: inner as unknown }));
    return { parts, joined: (chosen) => Object.assign({}, ...chosen) as unknown };
  }
  return { parts: [value], joined: ([only]) => only };
}

/** Where each page begins. There is always a first one. */
function startsOf(parts: readonly unknown[], bytes: number, sizeOf: (value: unknown) => number): number[] {
  const starts = [0];
  let left = bytes;
  for (const [index, part] of parts.entries()) {
    const size = sizeOf(part) + 1;
    if (size > left && index > starts.at(-1)!) {
      starts.push(index);
      left = bytes;
    }
    left -= size;
  }
  return starts;
}
