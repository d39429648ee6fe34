/**
 * How a stranger's text is shown: every character that is invisible, turns text around or would make a link, an image or
 * markup of it stands as `\u{202E}`. The way back is exact, since a `\u{` that the text brings along is escaped, too.
 */

/** Controls but for tab and line feed, zero width, direction, tags, selectors, separators, private use, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Our own escape, brought along. */
const ownEscape = /\\(?=u\{)/;

/** `](…)`, `][…]` and `]: …` make links and images of Markdown; `](` is enough for an image that fetches. */
const markdown = /(?<=\])[([:]/;

/** The beginning of a tag, an automatic link or the end of a marker; of `<|…|>`, a model's own control tokens. */
const markup = /<(?=[A-Za-z/!?|])/;

/**
 * `https://host` and `//host`, also with the backslashes that browsers take for slashes: all slashes but the last, since
 * some pages make links of what begins with two. The host is looked at.
 */
const address = /[/\\](?=[/\\]\S)|(?<=\bwww)\.(?=[^\s.])/;

const dangerous = new RegExp(
  [ownEscape, markdown, markup, address, unseen].map(({ source }) => source).join("|"),
  "gu",
);

const hostAfter = /^[/\\]{2}([^\s/\\?#]*)/;

/** Shows a text so that nothing in it is invisible and nothing leads to another host than these. */
export function escapeText(text: string, ownHosts: readonly string[] = []): string {
  return text.replace(dangerous, (character, offset: number) => {
    if (character === "\n" || character === "\t") return character;
    if (character === "/" && leadsHome(text.slice(offset, offset + 300), ownHosts)) return character;
    return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
  });
}

/** JSON in which what cannot be seen stands as JSON's own escapes: it means the same. */
export function escapeUnseen(json: string): string {
  return json.replace(new RegExp(unseen, "gu"), (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The text as it was before `escapeText`. */
export function unescapeText(text: string): string {
  return text.replace(/\\u\{([0-9A-F]{1,6})\}/gi, (all, code: string) => {
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

function leadsHome(rest: string, ownHosts: readonly string[]): boolean {
  const host = hostAfter.exec(rest)?.[1];
  return host !== undefined && ownHosts.some((own) => own.toLowerCase() === host.toLowerCase());
}
