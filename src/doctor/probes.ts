import type { Answer } from "../answer/present.ts";
import { ArgumentError } from "../errors.ts";
import { QuayError } from "../quay/errors.ts";
import { PathError } from "../quay/path.ts";
import type { Given } from "../targets/target.ts";

/** A harmless read: a tool of the catalogue, and what it proves when it succeeds. */
export interface Probe {
  readonly tool: string;
  readonly proves: string;
}

/** Everything that is ever asked. Only a success proves a scope: a refusal can also mean that a role is missing. */
export const probes = {
  discovery: { tool: "get_api_discovery", proves: "a Quay answers, and which operations it offers" },
  stars: { tool: "list_starred_repositories", proves: "the token is valid, with user:admin" },
  account: { tool: "get_my_user", proves: "the token is valid, with user:read; whose it is" },
  users: { tool: "superuser_list_users", proves: "the owner is a superuser, perhaps a read-only one" },
  user: { tool: "get_user", proves: "super:user, where the answer speaks of superusers" },
  organizations: { tool: "superuser_list_organizations", proves: "which organizations there are" },
  organization: { tool: "get_organization", proves: "org:admin, where the answer says is_admin" },
  namespaceLogs: { tool: "list_organization_logs", proves: "org:admin, on the owner's own namespace" },
  namespaceRobots: {
    tool: "list_organization_robots",
    proves: "repo:create or org:admin, on the owner's own namespace",
  },
  search: { tool: "search_repositories", proves: "which repositories the owner has a role on" },
  repositories: { tool: "list_repositories", proves: "which repositories are in a namespace" },
  repository: {
    tool: "get_repository",
    proves: "repo:read on a private one; repo:write and repo:admin, where it says can_write and can_admin",
  },
} as const satisfies Readonly<Record<string, Probe>>;

export type ProbeName = keyof typeof probes;

/** How a probe ended. */
export type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: QuayError | undefined };

/** A probe that was sent, for the record. */
export interface Attempt extends Probe {
  readonly arguments: Given;
  /** `success`, or how it failed: `403 insufficient_scope`, `timeout`, … */
  readonly outcome: string;
}

export type Ask = (probe: ProbeName, given?: Given) => Promise<Outcome>;

/** Asks by making calls, and writes down each into `attempts`. */
export function createAsk(call: (tool: string, given: Given) => Promise<Answer>, attempts: Attempt[]): Ask {
  return async (probe, given = {}) => {
    const outcome = await outcomeOf(call(probes[probe].tool, given));
    attempts.push({ ...probes[probe], arguments: given, outcome: describe(outcome) });
    return outcome;
  };
}

async function outcomeOf(answer: Promise<Answer>): Promise<Outcome> {
  try {
    return { ok: true, body: (await answer).body.value };
  } catch (error) {
    if (error instanceof QuayError) return { ok: false, error };
    // A name that the registry itself gave, and no argument may have: nothing was sent.
    if (error instanceof ArgumentError || error instanceof PathError) return { ok: false, error: undefined };
    throw error;
  }
}

function describe(outcome: Outcome): string {
  if (outcome.ok) return "success";
  const { error } = outcome;
  if (error === undefined) return "not sent";
  return error.status === undefined ? error.kind : [error.status, error.errorType].filter(Boolean).join(" ");
}

/** Quay knew the token, and refused: it answers anonymous callers otherwise. */
export function isRefused(outcome: Outcome): boolean {
  return !outcome.ok && outcome.error?.status === 403 && outcome.error.errorType === "insufficient_scope";
}

/** Quay took the caller for anonymous, or says so. */
export function isUnauthenticated(outcome: Outcome): boolean {
  return !outcome.ok && outcome.error?.status === 401;
}

/** A field of an answer of which nothing is taken for granted. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** The items of a list in an answer; none where there is no list. */
export function items(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}

/** A text of an answer; undefined where there is none. */
export function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" && found !== "" ? found : undefined;
}
