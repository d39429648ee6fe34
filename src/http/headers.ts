import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refusals.ts";

/** Of these Node keeps the first and drops the others, where a proxy in front may have gone by the last. */
const notTwice: readonly string[] = ["host", "authorization"];

/** Why a request's headers as a whole keep it from being looked at. */
export function headersRefusal({ rawHeaders }: IncomingMessage, most: number): Refusal | undefined {
  // Node leaves headers out that are too many: one of them could be what makes a request stricter.
  if (rawHeaders.length / 2 > most)
    return { reason: "headers", sentence: `The request has more than ${most} headers.` };
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const place = placeIn(notTwice, rawHeaders[at]!);
    if (place === -1) continue;
    if (seen & (1 << place)) return twice(notTwice[place]!);
    seen |= 1 << place;
  }
  return undefined;
}

/** Nearly every header is told apart by its length alone. */
function placeIn(names: readonly string[], written: string): number {
  return names.findIndex((name) => name.length === written.length && name === written.toLowerCase());
}

const twice = (name: string): Refusal => ({
  reason: "twice",
  sentence: `The header ${name[0]!.toUpperCase()}${name.slice(1)} came more than once: send one, or look which proxy adds another.`,
});
