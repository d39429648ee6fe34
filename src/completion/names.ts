/** Where the names that complete an argument come from: few calls each, however large the registry is. */
import * as z from "zod";
import { searchRepositories } from "../../tools/search.ts";
import { listTags } from "../../tools/tag.ts";
import type { Call } from "../call/context.ts";
import { followPages } from "../call/paging.ts";
import { QuayError } from "../quay/errors.ts";
import { inForm } from "../quay/form.ts";
import { readRepositories, visibleNamespaces } from "../resources/visible.ts";
import type { Cache } from "./cache.ts";

/** Names to choose from. */
export interface Names {
  readonly names: readonly string[];
  /** Whether there are no more that would fit. */
  readonly isWhole: boolean;
}

/** The namespaces of a caller. */
export interface Namespaces extends Names {
  /** The caller's own, which is among them and no organization. */
  readonly account: string | undefined;
}

export const noNames: Names = { names: [], isWhole: true };

/** How much of a long list is read at first, and where nothing in it fits. */
const firstNames = 200;
const mostNames = 1000;
const mostFound = 30;

const named = z.looseObject({ name: z.string() });
const robotList = z.looseObject({ robots: z.array(named) });
const memberList = z.looseObject({ members: z.array(named) });
const teams = z.looseObject({ teams: z.record(z.string(), z.unknown()).optional() });
const entities = z.looseObject({ results: z.array(named) });
const found = z.looseObject({ results: z.array(z.looseObject({ name: z.string(), namespace: named })) });
const tagPage = z.looseObject({
  tags: z.array(z.looseObject({ name: z.string(), manifest_digest: z.string().optional() })),
});

type Source = ReturnType<typeof createSource>;

/** What the completions of one request read. */
export interface SourceParts {
  readonly call: Call;
  readonly cache: Cache;
  readonly fence: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** The names of one caller: `cache` must be that caller's alone. */
export function createSource({ call, cache, fence, signal }: SourceParts) {
  const kept = <Value>(name: readonly string[], load: () => Promise<Value>) =>
    cache.get(JSON.stringify(name), load);
  const read = async <Schema extends z.ZodType>(
    tool: string,
    given: Parameters<Call>[1],
    schema: Schema,
  ): Promise<z.output<Schema>> => inForm(tool, schema, (await call(tool, given)).body.value);

  const namespaces = (): Promise<Namespaces> =>
    kept(["namespaces"], async () => {
      const { account, organizations, isWhole } = await visibleNamespaces(call, { fence, signal });
      return { names: account === undefined ? organizations : [account, ...organizations], account, isWhole };
    });

  const firstRepositories = (namespace: string, most: number) =>
    kept(["repositories", namespace, String(most)], async () => {
      const { names, next } = await readRepositories(call, namespace, most, { signal });
      return { names, isWhole: next === undefined };
    });

  /** Quay's search finds by any part of a name, everywhere. */
  const foundRepositories = (namespace: string, typed: string) =>
    kept(["search", namespace, typed], async () => {
      const options = { maxItems: mostFound, signal };
      const { answer } = await followPages(call, searchRepositories, { query: typed }, options);
      const { results } = inForm(searchRepositories.name, found, answer.body.value);
      return results.filter((result) => result.namespace.name === namespace).map(({ name }) => name);
    });

  /** Tags that contain what was typed; all, where nothing was. */
  const tagsOf = (repository: string, typed: string) =>
    kept(["tags", repository, typed], async () => {
      const filter = typed === "" ? {} : { filter_tag_name: `like:${typed}` };
      const given = { repository, onlyActiveTags: true, ...filter };
      const { answer, stoppedBy } = await followPages(call, listTags, given, {
        maxItems: firstNames,
        signal,
      });
      const { tags } = inForm(listTags.name, tagPage, answer.body.value);
      return {
        names: tags.map(({ name }) => name),
        digests: unique(tags.flatMap(({ manifest_digest }) => manifest_digest ?? [])),
        isWhole: stoppedBy === undefined,
      };
    });

  return {
    namespaces,

    /** The repositories of a namespace, without it. */
    async repositories(namespace: string, typed: string): Promise<Names> {
      const first = await firstRepositories(namespace, firstNames);
      if (first.isWhole || typed === "") return first;
      const known = [...first.names, ...(await foundRepositories(namespace, typed))];
      if (known.some((name) => begins(name, typed))) return { names: unique(known), isWhole: false };
      return firstRepositories(namespace, mostNames);
    },

    /** The robots of a namespace, with it. */
    robots: (namespace: string): Promise<Names> =>
      kept(["robots", namespace], async () => {
        const { account } = await namespaces().catch(() => ({ account: undefined }));
        const [tool, owner] =
          namespace === account
            ? ["list_my_robots", {}]
            : ["list_organization_robots", { orgname: namespace }];
        const { robots } = await read(tool, { ...owner, limit: mostNames }, robotList);
        return { names: robots.map(({ name }) => name), isWhole: robots.length < mostNames };
      }),

    /** An organization's teams, as far as they are shown. */
    teams: (orgname: string): Promise<Names> =>
      kept(["teams", orgname], async () => {
        const organization = await read("get_organization", { orgname }, teams);
        return { names: Object.keys(organization.teams ?? {}), isWhole: true };
      }),

    /** Users, and an organization's robots; as long as nothing was typed, its members. */
    users: (orgname: string, typed: string): Promise<Names> =>
      kept(["users", orgname, typed], async () => {
        if (typed === "") {
          const { members } = await read("list_organization_members", { orgname }, memberList);
          return { names: members.map(({ name }) => name), isWhole: false };
        }
        const prefix = typed.startsWith(`${orgname}+`) ? typed.slice(orgname.length + 1) : typed;
        const { results } = await read("search_entities", { prefix, namespace: orgname }, entities);
        return { names: results.map(({ name }) => name), isWhole: results.length < mostEntities };
      }),

    tags: async (repository: string, typed: string): Promise<Names> => {
      const first = await tagsOf(repository, "");
      return first.isWhole || typed === "" ? first : tagsOf(repository, typed);
    },

    /** The digests that a repository's tags stand for. */
    digests: async (repository: string): Promise<Names> => {
      const { digests, isWhole } = await tagsOf(repository, "");
      return { names: digests, isWhole };
    },
  };
}

/** Quay finds no more at once. */
const mostEntities = 10;

/** Whether a name begins with what was typed, in whatever case. */
export function begins(name: string, typed: string): boolean {
  return name.toLowerCase().startsWith(typed.toLowerCase());
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** No names where Quay says that what they belong to is not there, or not for the caller to see. */
export async function orNone(names: Promise<Names>): Promise<Names> {
  try {
    return await names;
  } catch (error) {
    if (error instanceof QuayError && (error.status === 403 || error.status === 404)) return noNames;
    throw error;
  }
}

export type { Source };
