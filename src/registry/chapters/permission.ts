/** Who may do what on a repository: users, robots and teams. */
import { empty, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import { rolesOn } from "../authorization.ts";
import { bodyOf, type Call, type Handlers, namespaceOf, param } from "../call.ts";
import { findMember, isMember, teamAvatar } from "../entities.ts";
import { recordIn } from "../log.ts";
import { findRepository, type Repository, type Role } from "../state.ts";

/** The repository of the path. Quay does not expect that it may be missing and fails with a 500. */
function repositoryIn(call: Call): Repository {
  const repository = findRepository(call.state, param(call, "repository"));
  if (repository === undefined) throw new Error("no such repository");
  return repository;
}

const userView = (call: Call, repository: Repository, name: string, role: Role) => {
  const member = findMember(call.state, name);
  const namespace = namespaceOf(call.state, repository);
  return {
    role,
    name,
    is_robot: name.includes("+"),
    avatar: member?.avatar,
    ...(namespace.kind === "organization" && { is_org_member: isMember(namespace, name) }),
  };
};

const teamView = (call: Call, repository: Repository, name: string, role: Role) => ({
  role,
  name,
  avatar: teamAvatar(namespaceOf(call.state, repository).teams.get(name)!),
});

/** A user always administers the repositories of their own namespace. */
function checkOwner(repository: Repository, username: string): void {
  if (username === repository.namespace) refuse(invalidRequest("Namespace owner must always be admin."));
}

export const permission: Handlers = {
  listRepoUserPermissions(call) {
    const repository = repositoryIn(call);
    const entries = [...repository.userPermissions].map(([name, role]) => [
      name,
      userView(call, repository, name, role),
    ]);
    return json({ permissions: Object.fromEntries(entries) });
  },

  getUserPermissions(call) {
    const repository = repositoryIn(call);
    const name = param(call, "username");
    const role = repository.userPermissions.get(name);
    return role === undefined
      ? message("User does not have permission for repo.")
      : json(userView(call, repository, name, role));
  },

  changeUserPermissions(call) {
    const repository = repositoryIn(call);
    const name = param(call, "username");
    const { role } = bodyOf<{ role: Role }>(call);
    checkOwner(repository, name);
    if (findMember(call.state, name) === undefined) refuse(invalidRequest(`Invalid username: ${name}`));
    repository.userPermissions.set(name, role);
    recordIn(call, repository, "change_repo_permission", { username: name, role });
    return json(userView(call, repository, name, role));
  },

  deleteUserPermissions(call) {
    const repository = repositoryIn(call);
    const name = param(call, "username");
    checkOwner(repository, name);
    if (!repository.userPermissions.delete(name)) {
      refuse(invalidRequest("User does not have permission for repo."));
    }
    recordIn(call, repository, "delete_repo_permission", { username: name });
    return empty();
  },

  getUserTransitivePermission(call) {
    const repository = repositoryIn(call);
    const roles = rolesOn(namespaceOf(call.state, repository), repository, param(call, "username"));
    return roles.length === 0 ? notFound() : json({ permissions: roles.map((role) => ({ role })) });
  },

  listRepoTeamPermissions(call) {
    const repository = repositoryIn(call);
    const entries = [...repository.teamPermissions].map(([name, role]) => [
      name,
      teamView(call, repository, name, role),
    ]);
    return json({ permissions: Object.fromEntries(entries) });
  },

  getTeamPermissions(call) {
    const role = repositoryIn(call).teamPermissions.get(param(call, "teamname"));
    return role === undefined ? message("Team does not have permission for repo.") : json({ role });
  },

  changeTeamPermissions(call) {
    const repository = repositoryIn(call);
    const name = param(call, "teamname");
    const { role } = bodyOf<{ role: Role }>(call);
    if (!namespaceOf(call.state, repository).teams.has(name)) {
      refuse(invalidRequest(`No team ${name} in organization ${repository.namespace}`));
    }
    repository.teamPermissions.set(name, role);
    recordIn(call, repository, "change_repo_permission", { team: name, role });
    return json(teamView(call, repository, name, role));
  },

  deleteTeamPermissions(call) {
    const repository = repositoryIn(call);
    const name = param(call, "teamname");
    if (!repository.teamPermissions.delete(name)) {
      refuse(invalidRequest("Team does not have permission for repo."));
    }
    recordIn(call, repository, "delete_repo_permission", { team: name });
    return empty();
  },
};
