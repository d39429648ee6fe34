import { createScrubber, type Scrubber } from "../../quay/scrub.ts";
import type { Refusal } from "../refusals.ts";

/** Shorter ones could be ordinary words. */
const leastLength = 8;

/** The protocol's own names in `_meta`, longer than most of what else is in a request. */
const ownName = /^io\.modelcontextprotocol\/[A-Za-z-]{1,24}$/;

/**
 * Why a body is not read any further: it repeats the credential that its sender showed, in any form in which that could be
 * read from the audit log, an answer or the registry. It is for this server alone, and nobody means to pass it on.
 *
 * @param body parsed JSON
 * @param credential none where it is the token that goes to Quay anyway
 */
export function repetitionRefusal(body: unknown, credential: string | undefined): Refusal | undefined {
  if (credential === undefined || credential.length < leastLength || !isRepeated(credential, body))
    return undefined;
  return {
    reason: "credential",
    sentence:
      "The request's body repeats the credential of its header Authorization, where others could read it. Nothing was called: leave it out, since the header is enough.",
  };
}

/** No form of a credential is shorter than it is, so that few texts are looked at at all. */
function isRepeated(credential: string, body: unknown): boolean {
  let scrub: Scrubber | undefined;
  const holdsIt = (text: string) => {
    if (text.length < credential.length || ownName.test(text)) return false;
    scrub ??= createScrubber([credential]);
    return scrub(text) !== text;
  };
  const left: unknown[] = [body];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") {
      if (holdsIt(value)) return true;
    } else if (Array.isArray(value)) {
      for (const inner of value) left.push(inner);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (holdsIt(name)) return true;
        left.push(inner);
      }
    }
  }
  return false;
}
