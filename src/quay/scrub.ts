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
  const plain = new Set(known.flatMap(plainForms).sort((one, other) => other.length - one.length));
  const encoded = new Set(known.flatMap(base64Forms));
  const pattern = new RegExp(
    [
      ...[...encoded].map((form) => `[\\w+/-]{0,2}${escapePattern(form)}[\\w+/-]{0,2}={0,2}`),
      ...[...plain].map(escapePattern),
    ].join("|"),
    "gi",
  );
  const telling = [...plain, ...encoded].filter((form) => form.length >= 8);
  const scrub = (text: string) => (known.length === 0 ? text : text.replace(pattern, scrubbedText));
  return Object.assign(scrub, { suspects: (text: string) => telling.some((form) => text.includes(form)) });
}

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

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
