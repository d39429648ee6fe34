/** Which tags an auto-prune rule would remove now, as far as a few requests tell. */
import { runInNewContext } from "node:vm";
import { cite } from "../sentences/cite.ts";
import type { Reader } from "./reader.ts";
import type { Given } from "./target.ts";
import { counted, type Item } from "./values.ts";

/** Of the rule of a whole namespace, these many repositories are looked at. */
const repositoriesLookedAt = 10;
const tagsPerPage = 100;
const tagPages = 5;
const matchMilliseconds = 200;

/** An auto-prune rule under the names of its arguments. */
interface Rule {
  readonly method?: unknown;
  readonly value?: unknown;
  readonly tagPattern?: unknown;
  readonly tagPatternMatches?: unknown;
}

/**
 * What a rule would remove now from the repository, or from the first repositories of the namespace, that the arguments
 * name; undefined where it cannot be said.
 */
export async function pruned(given: Given, reader: Reader): Promise<Item | undefined> {
  const { repository } = given;
  const repositories =
    repository === undefined
      ? await repositoriesOf(given, reader)
      : { names: [String(repository)], all: true };
  if (repositories === undefined) return undefined;
  const removed = await Promise.all(repositories.names.map((name) => prunedFrom(name, given, reader)));
  if (removed.some((each) => each === undefined)) return undefined;
  const tags = removed.flatMap((each) => each!.tags);
  const complete = repositories.all && removed.every((each) => each!.complete);
  return {
    ...counted(repository === undefined ? tags : tags.map((tag) => tag.split(":")[1]!), complete),
    ...(repositories.all ? {} : { repositories_looked_at: repositoriesLookedAt }),
  };
}

async function repositoriesOf(
  { orgname }: Given,
  reader: Reader,
): Promise<{ names: string[]; all: boolean } | undefined> {
  const namespace = orgname ?? (await reader.find("get_my_user", {})).body.username;
  if (namespace === undefined) return undefined;
  const listed = await reader.list("list_repositories", { namespace }, "repositories");
  if (listed === undefined) return undefined;
  const names = listed.items.map(({ namespace: owner, name }) => `${owner}/${name}`);
  return {
    names: names.slice(0, repositoriesLookedAt),
    all: listed.complete && names.length <= repositoriesLookedAt,
  };
}

/** The tags as `namespace/name:tag`. */
async function prunedFrom(
  repository: string,
  rule: Rule,
  reader: Reader,
): Promise<{ tags: string[]; complete: boolean } | undefined> {
  const given = { repository, onlyActiveTags: true, limit: tagsPerPage };
  const listed = await reader.list("list_tags", given, "tags", tagPages);
  if (listed === undefined) return undefined;
  // Quay prunes no tag that is immutable.
  const live = listed.items.filter(({ immutable }) => immutable !== true);
  const matching = matchingTags(live, rule);
  if (matching === undefined) {
    reader.miss(`tagPattern: it cannot be tried on the tags of ${cite(repository)}.`);
    return undefined;
  }
  const tags = fallingUnder(matching, rule).map(({ name }) => `${repository}:${name}`);
  return { tags, complete: listed.complete };
}

/** The tags that the rule's pattern is about. A pattern that takes too long to try is given up: it may be malicious. */
function matchingTags(tags: readonly Item[], { tagPattern, tagPatternMatches }: Rule): Item[] | undefined {
  if (tagPattern === undefined) return [...tags];
  const names = tags.map(({ name }) => String(name));
  const script = "const regex = new RegExp(pattern); JSON.stringify(names.map((name) => regex.test(name)))";
  try {
    const context = { pattern: String(tagPattern), names };
    const matches = JSON.parse(String(runInNewContext(script, context, { timeout: matchMilliseconds })));
    return tags.filter((_, index) => matches[index] === (tagPatternMatches !== false));
  } catch {
    return undefined;
  }
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** An age such as `30d` in seconds; without end where it is none. */
export function ageSeconds(age: string): number {
  const [, count = "", unit = ""] = /^(\d+)([smhdw])$/.exec(age) ?? [];
  return Number(count) * (unitSeconds[unit] ?? Number.POSITIVE_INFINITY);
}

/** All but the newest, or those older than an age. */
function fallingUnder(tags: readonly Item[], { method, value }: Rule): Item[] {
  const start = ({ start_ts }: Item) => Number(start_ts);
  const newestFirst = tags.toSorted((one, other) => start(other) - start(one));
  if (method === "number_of_tags") return newestFirst.slice(Number(value));
  const oldest = Date.now() / 1000 - ageSeconds(String(value));
  return newestFirst.filter((tag) => start(tag) < oldest);
}
