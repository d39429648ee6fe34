/** What Quay answered, taken apart: nothing of it is taken for granted. */
import { createHash } from "node:crypto";
import { isRecord } from "../json.ts";

/** An object of an answer. */
export type Item = Readonly<Record<string, unknown>>;

/** A value as an object; an empty one where it is none. */
export function itemOf(value: unknown): Item {
  return isRecord(value) ? value : {};
}

/** The objects of a list, or of an object that holds them by name. */
export function itemsOf(value: unknown): Item[] {
  const all = Array.isArray(value) ? value : Object.values(itemOf(value));
  return all.map(itemOf);
}

/** The names of a list's items; those without one are left out. */
export function namesOf(value: unknown, field = "name"): string[] {
  return itemsOf(value).flatMap((item) => (typeof item[field] === "string" ? [item[field]] : []));
}

const namesShown = 10;

/** How many there are and the first names, for a preview. */
export function counted(names: readonly string[], complete = true): Item {
  const number = complete ? names.length : `${names.length}+`;
  if (names.length === 0) return { number };
  return names.length > namesShown ? { number, first: names.slice(0, namesShown) } : { number, names };
}

/** A time of Quay's in ISO 8601, to the second, as arguments take it. */
export function isoTime(time: unknown): string | undefined {
  if (typeof time !== "string" || Number.isNaN(Date.parse(time))) return undefined;
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A short text that differs where any of the parts does. */
export function fingerprint(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
