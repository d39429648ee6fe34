import * as z from "zod";
import { words } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import { namesOf } from "../../guard/policy.ts";
import { type Limits, parseRestriction, type Restriction } from "../../guard/restriction.ts";
import type { GuardedTool } from "../../guard/tool.ts";
import { didYouMean } from "../../sentences/words.ts";
import { RefusedRequest } from "../refusals.ts";

const prefix = "x-quay-mcp-";

/** The headers with which a request makes itself stricter. */
const limitOf = new Map<string, Exclude<keyof Limits, "by">>([
  [`${prefix}allow`, "allow"],
  [`${prefix}toolsets`, "toolsets"],
  [`${prefix}namespaces`, "namespaces"],
]);

/** Each is compiled for each request that brings others, before anything is asked of its caller. */
const mostWords = 500;

/** Begins as ours do, however its words are put together: whoever sent it takes the request for restricted. */
const meant = /^(?:x[^a-z\d]?)?quay[^a-z\d]?mcp/i;

/**
 * What headers restrict a request to. A header that comes twice, since a proxy added its own, restricts twice; one that is
 * misspelt is refused, since whoever sent it takes the request for restricted.
 *
 * @param headers names and values in turn: `rawHeaders` of node
 * @throws RefusedRequest for what cannot be understood
 */
export type Narrow = (headers: readonly string[]) => readonly Restriction[];

const none: readonly Restriction[] = [];

export function createNarrowing(tools: Iterable<GuardedTool>): Narrow {
  const names = namesOf(tools);
  const restrictionOf = ({ header, value }: Narrowing): Restriction => {
    const limit = limitOf.get(header);
    if (limit === undefined)
      throw refused(`${titled(header)} is no header of this server.${nearest(header)}`);
    const given = words.safeParse(value);
    if (!given.success) throw refused(`${titled(header)} ${z.treeifyError(given.error).errors.join(", ")}.`);
    const restriction = { anyOf: [{ by: `this request's header ${titled(header)}`, [limit]: given.data }] };
    try {
      parseRestriction(restriction, names);
    } catch (error) {
      if (error instanceof UsageError) throw refused(error.message);
      throw error;
    }
    return restriction;
  };
  return (headers) => {
    const given = narrowingsIn(headers);
    if (given.length === 0) return none;
    if (given.flatMap(({ value }) => value.split(",")).length > mostWords)
      throw refused(`The headers X-Quay-Mcp-… may have ${mostWords} words in all.`);
    return given.sort((one, other) => (one.header < other.header ? -1 : 1)).map(restrictionOf);
  };
}

interface Narrowing {
  /** In lower case. */
  readonly header: string;
  readonly value: string;
}

function narrowingsIn(headers: readonly string[]): Narrowing[] {
  const found: Narrowing[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if (meant.test(headers[at]!)) found.push({ header: headers[at]!.toLowerCase(), value: headers[at + 1]! });
  }
  return found;
}

const refused = (sentence: string) => new RefusedRequest({ reason: "narrowing", sentence });

/** Proxies drop names with underscores, or make hyphens of them. */
function nearest(header: string): string {
  const hyphened = header.replace(/[^a-z\d]/g, "-");
  if (limitOf.has(hyphened)) return ` Write it with hyphens: ${titled(hyphened)}.`;
  return didYouMean(titled(header), [...limitOf.keys()].map(titled));
}

/** As headers are written. */
const titled = (header: string) => header.replace(/(^|[^a-z\d])[a-z]/g, (start) => start.toUpperCase());
