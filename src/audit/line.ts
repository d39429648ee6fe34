/** One line of an audit log, and the hash that ties the next one to it. */
import { createHash } from "node:crypto";

/** What every line holds. Lines of one process are a chain; several chains may be interleaved in one file. */
export interface Line {
  /** The version of the format. It comes first, so that a line is found again behind one that was cut. */
  readonly audit: 1;
  readonly chain: string;
  /** The place in the chain, from 0. */
  readonly n: number;
  readonly time: string;
  /** `start` and `end` of a process, `announce` before a write is sent, `record` after every call. */
  readonly event: "start" | "announce" | "record" | "end";
  /** The hash of the chain's line before; in the first line, zeros. */
  readonly previous: string;
  readonly [field: string]: unknown;
}

/** A line as text, without its line end, and the hash at its end. */
export interface Encoded {
  readonly text: string;
  readonly hash: string;
}

/** How every line begins; within a value it cannot stand, since there quotes are escaped. */
export const lineBeginning = '{"audit":1,';

/** What the first line of a chain has for the hash before. */
export const noHash = "0".repeat(64);

/** Longer texts are cut, so that a line stays short enough to be written at once. */
const longestText = 1000;

/**
 * Writes a line in printable ASCII alone: no character of a value can end a line or look like another. Its last field is
 * the SHA-256 of all the rest.
 */
export function encodeLine(line: Line): Encoded {
  const content = JSON.stringify(line, (_key, value: unknown) =>
    typeof value === "string" ? cut(value) : value,
  ).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const hash = hashOf(content);
  return { text: `${content.slice(0, -1)}${hashField(hash)}`, hash };
}

/** Reads a line back. @returns undefined for what is no whole line; `hash` is undefined where it is not the line's own */
export function decodeLine(text: string): { line: Line; hash: string | undefined } | undefined {
  const line = parse(text);
  if (line === undefined) return undefined;
  const ending = hashField(String(line.hash));
  const hash = text.endsWith(ending) ? hashOf(`${text.slice(0, -ending.length)}}`) : undefined;
  return { line, hash: hash === line.hash ? hash : undefined };
}

function hashField(hash: string): string {
  return `,"hash":"${hash}"}`;
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

function parse(text: string): Line | undefined {
  if (!text.startsWith(lineBeginning)) return undefined;
  try {
    const line = JSON.parse(text) as Line;
    return typeof line.chain === "string" && Number.isSafeInteger(line.n) ? line : undefined;
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}
