/** Whatever is invisible or turns text around; a name has nothing of it. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** All that names, days and plain lists of them are made of. No colon, bracket or markup, of which links are made. */
const plain = /[\p{L}\p{N} ._\-+/@,*=%]/u;

/** Of `//host` and `www.host`, of which some pages make links, too. */
const address = /\/(?=\/)|(?<=www)\./gi;

/** The text without what cannot be seen, in one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(unseen, "").trim();
}

/**
 * A JSON string of the text that cannot be left: what is not plain is escaped as `\uXXXX`, so that between its two quotes
 * there is no further quote, backtick, tag, link or line end.
 */
export function quoted(text: string): string {
  const shown = [...oneLine(text)].map((character) =>
    plain.test(character) ? character : escaped(character),
  );
  return `"${shown.join("").replace(address, escaped)}"`;
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
