/** `resources/list`: organizations, then repositories, a page at a time, however many there are. */

import { markText } from "../answer/mark.ts";
import type { Call } from "../call/context.ts";
import { isBare } from "../sentences/free-text.ts";
import { beginning, cursorOf, type Position, positionOf, seen } from "./cursor.ts";
import { type ListedResource, organizationsResource, resourceMimeType } from "./templates.ts";
import { resourceUri } from "./uri.ts";
import {
  namespacesOfPrivate,
  organizationsOfAll,
  ownNamespaces,
  permitted,
  readRepositories,
} from "./visible.ts";

export interface ListOptions {
  readonly cursor?: string | undefined;
  /** The namespaces that the server is confined to. */
  readonly fence?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
}

export interface ListedPage {
  readonly resources: readonly ListedResource[];
  readonly nextCursor?: string;
}

/**
 * How long pages are. The first one is there at once; the further ones grow, since clients that go through all of them give
 * up after some dozens.
 */
const firstPage = { resources: 200, calls: 20 };
const largestPage = { resources: 2000, calls: 60 };

/**
 * One page of the organizations and repositories that the token sees. A page of many small namespaces ends early.
 *
 * @throws ArgumentError for a cursor that is none
 */
export async function listResources(
  call: Call,
  { cursor, fence, signal }: ListOptions = {},
): Promise<ListedPage> {
  const start = cursor === undefined ? beginning : positionOf(cursor);
  const most = sizeOf(start.page);
  let calls = 0;
  const counted: Call = (tool, given) => {
    calls += 1;
    return call(tool, given);
  };
  const reader = createReader(counted, fence, signal);
  const resources: ListedResource[] = cursor === undefined ? [organizationsResource] : [];
  const listed = () => resources.length > (cursor === undefined ? 1 : 0);

  let here: Position | undefined = start;
  while (here !== undefined && resources.length < most.resources && calls < most.calls) {
    try {
      const step: Step = await reader.step(here, most.resources - resources.length);
      resources.push(...step.resources);
      here = step.next;
    } catch (error) {
      // What was read is shown; the next page says why there is no more.
      if (!listed() || signal?.aborted) throw error;
      break;
    }
  }
  if (!listed() && here === undefined && reader.refused() !== undefined) throw reader.refused();
  return here === undefined
    ? { resources }
    : { resources, nextCursor: cursorOf({ ...here, page: start.page + 1 }) };
}

function sizeOf(page: number): typeof firstPage {
  const grown = 2 ** Math.min(page, 10);
  return {
    resources: Math.min(firstPage.resources * grown, largestPage.resources),
    calls: Math.min(firstPage.calls * grown, largestPage.calls),
  };
}

interface Step {
  readonly resources: readonly ListedResource[];
  /** Undefined at the end of the listing. */
  readonly next: Position | undefined;
}

/** Namespaces that are gone through together. */
interface Batch {
  /** The account's own, which is no organization, goes before them. */
  readonly account?: string | undefined;
  readonly organizations: readonly string[];
  /** The batch after it; undefined where it is the last. */
  readonly next: string | undefined;
  /** Everything that its page of all organizations showed. */
  readonly page?: readonly string[] | undefined;
}

function createReader(call: Call, fence: readonly string[] | undefined, signal: AbortSignal | undefined) {
  let own: ReturnType<typeof ownNamespaces> | undefined;
  const batches = new Map<string | undefined, Promise<Batch>>();
  let refused: Error | undefined;

  const batchOf = (name: string | undefined) => {
    const known = batches.get(name) ?? readBatch(name);
    batches.set(name, known);
    return known;
  };
  const readBatch = async (name: string | undefined): Promise<Batch> => {
    own ??= ownNamespaces(call, fence);
    const { account, organizations, refused: why } = await own;
    if (name !== undefined) {
      const page = await organizationsOfAll(call, name);
      const known = new Set(organizations);
      const others = page?.names.filter((each) => !known.has(each)) ?? [];
      return { organizations: others, next: page?.next, page: page?.names };
    }
    if (why === undefined) return { account, organizations, next: "" };
    if ((await batchOf("")).organizations.length > 0) return { organizations: [], next: "" };
    return { ...(await namespacesOfPrivate(call, why, signal)), next: undefined };
  };

  /** Where the same list goes on in the batch after this one. */
  const afterBatch = (here: Position, { page, next }: Batch): Position | undefined => {
    const batches = page === undefined ? here.batches : seen(here.batches, page).mark;
    const unread = { at: 0, skip: 0, namespace: undefined, next_page: undefined };
    if (next !== undefined && batches !== undefined) return { ...here, ...unread, batch: next, batches };
    return here.list === "organizations" ? { ...beginning, list: "repositories" } : undefined;
  };

  const organizationsFrom = async (here: Position, room: number): Promise<Step> => {
    const batch = await batchOf(here.batch);
    const names = batch.organizations.slice(here.at, here.at + room);
    const at = here.at + names.length;
    const next = at < batch.organizations.length ? { ...here, at } : afterBatch(here, batch);
    return { resources: names.map(listedOrganization), next };
  };

  const repositoriesFrom = async (here: Position, room: number): Promise<Step> => {
    const batch = await batchOf(here.batch);
    const names = [...(batch.account === undefined ? [] : [batch.account]), ...batch.organizations];
    const at = placeOf(here, names);
    const namespace = names[at];
    if (namespace === undefined) return { resources: [], next: afterBatch(here, batch) };

    const begin = here.namespace === namespace ? here : { ...beginning, ...without(here) };
    const chunk = await permitted(readRepositories(call, namespace, room, { ...begin, signal }));
    refused ??= chunk.error;
    const { names: read, mark } = seen(begin.repositories, chunk.value?.names ?? []);
    const resources = read.map((name) => listedRepository(namespace, name));
    const rest = chunk.value?.next;
    if (mark === undefined || rest === undefined)
      return { resources, next: { ...without(here), at: at + 1 } };
    return { resources, next: { ...here, ...rest, at, namespace, repositories: mark } };
  };

  return {
    step: (here: Position, room: number) =>
      here.list === "organizations" ? organizationsFrom(here, room) : repositoriesFrom(here, room),
    /** Why a namespace's repositories could not be listed. */
    refused: () => refused,
  };
}

/** Namespaces may have come and gone between two pages. */
function placeOf({ at, namespace }: Position, names: readonly string[]): number {
  if (namespace === undefined || names[at] === namespace) return at;
  const moved = names.indexOf(namespace);
  return moved < 0 ? at : moved;
}

/** A position at the beginning of a namespace. */
function without(here: Position): Position {
  const { repositories, skip } = beginning;
  return { ...here, namespace: undefined, next_page: undefined, skip, repositories };
}

function listedOrganization(organization: string): ListedResource {
  const name = shown(organization);
  return {
    uri: resourceUri("organizations", organization),
    name,
    title: `Organization ${name}`,
    mimeType: resourceMimeType,
  };
}

function listedRepository(namespace: string, repository: string): ListedResource {
  const name = shown(`${namespace}/${repository}`);
  return {
    uri: resourceUri("repositories", namespace, repository),
    name,
    title: `Repository ${name}`,
    mimeType: resourceMimeType,
  };
}

/** What is not plainly a name is somebody's text, and is marked as it is in answers. */
function shown(name: string): string {
  return isBare(name, "name") ? name : markText(name);
}
