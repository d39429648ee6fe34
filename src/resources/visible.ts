import * as z from "zod";
import type { Call } from "../call.ts";
import { RefusedError } from "../errors.ts";
import { QuayError } from "../quay/errors.ts";

export interface VisibleRepository {
  readonly namespace: string;
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly is_public?: boolean | undefined;
}

const named = z.looseObject({ name: z.string() });
const user = z.looseObject({ username: z.string(), organizations: z.array(named).default([]) });
const organizationPage = z.looseObject({ organizations: z.array(named), next_page: z.string().optional() });
const repositoryPage = z.looseObject({
  repositories: z.array(
    z.looseObject({
      namespace: z.string(),
      name: z.string(),
      description: z.string().nullish(),
      is_public: z.boolean().optional(),
    }),
  ),
  next_page: z.string().optional(),
});

/** How many pages are read where Quay can only list everything that is public. */
const publicPages = 10;

/** The namespaces that a token sees: of organizations, and the account's own. */
export interface VisibleNamespaces {
  readonly organizations: readonly string[];
  readonly account: string | undefined;
}

/**
 * Which namespaces the token sees: the account's own and its organizations, and every organization for a superuser.
 * A token that may read neither is shown the namespaces of the private repositories it lists.
 *
 * @throws QuayError when there are none of those either, and Quay did not know the caller
 */
export async function visibleNamespaces(call: Call): Promise<VisibleNamespaces> {
  const [account, every] = await Promise.all([
    permitted(call("get_my_user", {}).then(({ body }) => user.parse(body.value))),
    permitted(allOrganizations(call)),
  ]);
  if (account.value !== undefined || every.value !== undefined) {
    const organizations = new Set([
      ...(account.value?.organizations.map(({ name }) => name) ?? []),
      ...(every.value ?? []),
    ]);
    return { organizations: [...organizations].sort(), account: account.value?.username };
  }
  const namespaces = new Set<string>();
  let read = 0;
  for await (const page of repositoryPages(call, { public: true })) {
    for (const { namespace, is_public } of page) if (is_public === false) namespaces.add(namespace);
    read += 1;
    if (read === publicPages) break;
  }
  // Quay answers the public repositories to a token that it does not know, too: no reason to call that a success.
  if (namespaces.size === 0 && account.error instanceof QuayError) throw account.error;
  return { organizations: [...namespaces].sort(), account: undefined };
}

/** The repositories of one namespace, page by page. */
export async function* repositoryPages(
  call: Call,
  filter: { readonly namespace: string } | { readonly public: true },
): AsyncGenerator<VisibleRepository[]> {
  let next: string | undefined;
  do {
    const { body } = await call(
      "list_repositories",
      next === undefined ? filter : { ...filter, next_page: next },
    );
    const page = repositoryPage.parse(body.value);
    yield page.repositories;
    next = page.next_page;
  } while (next !== undefined);
}

async function allOrganizations(call: Call): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const { body } = await call("superuser_list_organizations", {
      limit: 100,
      ...(next === undefined ? {} : { next_page: next }),
    });
    const page = organizationPage.parse(body.value);
    names.push(...page.organizations.map(({ name }) => name));
    next = page.next_page;
  } while (next !== undefined && names.length < 1000);
  return names;
}

/** A value, or why this server or Quay does not permit the call: the other ways are tried then. */
async function permitted<Value>(
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
