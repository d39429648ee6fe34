/**
 * Finds tools by plain words. The full-text library does the ranking (BM25+ over weighted fields); what is ours is
 * the language of the trade: `synonyms.ts` and `leanings.ts`. Import this file lazily: few sessions search.
 */
import MiniSearch from "minisearch";
import type { Access } from "../operation.ts";
import type { ListingEntry } from "../surface/listing.ts";
import { leanings } from "./leanings.ts";
import { namedThings } from "./named-things.ts";
import { stems } from "./stem.ts";
import { synonyms } from "./synonyms.ts";

/** A tool as `find_tools` answers it. */
export interface FoundTool {
  readonly name: string;
  readonly description: string;
  readonly access: Access;
}

const weights = {
  name: 3,
  title: 3,
  description: 1.5,
  operationId: 1,
  arguments: 0.5,
  values: 0.8,
  toolset: 1.5,
};

/** More than a question needs: what is beyond is not looked at, so that no query takes long. */
const longestQuery = 500;

/** Words that say nothing about which tool is meant. */
const empty = new Set(
  stems(
    "a an and are as at be by can did do does for from have has how i in is it its me my of on or our please that the " +
      "their them there this to us was we were what when where which who why will with you your not should shall",
  ),
);

export interface Finding {
  readonly limit?: number;
  /** Which of the tools are meant; all, where it is not said. */
  readonly among?: (entry: ListingEntry) => boolean;
}

/**
 * The tools of `entries` that fit what is `asked` best, the best first; none where no word of it is known. The index is
 * made with the first search of the same entries.
 */
export function findTools(
  asked: string,
  entries: readonly ListingEntry[],
  { limit = 5, among = () => true }: Finding = {},
): FoundTool[] {
  const index = indexOf(entries);
  const query = asked.slice(0, longestQuery);
  const leaning = leanings.filter((each) => each.if.test(query) !== (each.not ?? false));
  const named = query.trim().toLowerCase();
  const times = entries.map(({ guarded, listed }) =>
    [listed.name, operationIdOf(listed)].some((name) => name.toLowerCase() === named)
      ? 100
      : leaning.reduce((product, each) => (each.for(guarded) ? product * each.times : product), 1),
  );
  return index.search
    .search(termsOf(query).join(" "), {
      boost: weights,
      // Only a word that no tool knows may be a slip of the pen.
      fuzzy: (term) => (term.length > 4 && !index.vocabulary.has(term) ? 0.2 : false),
      boostDocument: (id) => times[id]!,
      filter: ({ id }) => among(entries[id]!),
    })
    .slice(0, limit)
    .map(({ id }) => {
      const { guarded, listed } = entries[id]!;
      return { name: listed.name, description: listed.description, access: guarded.access };
    });
}

const operationIdOf = (listed: ListingEntry["listed"]) => listed._meta?.["quay-mcp/operationId"] ?? "";

/** The stems to search for: the query's own words, and the catalogue's for what they mean. */
function termsOf(query: string): string[] {
  const { words, things } = namedThings(query);
  let text = ` ${stems(words).join(" ")} `;
  const meant = phrases.flatMap(({ phrase, means, instead }) => {
    if (!phrase.test(text)) return [];
    if (instead) text = text.replace(phrase, " ");
    return means;
  });
  const asked = text.split(" ");
  return [...new Set([...asked, ...stems(things), ...meant])].filter(
    (word) => word !== "" && !empty.has(word),
  );
}

const phrases = synonyms.map(({ says, means, instead = false }) => ({
  phrase: new RegExp(
    says
      .split("|")
      .map((each) => ` ${stems(each).join(" (?:\\w+ ){0,2}?")} `)
      .join("|"),
  ),
  means: stems(means),
  instead,
}));

interface Index {
  readonly search: MiniSearch;
  readonly vocabulary: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly ListingEntry[], Index>();

function indexOf(entries: readonly ListingEntry[]): Index {
  const known = indexes.get(entries);
  if (known !== undefined) return known;
  const vocabulary = new Set<string>();
  const search = new MiniSearch({
    fields: Object.keys(weights),
    tokenize: stems,
    processTerm: (term) => {
      vocabulary.add(term);
      return term;
    },
    searchOptions: { tokenize: (text) => text.split(" "), processTerm: (term) => term },
  });
  const names = new Set(entries.map(({ listed }) => listed.name));
  search.addAll(
    entries.map(({ guarded, listed }, id) => ({
      id,
      name: listed.name,
      title: listed.title,
      // A description names the tool's neighbours, which are not what it is about.
      description: listed.description.replace(/\w+_\w+/g, (word) => (names.has(word) ? "" : word)),
      operationId: operationIdOf(listed),
      arguments: Object.keys(propertiesOf(listed.inputSchema)).join(" "),
      values: textsIn(listed.inputSchema.properties).join(" "),
      toolset: toolsetWords[guarded.toolset] ?? guarded.toolset,
    })),
  );
  const index = { search, vocabulary };
  indexes.set(entries, index);
  return index;
}

const propertiesOf = (schema: Readonly<Record<string, unknown>>) => (schema.properties ?? {}) as object;

/** What a schema says in words: the descriptions of arguments and the values that they may have. */
function textsIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === "description" && typeof value === "string") return [value];
    if (key === "enum" && Array.isArray(value)) return value.map(String);
    return textsIn(value);
  });
}

/** Toolsets whose names run words together. */
const toolsetWords: Readonly<Record<string, string>> = {
  secscan: "security scan vulnerability",
  repositorynotification: "repository notification",
  namespacequota: "namespace quota storage",
  org_mirror: "organization mirror",
  appspecifictokens: "app specific token",
  globalmessages: "global message",
  policy: "auto prune policy",
  prototype: "default permission prototype",
};
