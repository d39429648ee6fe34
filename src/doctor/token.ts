import type { Scope } from "../operation.ts";
import { examineOrganizations } from "./organizations.ts";
import { type Ask, field, isRefused, isUnauthenticated, items, type Outcome, text } from "./probes.ts";
import { examineRepositories } from "./repositories.ts";
import { concludeScopes, type Evidence, type Observed, type ScopeFinding } from "./scopes.ts";

/** `none`: this token does not act as a superuser's, because of its owner or of its scopes. */
export type Superuser = "full" | "read-only" | "none" | "unknown";

export interface TokenReport {
  readonly state: "valid" | "invalid" | "unknown";
  /** Whose it is; null where the token may not tell. */
  readonly owner: string | null;
  readonly roles: {
    readonly superuser: Superuser;
    /** Whether a superuser's rights extend to everybody's namespaces (`FEATURE_SUPERUSERS_FULL_ACCESS`). */
    readonly fullAccess: boolean | null;
    /** Organizations; null where nothing could be found out. */
    readonly administers: readonly string[] | null;
    readonly memberOf: readonly string[] | null;
  };
  readonly scopes: readonly ScopeFinding[];
}

/**
 * Finds out what a token may do, by reads alone.
 *
 * @param namespaces further ones to look into, for a token that may not tell its owner
 */
export async function examineToken(ask: Ask, namespaces: readonly string[]): Promise<TokenReport> {
  const [stars, account, users] = await Promise.all([
    ask("stars"),
    ask("account"),
    ask("users", { limit: 1 }),
  ]);
  const state = stateOf([stars, account]);
  if (state !== "valid") return unexamined(state);

  const evidence: Observed[] = ofAccount(stars, account);
  const view = account.ok ? account.body : await anyUser(ask, users);
  const superuser = superuserOf(users, view);
  if (superuser === "full") {
    evidence.push({
      scope: "super:user",
      verdict: "held",
      because: "the registry treats it as a superuser's",
    });
  }
  const bypass = {
    reads: superuser !== "none",
    rights: superuser === "full" || superuser === "unknown",
  };

  const owner = account.ok ? text(account.body, "username") : undefined;
  const listed = account.ok ? items(account.body, "organizations") : [];
  const search = await ask("search", {});
  const found = search.ok ? items(search.body, "results") : [];
  const organizations = await examineOrganizations(ask, { owner, listed, found, namespaces, bypass });
  const repositories = await examineRepositories(ask, {
    owner,
    found,
    administered: organizations.administers ?? [],
    namespaces,
    bypass,
  });
  evidence.push(...organizations.evidence, ...repositories);

  const fullAccess = superuser === "full" ? await hasFullAccess(ask, account) : null;
  return {
    state,
    owner: owner ?? null,
    roles: {
      superuser,
      fullAccess,
      administers: organizations.administers,
      memberOf: account.ok ? listed.flatMap((each) => text(each, "name") ?? []) : null,
    },
    scopes: concludeScopes(withRepoCreate(evidence), (scope) =>
      whyUnknown(scope, { superuser, owner, evidence }),
    ),
  };
}

/** Anonymous callers get 401 for what is theirs, so that a 403 shows that Quay knew the token. */
function stateOf(outcomes: readonly Outcome[]): TokenReport["state"] {
  if (outcomes.some((outcome) => outcome.ok || isRefused(outcome))) return "valid";
  return outcomes.every(isUnauthenticated) ? "invalid" : "unknown";
}

/** Of a token about which nothing can be asked. */
export function unexamined(state: "invalid" | "unknown"): TokenReport {
  const because = state === "invalid" ? "the token is not valid" : "the registry could not be asked";
  return {
    state,
    owner: null,
    roles: { superuser: "unknown", fullAccess: null, administers: null, memberOf: null },
    scopes: concludeScopes([], () => because),
  };
}

