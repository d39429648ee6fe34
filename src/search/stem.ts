/**
 * Brings the forms of an English word together: `mirrors`, `mirrored` and `mirroring` are one word to the search.
 * It is the first step of Porter's algorithm (plurals, -ed, -ing) and his removal of the last -e and -ion; his other
 * steps join words that mean different things here, as organization and organize.
 */
export function stem(word: string): string {
  let stemmed = word.replace(/(ss|x|ch|sh)es$/, "$1").replace(/([^aeious])ies$/, "$1y");
  stemmed = stemmed.replace(/([^sui])s$/, "$1");
  const root = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(stemmed)?.[1];
  if (root !== undefined && root.length > 2) stemmed = root.replace(/([bdfgmnprt])\1$/, "$1");
  stemmed = stemmed.replace(/([st])ion$/, "$1");
  return stemmed.length > 3 ? stemmed.replace(/e$/, "").replace(/y$/, "i") : stemmed;
}

/** The stems of a text's words in their order; `deleteFullTag`, `delete_full_tag` and `delete full tag` are alike. */
export function stems(text: string): string[] {
  const words = text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll("'", "");
  return (words.match(/[a-z0-9]+/g) ?? []).map(stem);
}
