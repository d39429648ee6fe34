import { parseJson } from "../json.ts";
import { shortened } from "../sentences/words.ts";

const longest = 600;

/** Nothing is looked for behind these: what is said there would not be shown, and some of it takes long to look through. */
const longestRead = 10_000;

/** Tags that are certainly HTML; Quay's own messages may well hold `<namespace>`. */
const tag =
  /<\/?(?:!doctype|html|head|body|base|script|style|title|link|meta|h[1-6]|p|div|span|a|b|i|em|strong|br|hr|img|iframe|svg|form|input|table|tr|td|th|ul|ol|li|pre|code|center)\b[^>]*>/gi;

const page = /<(?:!doctype|html|head|body|script|style)\b/i;

/** What Quay itself says about an error. */
export interface QuayWords {
  readonly message: string | undefined;
  readonly errorType: string | undefined;
}

/**
 * Finds Quay's own words in an error's body: the full ApiError, `{"message"}` (a text, an object by argument, or empty),
 * `{"detail"}`, `{"error"}` (which Quay labels as HTML), the registry API's `{"errors": […]}`, or plain text. HTML has no words.
 *
 * @param scrub takes credentials out of a text, before it is cut
 */
export function quayWords(text: string, scrub: (text: string) => string): QuayWords {
  const body = parseJson(text);
  if (body === undefined)
    return { message: isHtml(text) ? undefined : tidy(text, scrub), errorType: undefined };
  if (typeof body === "string") return { message: tidy(body, scrub), errorType: undefined };
  if (typeof body !== "object" || body === null) return { message: undefined, errorType: undefined };
  const { detail, error_message, message, error_description, error, errors, error_type } = body as Record<
    string,
    unknown
  >;
  for (const candidate of [detail, error_message, message, error_description, error, errors]) {
    const words = tidy(flatten(candidate), scrub);
    if (words !== undefined) return { message: words, errorType: nameOf(error_type, scrub) };
  }
  return { message: undefined, errorType: nameOf(error_type, scrub) };
}

/** Whether a body is markup. Its media type does not tell: Quay labels some errors in JSON as HTML. */
export function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

/** A text, `argument: text` pairs, or the registry API's list of errors, as one text. */
function flatten(value: unknown): string {
  if (typeof value === "string") return withoutSchema(value);
  if (Array.isArray(value)) return value.slice(0, 10).map(flatten).filter(Boolean).join("; ");
  if (typeof value !== "object" || value === null) return "";
  const { code, message } = value as Record<string, unknown>;
  if (typeof code === "string") return typeof message === "string" ? `${code}: ${message}` : code;
  return Object.entries(value)
    .slice(0, 10)
    .filter(([, words]) => typeof words === "string")
    .map(([argument, words]) => `${argument}: ${words}`)
    .join("; ");
}

/**
 * Quay hands on what Python's jsonschema says about a body, which goes on with the whole schema and the whole body, a
 * password in it included. What is wrong, and with which field, stands in its first lines.
 */
function withoutSchema(text: string): string {
  const at = text.indexOf("Failed validating '");
  const where = /^Failed validating '\w{1,40}' in schema((?:\[[^\]]{0,200}\])*)/.exec(
    at < 0 ? "" : text.slice(at),
  )?.[1];
  if (where === undefined) return text;
  const what = text.slice(0, at).trimEnd();
  const field = [...where.matchAll(/\['properties'\]\['([^']+)'\]/g)].map(([, name]) => name).join(".");
  const wrong = what
    .replace(/^[[{][\s\S]*?[\]}](?= (?:is|does|has) )/, "the value")
    .replace(/^(["'])[\s\S]{60,}\1(?= (?:is|does|has) )/, "the value")
    .replace(/ is valid under each of [\s\S]*/, " holds fields that exclude each other");
  return field === "" ? wrong : `${field}: ${wrong}`;
}

function nameOf(value: unknown, scrub: (text: string) => string): string | undefined {
  return typeof value === "string" ? tidy(value.slice(0, 200), scrub)?.slice(0, 60) : undefined;
}

/** One line without markup and credentials, of a bearable length; undefined where nothing remains. */
function tidy(text: string, scrub: (text: string) => string): string | undefined {
  if (page.test(text)) return undefined;
  const line = shortened(scrub(text), longestRead)
    .replace(tag, " ")
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ")
    .trim();
  if (line === "") return undefined;
  return shortened(line, longest);
}
