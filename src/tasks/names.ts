import { isBare } from "../answer/free-text.ts";

/** The first of the names, and how many more there are: a long list is told within reason. */
export function firstNames(names: readonly string[], most: number): string[] {
  return names.length <= most ? [...names] : [...names.slice(0, most), `… and ${names.length - most} more`];
}

/** A name as a sentence of this server's own cites it: what could be a sentence itself stands as JSON, and is marked there. */
export const cite = (name: string): string => (isBare(name, "") ? name : JSON.stringify(name));
