/**
 * Who may do what. Nothing is listed operation by operation: the scopes of the catalogue say what a call needs, the
 * placeholders of its path say of what, and a role counts only as far as the token's scopes let it
 * (Quay's `auth/permissions.py`).
 */
import type { Scope, ScopeRequirement, Tool } from "../operation.ts";
import { forbidden, insufficientScope, refuse, requiresAuthentication, requiresSession } from "./answers.ts";
import {
  findOrganization,
  findRepository,
  type Namespace,
  type Repository,
  type Role,
  type State,
  type TeamRole,
  type Token,
} from "./state.ts";

/** Who is calling, and with which scopes. */
export interface Caller {
  readonly user: Namespace;
  readonly scopes: ReadonlySet<Scope>;
  readonly token: Token;
}

/** The caller behind a token; nobody for a token that is unknown, expired, or belongs to a disabled user. */
export function callerOf(state: State, authorization: string | undefined): Caller | undefined {
  const secret = /^bearer (.+)$/i.exec(authorization ?? "")?.[1];
  const token = secret === undefined ? undefined : state.tokens.get(secret);
  if (token === undefined || token.expired) return undefined;
  const user = state.namespaces.get(token.user);
  return user?.enabled ? { user, scopes: new Set(token.scopes), token } : undefined;
}

const repositoryRanks = { none: 0, read: 1, write: 2, admin: 3 } as const;
const teamRanks = { none: 0, member: 1, creator: 2, admin: 3 } as const;

const repositoryScopes: readonly (readonly [Scope, Role])[] = [
  ["repo:read", "read"],
  ["repo:write", "write"],
  ["repo:admin", "admin"],
];

/** How far the token's scopes let a role on repositories count. */
function repositoryCap(caller: Caller): number {
  const granted = repositoryScopes.filter(([scope]) => caller.scopes.has(scope));
  return Math.max(0, ...granted.map(([, role]) => repositoryRanks[role]));
}

function teamCap(caller: Caller): number {
  if (caller.scopes.has("org:admin")) return teamRanks.admin;
  return caller.scopes.has("repo:create") ? teamRanks.creator : teamRanks.none;
}

/** A superuser whose token may act as one; full access to all namespaces is switched on. */
export function isSuperuser(caller: Caller | undefined): boolean {
  return caller?.user.superuser === "full" && caller.scopes.has("super:user");
}

/** Reads everything, with a token of any scope. */
export function isReadOnlySuperuser(caller: Caller | undefined): boolean {
  return caller?.user.superuser === "read-only";
}

/** The teams of an organization that a user or robot belongs to. */
export function teamsOf(organization: Namespace, member: string) {
  return [...organization.teams.values()].filter((team) => team.members.has(member));
}

/** What someone is in a namespace by right, whatever their token. */
function namespaceRank(namespace: Namespace, member: string): number {
  if (namespace.kind === "user") return namespace.name === member ? teamRanks.admin : teamRanks.none;
  return Math.max(0, ...teamsOf(namespace, member).map((team) => teamRanks[team.role]));
}

/** The roles that someone has on a repository by right: by name, by team, or as an administrator of all of it. */
export function rolesOn(namespace: Namespace, repository: Repository, member: string): Role[] {
  const roles: Role[] = [];
  const own = repository.userPermissions.get(member);
  if (own !== undefined) roles.push(own);
  for (const team of teamsOf(namespace, member)) {
    const role = team.role === "admin" ? "admin" : repository.teamPermissions.get(team.name);
    if (role !== undefined) roles.push(role);
  }
  if (namespace.name === member && own === undefined) roles.push("admin");
  return roles;
}

/** Whether the caller has at least this role in the namespace. A superuser has every role. */
export function hasNamespaceRole(
  caller: Caller | undefined,
  namespace: Namespace | undefined,
  role: TeamRole,
): boolean {
  if (caller === undefined) return false;
  if (isSuperuser(caller)) return true;
  if (namespace === undefined) return false;
  return Math.min(namespaceRank(namespace, caller.user.name), teamCap(caller)) >= teamRanks[role];
}

