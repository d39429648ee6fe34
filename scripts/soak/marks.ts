/** What tells the callers apart: a word in everything that one of them sees. */
export const markOf = (number: number) => `caller${String(number).padStart(4, "0")}`;

const anyMark = /caller\d{4}/g;

/** Whose marks stand in an answer. */
export function marksIn(text: string): ReadonlySet<string> {
  return new Set(text.match(anyMark));
}
