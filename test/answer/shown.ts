/** What is wrong with a text that reaches an assistant, if strangers could write anything into the registry. */
import { canary, hostileName } from "./planted.ts";

/** One whole marked text in JSON, or in a sentence. */
const marked = /<data-(\d{6})>((?:(?!<\/?data-)[\s\S])*)<\/data-\1>/g;

/** Characters that are not seen, or make others be seen elsewhere. */
const unseen =
  /\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}|\p{Zl}|\p{Zp}|\u034F|\u115F|\u1160|[\u17B4\u17B5]|[\u180B-\u180F]|[\u2800\u3164\uFFA0]|[\uFE00-\uFE0F]|[\u{E0000}-\u{E0FFF}]/u;

/** What a reader of Markdown or HTML would make an image, a link or an element of. */
const active = /\][([:]|<[a-z/!?|]|[/\\]{2}[^\s/\\]|\bwww\.\w/i;

/** What an administrator entered as an address, with nothing that could carry anything out. */
const plainAddress = /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$/;

/** Words of attacks; none is a word of the program's own. */
const words = new RegExp(`${canary.source}|${hostileName.replaceAll(".", "\\.")}|evil|STOLEN|SYSTEM|Heading`);

export interface ShownIn {
  /** It is no JSON. */
  readonly sentence?: boolean;
  /** A person is asked with it: nothing in it is marked. */
  readonly isAsked?: boolean;
  /** The registry's own, to which links may lead. */
  readonly ownHost?: string;
}

/**
 * Every way in which a text gives in to an attack.
 *
 * @param text as the client got it
 */
export function flawsOf(
  text: string,
  { sentence = false, isAsked = false, ownHost }: ShownIn = {},
): string[] {
  const whole = sentence ? [text] : stringsOf(parsed(text));
  const strings = whole?.map((each) =>
    ownHost === undefined ? each : each.replaceAll(`http://${ownHost}/`, "/"),
  );
  const flaws: string[] = [];
  if (strings === undefined) return [`is no JSON: ${text.slice(0, 100)}`];
  const numbers = new Set<string>();
  for (const string of strings) {
    const outside = string.replace(marked, (_all, number: string, inside: string) => {
      numbers.add(number);
      const found = active.exec(inside)?.[0];
      if (found !== undefined) flaws.push(`${JSON.stringify(found)} is active in ${excerpt(inside, found)}`);
      return "";
    });
    if (plainAddress.test(string) && !words.test(string)) continue;
    const strange = isAsked ? undefined : words.exec(outside)?.[0];
    const left = strange ?? /<\/?data/.exec(outside)?.[0] ?? active.exec(outside)?.[0];
    if (left !== undefined) flaws.push(`${JSON.stringify(left)} is not marked in ${excerpt(outside, left)}`);
    const hidden = unseen.exec(string.replace(/[\n\t]/g, ""))?.[0];
    if (hidden !== undefined)
      flaws.push(`U+${hidden.codePointAt(0)!.toString(16)} is in ${excerpt(string, hidden)}`);
  }
  if (numbers.size > 1) flaws.push(`has the numbers ${[...numbers].join(", ")}`);
  if (numbers.has("482913") || numbers.has("999999")) flaws.push("has a number that an attack has");
  // Not even as an escape of JSON, which a reader might see undone.
  const hidden = unseen.exec(text.replace(/[\n\t]/g, ""))?.[0];
  if (hidden !== undefined) flaws.push(`U+${hidden.codePointAt(0)!.toString(16)} is in the text itself`);
  return flaws;
}

function excerpt(text: string, around: string): string {
  const at = text.indexOf(around);
  return JSON.stringify(text.slice(Math.max(0, at - 80), at + 80));
}

function parsed(text: string): unknown {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Every text of a value, with the keys; undefined where there is no value. */
function stringsOf(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const strings: string[] = [];
  const walk = (inner: unknown) => {
    if (typeof inner === "string") strings.push(inner);
    else if (typeof inner === "object" && inner !== null)
      for (const [key, each] of Object.entries(inner)) {
        if (!Array.isArray(inner)) strings.push(key);
        walk(each);
      }
  };
  walk(value);
  return strings;
}