/** Whether the caller has at least this role on the repository by permission; that it may be public does not count. */
export function hasRepositoryRole(
  state: State,
  caller: Caller | undefined,
  repository: Repository | string,
  role: Role,
): boolean {
  if (caller === undefined) return false;
  if (isSuperuser(caller)) return true;
  const path = typeof repository === "string" ? repository : `${repository.namespace}/${repository.name}`;
  const namespace = state.namespaces.get(path.slice(0, path.indexOf("/")));
  if (namespace === undefined) return false;
  const found = findRepository(state, path);
  const roles =
    found === undefined
      ? namespaceRank(namespace, caller.user.name) === teamRanks.admin
        ? (["admin"] as const)
        : []
      : rolesOn(namespace, found, caller.user.name);
  const rank = Math.max(0, ...roles.map((each) => repositoryRanks[each]));
  return Math.min(rank, repositoryCap(caller)) >= repositoryRanks[role];
}

/** Whether the caller may see (`user:read`) or change (`user:admin`) their own account. */
export function hasUserScope(caller: Caller | undefined, scope: "user:read" | "user:admin"): boolean {
  if (caller === undefined) return false;
  return caller.scopes.has("user:admin") || (scope === "user:read" && caller.scopes.has("user:read"));
}

/** These leave the refusal to the web framework, which words it differently; one of them only where it is the role that lacks. */
const abortsPlainly: Readonly<Record<string, (caller: Caller | undefined) => boolean>> = {
  createGlobalMessage: () => true,
  deleteGlobalMessage: () => true,
  getOrgRobotPermissions: (caller) => hasUserScope(caller, "user:admin"),
};

/** Ends the call where the caller may not make it: 401 for nobody, 403 for somebody. */
export function authorize(
  state: State,
  operation: Tool,
  params: Readonly<Record<string, string>>,
  caller: Caller | undefined,
): void {
  if (operation.scopes.every((requirement) => holds(state, operation, params, caller, requirement))) return;
  if (operation.operationId === "getLoggedInUser") refuse(requiresSession());
  if (abortsPlainly[operation.operationId]?.(caller)) refuse(forbidden());
  refuse(caller === undefined ? requiresAuthentication() : insufficientScope());
}

function holds(
  state: State,
  operation: Tool,
  params: Readonly<Record<string, string>>,
  caller: Caller | undefined,
  requirement: ScopeRequirement,
): boolean {
  const reading = operation.method === "GET";
  const readsAll = reading && isReadOnlySuperuser(caller);
  const organization =
    findOrganization(state, params.orgname ?? "") ?? state.namespaces.get(params.orgname ?? "");
  if (typeof requirement === "object") {
    // The name of a namespace may stand in the body: the handler knows it.
    if (params.orgname === undefined) return caller !== undefined;
    if (params.teamname !== undefined) return readsAll || canViewTeam(caller, organization, params.teamname);
    return readsAll || hasNamespaceRole(caller, organization, "member");
  }
  switch (requirement) {
    case "user:read":
    case "user:admin":
      return hasUserScope(caller, requirement);
    case "super:user":
      return readsAll || isSuperuser(caller);
    case "org:admin":
      return readsAll || hasNamespaceRole(caller, organization, "admin");
    case "repo:create":
      return caller !== undefined;
    case "repo:read": {
      const repository = findRepository(state, params.repository ?? "");
      if (params.repository === undefined || operation.authentication !== undefined) return true;
      if (reading && (readsAll || repository?.public)) return true;
      return hasRepositoryRole(state, caller, params.repository, "read");
    }
    case "repo:write":
      return hasRepositoryRole(state, caller, params.repository ?? "", "write");
    case "repo:admin":
      return readsAll || hasRepositoryRole(state, caller, params.repository ?? "", "admin");
  }
}

function canViewTeam(caller: Caller | undefined, organization: Namespace | undefined, team: string): boolean {
  if (hasNamespaceRole(caller, organization, "admin")) return true;
  const member = organization?.teams.get(team)?.members.has(caller?.user.name ?? "") === true;
  return member && hasNamespaceRole(caller, organization, "member");
}

/**
 * Whether Quay looks at the body before it looks at the rights: where the check of rights stands inside the handler
 * (organizations, superusers), not where it is a decorator around it (repositories, the own account).
 */
export function validatesFirst(operation: Tool): boolean {
  if (["createRepo", "createStar", "createGlobalMessage"].includes(operation.operationId)) return true;
  return /^\/api\/v1\/(organization\/\{|superuser\/)/.test(operation.path);
}
