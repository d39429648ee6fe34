import { quote } from "../sentences/cite.ts";

/** A path that must not be sent. Nothing was. */
export class PathError extends Error {
  override readonly name = "PathError";
}

const placeholder = /\{([^}]+)\}/g;

/**
 * Fills the `{placeholders}` of a path, each value encoded as one segment; `repository` keeps its slashes.
 *
 * @throws PathError for a value that could lead to another path than the template's: `.` and `..`, an empty segment, a
 * slash in a single segment, a control character, a backslash, a half surrogate, what is percent-encoded already.
 */
export function buildPath(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(placeholder, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new PathError(`${name} is missing. Nothing was sent.`);
    if (name !== "repository") return encodeSegment(name, value);
    const segments = value.split("/");
    if (segments.length < 2) refuse(name, value, 'must be written as "namespace/name"');
    return segments.map((segment) => encodeSegment(name, segment)).join("/");
  });
}

function encodeSegment(name: string, segment: string): string {
  if (segment === "") refuse(name, segment, "has an empty segment");
  if (segment === "." || segment === "..") refuse(name, segment, `must not have "${segment}" as a segment`);
  if (segment.includes("/")) refuse(name, segment, "must not hold a slash");
  if (segment.includes("\\")) refuse(name, segment, "must not hold a backslash");
  if (/[\u0000-\u001f\u007f-\u009f]/.test(segment)) refuse(name, segment, "must not hold control characters");
  if (/%[0-9a-f]{2}/i.test(segment)) refuse(name, segment, "must be written plainly, not percent-encoded");
  // Both are allowed in a path (RFC 3986, pchar), and digests and addresses stay readable in logs.
  return encodeText(name, segment).replaceAll("%3A", ":").replaceAll("%40", "@");
}

/**
 * Percent-encodes a text.
 *
 * @throws PathError for half a surrogate pair, which no encoding has a place for.
 */
export function encodeText(name: string, text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return refuse(name, text, "holds half a character (an unpaired surrogate)");
  }
}

function refuse(name: string, value: string, reason: string): never {
  throw new PathError(`${name} ${reason}: ${quote(value, 100)}. Nothing was sent.`);
}
