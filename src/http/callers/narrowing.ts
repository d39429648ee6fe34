import * as z from "zod";
import { words } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import { namesOf } from "../../guard/policy.ts";
import { type Limits, parseRestriction, type Restriction } from "../../guard/restriction.ts";
import type { GuardedTool } from "../../guard/tool.ts";
import { didYouMean } from "../../words.ts";
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

/** A request's headers, each with all its values: `headersDistinct` of node. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * What headers restrict a request to. A header that comes twice, since a proxy added its own, restricts twice; one that is
 * misspelt is refused, since whoever sent it takes the request for restricted.
 *
 * @throws RefusedRequest for what cannot be understood
 */
export type Narrow = (headers: DistinctHeaders) => readonly Restriction[];

export function createNarrowing(tools: Iterable<GuardedTool>): Narrow {
  const names = namesOf(tools);
  const restrictionOf = (header: string, value: string): Restriction => {
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
    const given = Object.entries(headers)
      .filter(([header]) => header.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([header, values = []]) => values.map((value) => [header, value] as const));
    if (given.flatMap(([, value]) => value.split(",")).length > mostWords)
      throw refused(`The headers X-Quay-Mcp-… may have ${mostWords} words in all.`);
    return given.map(([header, value]) => restrictionOf(header, value));
  };
}

const refused = (sentence: string) => new RefusedRequest({ reason: "narrowing", sentence });

const nearest = (header: string) => didYouMean(titled(header), [...limitOf.keys()].map(titled));

/** As headers are written. */
const titled = (header: string) => header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
