/** What an answer must be like to be of use to whoever reads it. */

/**
 * What is wrong with an error's text: a person should learn from it what happened and what to do next.
 *
 * @param words Quay's own words, as far as they have to be told
 */
export function troublesOfError(text: string, status: number, words = ""): string[] {
  const advice = text.slice(text.indexOf(words) + words.length);
  const rules: [string, boolean][] = [
    ["does not begin with a capital", /^[A-Z]/.test(text)],
    ["does not end as a sentence", /[^.]\.$/.test(text)],
    ["does not name the status", text.includes(String(status))],
    ["does not tell Quay's own words", text.includes(words)],
    ["does not say what to do", / [A-Z][^.]{20,}\./.test(advice)],
    ["is longer than a person reads", text.length <= 800],
    ["holds HTML", !/<(?:!doctype|\/?[a-z][a-z0-9]*)[\s>]/i.test(text)],
    [
      "holds what a program left behind",
      !/undefined|\[object|NaN|\bat \w+ \(|Error:|Traceback|null/.test(text),
    ],
    ["has line breaks", !/[\r\n\t]/.test(text)],
  ];
  return rules.flatMap(([trouble, kept]) => (kept ? [] : [trouble]));
}

const redactedText = "[redacted]";

/**
 * In what an answer differs from the recorded one, as dotted paths: `changed` must be empty, and `redacted` holds where
 * a text was replaced (list positions as `*`).
 */
export function compareAnswer(
  recorded: unknown,
  given: unknown,
  path = "",
): { changed: string[]; redacted: string[] } {
  if (given === redactedText && recorded !== redactedText) {
    return { changed: [], redacted: [path.replace(/^\./, "")] };
  }
  if (Array.isArray(recorded) && Array.isArray(given) && recorded.length === given.length) {
    return joined(recorded.map((item, index) => compareAnswer(item, given[index], `${path}.*`)));
  }
  if (isRecord(recorded) && isRecord(given)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(given)])];
    return joined(keys.map((key) => compareAnswer(recorded[key], given[key], `${path}.${key}`)));
  }
  return { changed: Object.is(recorded, given) ? [] : [path], redacted: [] };
}

function joined(parts: readonly { changed: string[]; redacted: string[] }[]): {
  changed: string[];
  redacted: string[];
} {
  return {
    changed: parts.flatMap(({ changed }) => changed),
    redacted: [...new Set(parts.flatMap(({ redacted }) => redacted))],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
