import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name, NextPage, Repository } from "./parameters.ts";

/** The only kind that is left; Quay once stored applications too. */
const repoKind = z.enum(["image"]).optional();

const visibility = z.enum(["public", "private"]);

export const listRepositories = defineOperation({
  operationId: "listRepos",
  name: "list_repositories",
  title: "List repositories",
  description:
    "List repositories you can see, 100 a page: namespace, starred or public must be given. search_repositories finds by name.",
  method: "GET",
  path: "/api/v1/repository",
  access: "read",
  everyday: true,
  scopes: [],
  query: {
    namespace: Name.optional(),
    starred: z.boolean().optional(),
    public: z.boolean().optional(),
    last_modified: z.boolean().describe("include it").optional(),
    popularity: z.boolean().describe("include it").optional(),
    repo_kind: repoKind,
    next_page: NextPage.optional(),
  },
  paging: "next_page",
});

export const createRepository = defineOperation({
  operationId: "createRepo",
  name: "create_repository",
  title: "Create repository",
  description: "Create an empty repository. Public ones can be pulled by anyone.",
  method: "POST",
  path: "/api/v1/repository",
  access: "write",
  everyday: true,
  escalates: { when: "visibility is public", if: [{ argument: "visibility", is: "public" }] },
  scopes: [{ anyOf: ["repo:create", "org:admin"] }],
  body: {
    repository: Repository,
    visibility,
    description: z.string().describe("Markdown, may be empty"),
    repo_kind: repoKind,
  },
  splitRepository: { namespace: "namespace", name: "repository" },
  target: "repository",
  creates: true,
  undo: [{ tool: "delete_repository", with: { repository: "given.repository" }, when: ["now.absent"] }],
});

export const getRepository = defineOperation({
  operationId: "getRepo",
  name: "get_repository",
  title: "Get repository",
  description:
    "Get a repository's description, visibility, state, your rights and up to 500 tags; list_tags has all and their history.",
  method: "GET",
  path: "/api/v1/repository/{repository}",
  access: "read",
  everyday: true,
  scopes: ["repo:read"],
  params: { repository: Repository },
  query: {
    includeTags: z.boolean().describe("default true").optional(),
    includeStats: z.boolean().describe("pulls by day, 3 months").optional(),
  },
});

export const updateRepository = defineOperation({
  operationId: "updateRepo",
  name: "update_repository",
  title: "Update repository description",
  description: "Replace a repository's description, and nothing else.",
  method: "PUT",
  path: "/api/v1/repository/{repository}",
  access: "write",
  scopes: ["repo:write"],
  params: { repository: Repository },
  body: { description: z.string().describe("Markdown") },
  target: "repository",
  undo: [
    { tool: "update_repository", with: { repository: "given.repository", description: "now.description" } },
  ],
});

export const deleteRepository = defineOperation({
  operationId: "deleteRepository",
  name: "delete_repository",
  title: "Delete repository",
  description:
    "Delete a repository for good with all its tags, images, permissions and settings. Nothing brings it back.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}",
  access: "destructive",
  irreversible: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
  silent:
    "Quay may answer the same when there was no such repository. The deletion goes on in the background.",
  target: "repository",
  undo: "Nothing brings back a repository.",
});

export const changeRepositoryState = defineOperation({
  operationId: "changeRepoState",
  name: "change_repository_state",
  title: "Change repository state",
  description:
    "Open a repository for pushes (NORMAL), freeze it (READ_ONLY), or leave it to its mirror (MIRROR), which stops pushes too.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/changestate",
  access: "destructive",
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
  body: { state: z.enum(["NORMAL", "READ_ONLY", "MIRROR"]) },
  target: "repository",
  undo: [
    { tool: "change_repository_state", with: { repository: "given.repository", state: "now.state" } },
    "A repository that was left to the mirror of its organization cannot be given back to it.",
  ],
});

export const changeRepositoryVisibility = defineOperation({
  operationId: "changeRepoVisibility",
  name: "change_repository_visibility",
  title: "Change repository visibility",
  description:
    "Make a repository public, so that anyone can pull it, or private, so that only those with a role can.",
  method: "POST",
  path: "/api/v1/repository/{repository}/changevisibility",
  access: "destructive",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
  body: { visibility },
  target: "repository",
  undo: [
    {
      tool: "change_repository_visibility",
      with: { repository: "given.repository", visibility: "now.visibility" },
    },
  ],
});
