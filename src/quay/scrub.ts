/** What stands in place of a credential that was sent along. */
export const scrubbedText = "[credential]";

/** Takes credentials out of texts. */
export interface Scrubber {
  (text: string): string;
  /** Whether a text may hold one; quick, since every answer is asked. Credentials of fewer than 8 characters, which could be ordinary words, do not count. */
  suspects(text: string): boolean;
}

/**
 * Makes a scrubber for credentials in each form in which a registry could send them back: as they are, percent-encoded,
 * with the escapes of JSON and of Python's quotes, and as the base64 of a Basic header.
 */
export function createScrubber(secrets: readonly string[]): Scrubber {
  const known = secrets.filter((secret) => secret !== "");
  const plain = [...new Set(known.flatMap(plainForms).map(lowerCase))];
  const encoded = [...new Set(known.flatMap(base64Forms).map(lowerCase))];
  const telling = [...new Set(known.flatMap((secret) => [...plainForms(secret), ...base64Forms(secret)]))];
  const scrub = (text: string) => {
    const sought = lowerCase(text);
    const spans = [
      ...plain.flatMap((form) => spansOf(form, sought)),
      ...encoded.flatMap((form) => spansOf(form, sought).map((span) => widened(span, sought))),
    ];
    return without(spans, text);
  };
  const suspects = (text: string) => telling.some((form) => form.length >= 8 && text.includes(form));
  return Object.assign(scrub, { suspects });
}

/** From the first character to the one after the last. */
type Span = readonly [start: number, end: number];

/**
 * Where a form stands. It is looked for as it is: an expression for it would be compiled to many times its size, for each
 * of a server's callers, who choose their tokens themselves.
 */
function spansOf(form: string, text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length))
    spans.push([at, at + form.length]);
  return spans;
}

/** With the characters at either end that a base64 form leaves out, and its padding. */
function widened([start, end]: Span, text: string): Span {
  const before = /[\w+/-]{0,2}$/.exec(text.slice(Math.max(0, start - 2), start))![0].length;
  const after = /^[\w+/-]{0,2}={0,2}/.exec(text.slice(end, end + 4))![0].length;
  return [start - before, end + after];
}

function without(spans: readonly Span[], text: string): string {
  let [scrubbed, done] = ["", 0];
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    if (start >= done) scrubbed += text.slice(done, start) + scrubbedText;
    done = Math.max(done, end);
  }
  return scrubbed + text.slice(done);
}

/** Of ASCII alone, so that every character stays where it is. */
const lowerCase = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** A secret as it is, and as URLs, JSON (with and without other letters than ASCII) and Quay's own messages write it. */
function plainForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const python = secret.replace(/[\\']/g, "\\$&");
  return [secret, encodeURIComponent(secret), json, ascii, python];
}

/**
 * The base64 of a secret, and what of it is the same whatever stands before: `user:secret` shifts it by up to two bytes.
 * Both alphabets, without padding and without the characters at either end that depend on the neighbours.
 */
function base64Forms(secret: string): string[] {
  const forms: string[] = [];
  for (const shift of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const inner = bytes
      .toString("base64")
      .replaceAll("=", "")
      .slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === 0 ? undefined : -1);
    // A short secret leaves too little that is its own.
    if (inner.length >= 8) forms.push(inner, inner.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}
