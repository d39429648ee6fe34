import * as z from "zod";
import type { Answer } from "../answer/present.ts";
import { RefusedError } from "../errors.ts";
import { QuayError } from "../quay/errors.ts";

/** Calls a tool by name, by the way of every call. */
export type Call = (tool: string, given: Readonly<Record<string, unknown>>) => Promise<Answer>;

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
 */
export async function visibleNamespaces(call: Call): Promise<VisibleNamespaces> {
  const [account, every] = await Promise.all([
    permitted(call("get_my_user", {}).then(({ body }) => user.parse(body.value))),
    permitted(allOrganizations(call)),
  ]);
  if (account !== undefined || every !== undefined) {
    const organizations = new Set([
      ...(account?.organizations.map(({ name }) => name) ?? []),
      ...(every ?? []),
    ]);
    return { organizations: [...organizations].sort(), account: account?.username };
  }
  const namespaces = new Set<string>();
  let read = 0;
  for await (const page of repositoryPages(call, { public: true })) {
    for (const { namespace, is_public } of page) if (is_public === false) namespaces.add(namespace);
    read += 1;
    if (read === publicPages) break;
  }
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

/** A value, or undefined where this server or Quay does not permit the call: the other ways are tried then. */
async function permitted<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    if (
      error instanceof QuayError &&
      error.status !== undefined &&
      error.status < 500 &&
      error.status !== 429
    )
      return undefined;
    throw error;
  }
}
