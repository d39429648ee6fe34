import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name } from "./parameters.ts";

export const searchEntities = defineOperation({
  operationId: "getMatchingEntities",
  name: "search_entities",
  title: "Search users, robots and teams",
  description:
    "Find at most 10 users by how their name begins, and in namespace its robots; with the flags teams of namespace and organizations.",
  method: "GET",
  path: "/api/v1/entities/{prefix}",
  access: "read",
  scopes: [],
  params: { prefix: Name },
  query: {
    namespace: Name.optional(),
    includeTeams: z.boolean().optional(),
    includeOrgs: z.boolean().optional(),
  },
});

export const searchAll = defineOperation({
  operationId: "conductSearch",
  name: "search_all",
  title: "Search everything",
  description:
    "Search repositories, organizations, users, teams and robots at once, at most 5 of a kind; nothing without query.",
  method: "GET",
  path: "/api/v1/find/all",
  access: "read",
  everyday: true,
  scopes: [],
  query: { query: z.string().optional() },
});

export const searchRepositories = defineOperation({
  operationId: "conductRepoSearch",
  name: "search_repositories",
  title: "Search repositories",
  description:
    "Search visible repositories, 10 a page and at most 10 pages. list_repositories lists a namespace in full.",
  method: "GET",
  path: "/api/v1/find/repositories",
  access: "read",
  everyday: true,
  scopes: [],
  query: {
    query: z.string().optional(),
    includeUsage: z.boolean().describe("stars, popularity, last change").optional(),
    // Quay answers a higher one with the tenth page.
    page: z.int().min(1).max(10).optional(),
  },
  paging: "page",
});