/** Everybody has every role on their own account, so that here a refusal shows the lack of a scope. */
function ofAccount(stars: Outcome, account: Outcome): Evidence[] {
  const evidence: Evidence[] = [];
  if (stars.ok) evidence.push({ scope: "user:admin", verdict: "held", because: "read the account's stars" });
  else if (isRefused(stars))
    evidence.push({ scope: "user:admin", verdict: "missing", because: "refused on the own account" });
  if (account.ok) evidence.push({ scope: "user:read", verdict: "held", because: "read the account" });
  // The token is valid, so that this is not about the token.
  else if (isUnauthenticated(account))
    evidence.push({ scope: "user:read", verdict: "missing", because: "refused on the own account" });
  return evidence;
}

/** A token without `user:read` is shown nothing of its owner, but a superuser's every user. */
async function anyUser(ask: Ask, users: Outcome): Promise<unknown> {
  const username = users.ok ? text(items(users.body, "users")[0], "username") : undefined;
  if (username === undefined) return undefined;
  const user = await ask("user", { username });
  return user.ok ? user.body : undefined;
}

/**
 * Quay puts `super_user` into its view of any user if the caller is a superuser whose token has `super:user`, and
 * `global_readonly_super_user`, since 3.16, if the caller is one who reads everything.
 */
function superuserOf(users: Outcome, view: unknown): Superuser {
  if (field(view, "super_user") !== undefined) return "full";
  if (field(view, "global_readonly_super_user") !== undefined) return "read-only";
  if (users.ok) return view === undefined ? "unknown" : "read-only";
  return isRefused(users) ? "none" : "unknown";
}

/** Whether a superuser is an administrator of an organization which they do not belong to. */
async function hasFullAccess(ask: Ask, account: Outcome): Promise<boolean | null> {
  if (!account.ok) return null;
  const own = new Set(items(account.body, "organizations").map((each) => text(each, "name")));
  const all = await ask("organizations", { limit: 100 });
  const other = (all.ok ? items(all.body, "organizations") : [])
    .map((each) => text(each, "name"))
    .find((name) => name !== undefined && !own.has(name));
  if (other === undefined) return null;
  const organization = await ask("organization", { orgname: other });
  const isAdmin = organization.ok ? field(organization.body, "is_admin") : undefined;
  return typeof isAdmin === "boolean" ? isAdmin : null;
}

/** What shows one of `repo:create` and `org:admin` shows `repo:create` where the other is missing. */
function withRepoCreate(evidence: readonly Observed[]): Evidence[] {
  const known = evidence.filter((each) => each !== "creator");
  const withoutOrgAdmin = known.some(({ scope, verdict }) => scope === "org:admin" && verdict === "missing");
  if (!withoutOrgAdmin || !evidence.includes("creator")) return known;
  return [
    ...known,
    { scope: "repo:create", verdict: "held", because: "acts in a namespace without org:admin" },
  ];
}

/** Why the evidence says nothing of a scope. */
function whyUnknown(
  scope: Scope,
  { superuser, owner, evidence }: { superuser: Superuser; owner: string | undefined; evidence: Observed[] },
): string {
  const isCreator = evidence.includes("creator");
  const hasOrgAdmin = evidence.some(
    (each) => each !== "creator" && each.scope === "org:admin" && each.verdict === "held",
  );
  if (scope === "repo:create" && hasOrgAdmin) return "org:admin allows the same";
  if (superuser === "full") return "a superuser gets the same answers with and without it";
  if (superuser === "read-only") return "a read-only superuser gets the same answers with and without it";
  if (scope === "super:user") {
    return superuser === "none"
      ? "refused: the scope is missing, or the owner is no superuser"
      : "the registry did not say";
  }
  if (superuser === "unknown") return "a superuser would get the same answers without it";
  if (scope.startsWith("repo:") && scope !== "repo:create")
    return "no repository was found on which the owner surely has the role";
  if (isCreator) return "the token has repo:create or org:admin, and which is not shown";
  return owner === undefined
    ? "the token may not tell whose it is, and so where to try"
    : "the registry did not say";
}
