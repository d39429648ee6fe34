import { defineOperation } from "../src/operation.ts";
import { whenRoleIsAdminOrFalls } from "./escalations.ts";
import { Name, Repository, RepositoryRole } from "./parameters.ts";

const username = Name.describe("robots: namespace+shortname");

export const listRepositoryTeamPermissions = defineOperation({
  operationId: "listRepoTeamPermissions",
  name: "list_repository_team_permissions",
  title: "List repository team permissions",
  description: "List the teams that have a role on a repository, and which.",
  method: "GET",
  path: "/api/v1/repository/{repository}/permissions/team/",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
});

export const getRepositoryTeamPermission = defineOperation({
  operationId: "getTeamPermissions",
  name: "get_repository_team_permission",
  title: "Get team permission",
  description: "Get one team's role on a repository; 400 if it has none.",
  method: "GET",
  path: "/api/v1/repository/{repository}/permissions/team/{teamname}",
  access: "read",
  scopes: ["repo:admin"],
  params: { repository: Repository, teamname: Name },
});

export const setRepositoryTeamPermission = defineOperation({
  operationId: "changeTeamPermissions",
  name: "set_repository_team_permission",
  title: "Set team permission",
  description:
    "Give a team a role on a repository or change it; create_or_update_team sets its role in the organization.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/permissions/team/{teamname}",
  access: "write",
  everyday: true,
  escalates: whenRoleIsAdminOrFalls,
  scopes: ["repo:admin"],
  params: { repository: Repository, teamname: Name },
  body: { role: RepositoryRole },
  target: "permission",
  creates: true,
  undo: [
    {
      tool: "set_repository_team_permission",
      with: { repository: "given.repository", teamname: "given.teamname", role: "now.role" },
    },
    {
      tool: "delete_repository_team_permission",
      with: { repository: "given.repository", teamname: "given.teamname" },
      when: ["now.absent"],
    },
  ],
});

export const deleteRepositoryTeamPermission = defineOperation({
  operationId: "deleteTeamPermissions",
  name: "delete_repository_team_permission",
  title: "Delete team permission",
  description: "Take away a team's role on a repository; set_repository_team_permission restores it.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/permissions/team/{teamname}",
  access: "destructive",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository, teamname: Name },
  target: "permission",
  undo: [
    {
      tool: "set_repository_team_permission",
      with: { repository: "given.repository", teamname: "given.teamname", role: "now.role" },
    },
  ],
});

export const listRepositoryUserPermissions = defineOperation({
  operationId: "listRepoUserPermissions",
  name: "list_repository_user_permissions",
  title: "List user permissions",
  description: "List the users and robots with a role of their own on a repository, not those through teams.",
  method: "GET",
  path: "/api/v1/repository/{repository}/permissions/user/",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
});

export const getRepositoryUserPermission = defineOperation({
  operationId: "getUserPermissions",
  name: "get_repository_user_permission",
  title: "Get user permission",
  description: "Get a user's or robot's own role on a repository; 400 if it has none.",
  method: "GET",
  path: "/api/v1/repository/{repository}/permissions/user/{username}",
  access: "read",
  scopes: ["repo:admin"],
  params: { repository: Repository, username },
});

export const getUserTransitivePermissions = defineOperation({
  operationId: "getUserTransitivePermission",
  name: "get_user_transitive_permissions",
  title: "Get effective permissions",
  description: "Get the roles a user or robot has on a repository, its own and through teams; 404 if none.",
  method: "GET",
  path: "/api/v1/repository/{repository}/permissions/user/{username}/transitive",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository, username },
});

export const setRepositoryUserPermission = defineOperation({
  operationId: "changeUserPermissions",
  name: "set_repository_user_permission",
  title: "Set user permission",
  description: "Give a user or robot a role of its own on a repository, or change it.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/permissions/user/{username}",
  access: "write",
  everyday: true,
  escalates: whenRoleIsAdminOrFalls,
  scopes: ["repo:admin"],
  params: { repository: Repository, username },
  body: { role: RepositoryRole },
  target: "permission",
  creates: true,
  undo: [
    {
      tool: "set_repository_user_permission",
      with: { repository: "given.repository", username: "given.username", role: "now.role" },
    },
    {
      tool: "delete_repository_user_permission",
      with: { repository: "given.repository", username: "given.username" },
      when: ["now.absent"],
    },
  ],
});

export const deleteRepositoryUserPermission = defineOperation({
  operationId: "deleteUserPermissions",
  name: "delete_repository_user_permission",
  title: "Delete user permission",
  description:
    "Take away a user's or robot's own role on a repository, not those through teams; set_repository_user_permission restores it.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/permissions/user/{username}",
  access: "destructive",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository, username },
  target: "permission",
  undo: [
    {
      tool: "set_repository_user_permission",
      with: { repository: "given.repository", username: "given.username", role: "now.role" },
    },
  ],
});
