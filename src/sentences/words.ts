import leven from "leven";

/** What is longer is no misspelt word, and comparing takes time for each of its characters. */
const longestWord = 100;

/**
 * ` Did you mean "x"?` with the candidate that is nearest to a misspelt word, or the only one that begins with it; nothing
 * where there is none.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  if (word.length > longestWord) return "";
  const known = [...candidates];
  const nearest = nearestTo(word, known) ?? onlyOneBeginningWith(word, known);
  return nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
}

function nearestTo(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let distance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const own = leven(word.toLowerCase(), candidate.toLowerCase());
    if (own < distance) {
      nearest = candidate;
      distance = own;
    }
  }
  return nearest;
}

function onlyOneBeginningWith(word: string, candidates: readonly string[]): string | undefined {
  const [first, ...more] = candidates.filter((candidate) => word !== "" && candidate.startsWith(word));
  return more.length === 0 ? first : undefined;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], conjunction: "and" | "or" = "and"): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

/** The beginning of a text, without half of a character at its end. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** The first of the names, and how many more there are: a long list is told within reason. */
export function firstNames(names: readonly string[], most: number): string[] {
  return names.length <= most ? [...names] : [...names.slice(0, most), `… and ${names.length - most} more`];
}
