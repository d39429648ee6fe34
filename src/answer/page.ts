/** A value in pages: of a list's elements, an object's fields or a text's characters, whichever are in the way of a whole page. */

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
  const pieces = piecesOf(value, bytes, sizeOf);
  // The brackets around them count, too.
  const starts = startsOf(pieces.parts, bytes - 2, sizeOf);
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

function piecesOf(value: unknown, bytes: number, sizeOf: (value: unknown) => number): Pieces {
  if (Array.isArray(value)) return { parts: value, joined: (parts) => parts };
  if (typeof value === "string") {
    const piece = new RegExp(
      `[\\s\\S]{1,${Math.max(1, Math.min(longestPiece, Math.floor(bytes / 16)))}}`,
      "gu",
    );
    return { parts: value.match(piece) ?? [""], joined: (parts) => parts.join("") };
  }
  if (typeof value === "object" && value !== null) return piecesOfObject(value, bytes, sizeOf);
  return whole(value);
}

const whole = (value: unknown): Pieces => ({ parts: [value], joined: ([only]) => only });

/**
 * A field that is larger than a page is gone through by itself: most answers are an object with one long list. Each of its
 * pieces is measured with its name, so that a name of any length would take any time.
 */
function piecesOfObject(value: object, bytes: number, sizeOf: (value: unknown) => number): Pieces {
  const fields = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    const isLarge = key.length <= longestPiece && sizeOf(inner) > bytes;
    const pieces = isLarge ? piecesOf(inner, bytes, sizeOf) : whole(inner);
    return { key, joined: pieces.joined, parts: pieces.parts.map((part) => ({ [key]: part })) };
  });
  return {
    parts: fields.flatMap(({ parts }) => parts),
    joined(chosen) {
      const among = new Set(chosen);
      const shown = fields.flatMap(({ key, parts, joined }) => {
        const own = parts.filter((part) => among.has(part)).map((part) => part[key]);
        return own.length === 0 ? [] : [[key, joined(own)]];
      });
      return Object.fromEntries(shown) as unknown;
    },
  };
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
