/**
 * Answers within a budget: lists are cut at the borders of their elements, texts inside, and what is left out is said
 * with the way to get it. What comes out is valid JSON and holds nothing that was not in the answer.
 */
import type { Operation } from "../operation.ts";
import type { Compacted } from "./compact.ts";
import { summaryOfScan } from "./scan-summary.ts";
import { bytesOf, type Cut, shrink, type TextSize } from "./shrink.ts";

/**
 * Bytes of UTF-8 for one token of o200k. Recorded answers have 2.9 in the middle; those made of digests, keys and
 * opaque page tokens have 2.2, and the estimate must not be less than what they cost.
 */
export const bytesPerToken = 2.2;

/** What was left out of a list, a map or a text. */
export interface LeftOut {
  /** Where it stands in the answer, as JMESPath. */
  readonly where: string;
  readonly what: Cut["what"] | "summary";
  readonly shown: number;
  readonly of: number;
  /** Where it stands in the stored answer, if that is elsewhere. */
  readonly stored?: string;
}

/** What the words about the rest are made of. */
export interface Fitting {
  readonly operation: Partial<Pick<Operation, "operationId" | "paging" | "query">>;
  /** The arguments of the call. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly tokens: number;
  /** The name under which the whole answer is kept; without one it is kept nowhere. */
  readonly kept?: string | undefined;
  /** How many bytes a text will take in the end, where a later stage makes it longer. */
  readonly sizeOfText?: TextSize;
  /** Fields at the top of the answer that hold this server's own sentences. */
  readonly sentences?: readonly string[];
}

/** An answer that fits. `leftOut` is empty where it is whole; else `note` says in words how to get the rest. */
export interface Fitted {
  readonly body: Compacted;
  readonly leftOut: readonly LeftOut[];
  readonly note?: string;
}

/** As many bytes as certainly cost no more than these tokens. */
export const bytesWithin = (tokens: number): number => Math.floor(tokens * bytesPerToken);

/** Tokens that a JSON text costs at most, but for texts in scripts that o200k hardly knows. */
export function estimateTokens(json: string): number {
  return Math.ceil(Buffer.byteLength(json) / bytesPerToken);
}

/**
 * Cuts an answer to its budget. Whole answers come back as they are.
 *
 * @param fitting.tokens the budget; at least 500, since what was left out must be said within it, too
 */
export function fitAnswer(body: Compacted, fitting: Fitting): Fitted {
  const budget = bytesWithin(fitting.tokens);
  const { sizeOfText, sentences, kept } = fitting;
  if (bytesOf(body.value, sizeOfText) <= budget) return { body, leftOut: [] };
  const summary =
    fitting.operation.operationId === "getRepoManifestSecurity" ? summaryOfScan(body.value) : undefined;
  for (let room = budget * 0.9; room > 16; room *= 0.8) {
    const options = { ...(sizeOfText && { sizeOfText }), ...(sentences && { sentences }) };
    const { value, cuts } = shrink(summary?.value ?? body.value, room, options);
    const stored = summary === undefined ? {} : { stored: summary.stored };
    const left: readonly LeftOut[] = cuts.length === 0 ? [summedUp] : largest(cuts, namedPlaces);
    const leftOut = left.map((each) => ({ ...each, ...stored }));
    const note = noteOn(leftOut, kept, fitting);
    const size =
      bytesOf(value, sizeOfText) + Buffer.byteLength(JSON.stringify({ status: 200, answer: 0, note }));
    if (size <= budget) return { body: { value } as Compacted, leftOut, note };
  }
  const leftOut = [{ where: "@", what: "all" as const, shown: 0, of: 1 }];
  return { body: { value: null } as Compacted, leftOut, note: noteOn(leftOut, kept, fitting) };
}

/** A summary that is whole leaves out what it sums up. */
const summedUp: LeftOut = { where: "@", what: "summary", shown: 0, of: 1 };

/** So many places are named. */
const namedPlaces = 8;

/** The place of something that lies very deep is longer. */
const longestPlace = 100;

/** The places of which the most is left out; what is left out elsewhere is counted together. */
export function largest(cuts: readonly Cut[], places: number): LeftOut[] {
  const ordered = cuts.toSorted((one, other) => other.of - other.shown - (one.of - one.shown));
  const named = ordered.filter(({ where }) => where.length <= longestPlace).slice(0, places);
  const rest = ordered.filter((cut) => !named.includes(cut));
  if (rest.length === 0) return named;
  const sum = (field: "shown" | "of") => rest.reduce((total, cut) => total + cut[field], 0);
  return [...named, { where: "elsewhere", what: "parts", shown: sum("shown"), of: sum("of") }];
}

/** Arguments by which Quay returns less, in the order in which they narrow best. */
const filters = [
  "specificTag",
  "filter_tag_name",
  "onlyActiveTags",
  "starttime",
  "endtime",
  "performer",
  "namespace",
  "query",
  "filter",
  "artifactType",
  "status",
  "since",
  "includeTags",
  "includeStats",
];

function noteOn(
  leftOut: readonly LeftOut[],
  kept: string | undefined,
  { operation, given }: Fitting,
): string {
  const said = leftOut
    .map(({ where, what, shown, of }) => `${shown} of ${of} ${what} of ${where}`)
    .join("; ");
  const ways = [
    wayByReading(leftOut[0], kept),
    wayByPaging(leftOut[0], operation, given),
    wayByFilter(operation, given),
  ].filter((way) => way !== undefined);
  const beginnings: Partial<Record<LeftOut["what"], string>> = {
    all: "Too large to show: everything",
    summary: "Summed up to fit",
  };
  const begins = beginnings[leftOut[0]?.what ?? "all"] ?? `Cut to fit; shown: ${said}`;
  return `${begins}. ${ways.length === 0 ? "Ask for less." : `For the rest: ${ways.join("; or ")}.`}`;
}

function wayByReading(first: LeftOut | undefined, kept: string | undefined): string | undefined {
  if (kept === undefined || first === undefined) return undefined;
  const select =
    first.stored ?? (first.what === "elements" && first.where !== "elsewhere" ? sliceOf(first) : undefined);
  const selecting = select === undefined ? "" : `, select ${JSON.stringify(select)}`;
  return `read_answer with id ${JSON.stringify(kept)}${selecting}`;
}

/** The rest of a list; of many lists below one place, each whole. */
function sliceOf({ where, shown }: LeftOut): string {
  if (where.includes("[]") || where.includes("*")) return where;
  return where === "@" ? `[${shown}:]` : `${where}[${shown}:]`;
}

/** Quay's own next page begins after the whole of this one, so that only `limit` and `start` reach what was cut. */
function wayByPaging(
  first: LeftOut | undefined,
  { paging, query = {} }: Fitting["operation"],
  given: Fitting["given"],
): string | undefined {
  if (first === undefined || first.what !== "elements" || first.where.includes("[]")) return undefined;
  if (paging === "start") return `start ${Number(given.start ?? 0) + first.shown}`;
  if (first.shown > 0 && paging !== undefined && "limit" in query) {
    return paging === "limit" ? undefined : `limit ${first.shown}, page by page`;
  }
  return undefined;
}

function wayByFilter({ query = {} }: Fitting["operation"], given: Fitting["given"]): string | undefined {
  const offered = filters.filter((filter) => filter in query && given[filter] === undefined);
  return offered.length === 0 ? undefined : `narrow the call with ${offered.join(", ")}`;
}
