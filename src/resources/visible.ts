import * as z from "zod";
import { listRepositories } from "../../tools/repository.ts";
import { superuserListOrganizations } from "../../tools/superuser.ts";
import type { Call } from "../call/context.ts";
import { followPages } from "../call/paging.ts";
import { RefusedError } from "../errors.ts";
import { givenUpUnsent } from "../quay/deadline.ts";
import { QuayError } from "../quay/errors.ts";
import { inForm } from "../quay/form.ts";
import type { Given } from "../targets/target.ts";

const named = z.looseObject({ name: z.string() });
const user = z.looseObject({ username: z.string(), organizations: z.array(named).default([]) });
const organizationPage = z.looseObject({ organizations: z.array(named), next_page: z.string().optional() });
const repositoryPage = z.looseObject({
  repositories: z.array(
    z.looseObject({ namespace: z.string(), name: z.string(), is_public: z.boolean().optional() }),
  ),
});

/** How many repositories are read where Quay can only list everything that is public. */
const mostPublic = 1000;

/** How many organizations of the whole registry are told together. */
const mostOrganizations = 1000;

/** The namespaces that are a token's own: the account, and its organizations by name. */
export interface OwnNamespaces {
  readonly account: string | undefined;
  readonly organizations: readonly string[];
  /** Why they are not all: the call, or the registry, does not permit to read them. */
  readonly refused?: RefusedError | QuayError;
}

/** The namespaces that a token sees. */
export interface VisibleNamespaces {
  readonly organizations: readonly string[];
  readonly account: string | undefined;
  /** Whether there are no more. */
  readonly isWhole: boolean;
}

/** The namespaces of the account, and those alone where the server is confined to some. */
export async function ownNamespaces(call: Call, fence?: readonly string[]): Promise<OwnNamespaces> {
  const confined = fence?.filter((word) => !word.includes("*")) ?? [];
  if (confined.length > 0) return { account: undefined, organizations: confined };
  const { value, error } = await permitted(
    call("get_my_user", {}).then(({ body }) => inForm("get_my_user", user, body.value)),
  );
  const refused = error === undefined ? {} : { refused: error };
  const organizations = value?.organizations.map(({ name }) => name).sort() ?? [];
  return { account: value?.username, organizations, ...refused };
}

/**
 * One page of every organization of the registry; undefined for who may not list them.
 *
 * @param next Quay's `next_page`; empty for the first
 */
export async function organizationsOfAll(
  call: Call,
  next: string,
): Promise<{ readonly names: readonly string[]; readonly next: string | undefined } | undefined> {
  const given = { limit: 100, ...(next === "" ? {} : { next_page: next }) };
  const { name: tool } = superuserListOrganizations;
  const page = call(tool, given).then(({ body }) => inForm(tool, organizationPage, body.value));
  const { value } = await permitted(page);
  return value && { names: value.organizations.map(({ name }) => name), next: value.next_page };
}

/**
 * Which namespaces the token sees: the account's own and its organizations, and the organizations of the registry, as far
 * as a thousand, for a superuser. A token that may read neither is shown the namespaces of the private repositories it lists.
 *
 * @throws QuayError when there are none of those either, and Quay did not know the caller
 */
export async function visibleNamespaces(
  call: Call,
  { fence, signal }: { readonly fence?: readonly string[] | undefined; readonly signal?: AbortSignal } = {},
): Promise<VisibleNamespaces> {
  const all = followPages(call, superuserListOrganizations, {}, { maxItems: mostOrganizations, signal });
  const [own, every] = await Promise.all([ownNamespaces(call, fence), permitted(all)]);
  const { account, refused } = own;
  if (every.value === undefined && refused !== undefined) return namespacesOfPrivate(call, refused, signal);
  const names = organizationPage.safeParse(every.value?.answer.body.value).data?.organizations ?? [];
  const organizations = new Set([...own.organizations, ...names.map(({ name }) => name)]);
  return { organizations: [...organizations].sort(), account, isWhole: every.value?.stoppedBy === undefined };
}

/** The namespaces of the private repositories that a token lists which may read nothing else. */
export async function namespacesOfPrivate(
  call: Call,
  refused: RefusedError | QuayError,
  signal?: AbortSignal,
): Promise<VisibleNamespaces> {
  const options = { maxItems: mostPublic, signal };
  const { answer, stoppedBy } = await followPages(call, listRepositories, { public: true }, options);
  const { repositories } = inForm(listRepositories.name, repositoryPage, answer.body.value);
  const seen = repositories.filter(({ is_public }) => is_public === false);
  // Quay answers the public repositories to a token that it does not know, too: no reason to call that a success.
  if (seen.length === 0 && refused instanceof QuayError) throw refused;
  const namespaces = new Set(seen.map(({ namespace }) => namespace));
  return { organizations: [...namespaces].sort(), account: undefined, isWhole: stoppedBy === undefined };
}

/** Some of a namespace's repositories, and where it goes on. */
export interface RepositoryChunk {
  readonly names: readonly string[];
  /** Undefined after the last. */
  readonly next: { readonly next_page?: string | undefined; readonly skip: number } | undefined;
}

/**
 * Reads so many repositories of a namespace, by name.
 *
 * @param begin Quay's `next_page`, and how many of that page were read before
 */
export async function readRepositories(
  call: Call,
  namespace: string,
  most: number,
  {
    next_page,
    skip = 0,
    signal,
  }: { next_page?: string | undefined; skip?: number; signal?: AbortSignal | undefined } = {},
): Promise<RepositoryChunk> {
  const given: Given = next_page === undefined ? { namespace } : { namespace, next_page };
  const followed = await followPages(call, listRepositories, given, { maxItems: most + skip, signal });
  const { answer, stoppedBy, cursor, repeats, read, error } = followed;
  if (stoppedBy === "cancelled") throw error ?? givenUpUnsent();
  const { repositories } = inForm(listRepositories.name, repositoryPage, answer.body.value);
  const names = repositories.map(({ name }) => name);
  const isOver = stoppedBy === undefined || stoppedBy === "loop" || stoppedBy === "last_page";
  // A page that was left in its middle is begun again: the first one of all has no arguments of its own.
  const next =
    cursor === undefined
      ? { next_page, skip: read }
      : { next_page: String(cursor.next_page), skip: repeats ?? 0 };
  return { names: names.slice(skip), next: isOver ? undefined : next };
}

/** A value, or why this server or Quay does not permit the call: the other ways are tried then. */
export async function permitted<Value>(
  value: Promise<Value>,
): Promise<{ readonly value?: Value; readonly error?: RefusedError | QuayError }> {
  try {
    return { value: await value };
  } catch (error) {
    if (error instanceof RefusedError || isRefusalOfQuay(error)) return { error };
    throw error;
  }
}

function isRefusalOfQuay(error: unknown): error is QuayError {
  if (!(error instanceof QuayError) || error.status === undefined) return false;
  return error.status < 500 && error.status !== 429;
}
