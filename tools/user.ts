import { defineOperation } from "../src/operation.ts";
import { Name, NextPage, Repository } from "./parameters.ts";

export const getMyUser = defineOperation({
  operationId: "getLoggedInUser",
  name: "get_my_user",
  title: "Get my user",
  description: "Get the account the token belongs to and its organizations.",
  method: "GET",
  path: "/api/v1/user/",
  access: "read",
  everyday: true,
  scopes: ["user:read"],
});

export const listStarredRepositories = defineOperation({
  operationId: "listStarredRepos",
  name: "list_starred_repositories",
  title: "List starred repositories",
  description: "List the repositories that you have starred.",
  method: "GET",
  path: "/api/v1/user/starred",
  access: "read",
  scopes: ["user:admin"],
  query: { next_page: NextPage.optional() },
  paging: "next_page",
});

export const starRepository = defineOperation({
  operationId: "createStar",
  name: "star_repository",
  title: "Star repository",
  description: "Star a repository, for your own account only.",
  method: "POST",
  path: "/api/v1/user/starred",
  access: "write",
  scopes: ["user:admin"],
  body: { repository: Repository },
  splitRepository: { namespace: "namespace", name: "repository" },
  silent: "Quay answers null when there is no such repository, and nothing was starred.",
  target: "star",
  creates: true,
  undo: [
    { tool: "unstar_repository", with: { repository: "given.repository" }, when: ["now.absent"] },
    "It had the star already.",
  ],
});

export const unstarRepository = defineOperation({
  operationId: "deleteStar",
  name: "unstar_repository",
  title: "Unstar repository",
  description: "Remove your own star from a repository.",
  method: "DELETE",
  path: "/api/v1/user/starred/{repository}",
  access: "write",
  scopes: ["user:admin"],
  params: { repository: Repository },
  silent: "Quay answers the same when the repository was not starred or does not exist.",
  target: "star",
  undo: [
    { tool: "star_repository", with: { repository: "given.repository" }, when: ["now.present"] },
    "It had no star.",
  ],
});

export const getUser = defineOperation({
  operationId: "getUserInformation",
  name: "get_user",
  title: "Get user",
  description: "Get a user's public profile; not of robots or organizations.",
  method: "GET",
  path: "/api/v1/users/{username}",
  access: "read",
  scopes: [],
  params: { username: Name },
});
