import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name, Repository, Uuid } from "./parameters.ts";

const features = ["AUTO_PRUNE"];

const valueMessage = 'must be a number of tags such as 10, or an age such as "7d" (s, m, h, d, w)';

/** A policy as it is created, and as a whole replaced. */
const policy = {
  method: z.enum(["number_of_tags", "creation_date"]),
  value: z
    .union([z.int(valueMessage).min(1, valueMessage), z.string().regex(/^\d+[smhdw]$/, valueMessage)])
    .describe('how many to keep: 10, or how old: "7d"'),
  tagPattern: z.string().min(1).describe("regex").optional(),
  tagPatternMatches: z.boolean().describe("false: prune the others").optional(),
};

/** The policy as it was, for an undo: of all tags, which has no pattern, and of some. */
const policyOfAllTags = {
  method: "now.method",
  value: "now.value",
  tagPatternMatches: "now.tagPatternMatches",
};
const wholePolicy = { ...policyOfAllTags, tagPattern: "now.tagPattern" };

export const listOrganizationAutoprunePolicies = defineOperation({
  operationId: "listOrganizationAutoPrunePolicies",
  name: "list_organization_autoprune_policies",
  title: "List organization auto-prune policies",
  description:
    "List the auto-prune policies that hold for a whole organization; its repositories may have their own.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/autoprunepolicy/",
  access: "read",
  everyday: true,
  scopes: ["org:admin"],
  features,
  params: { orgname: Name },
});

export const createOrganizationAutoprunePolicy = defineOperation({
  operationId: "createOrganizationAutoPrunePolicy",
  name: "create_organization_autoprune_policy",
  title: "Create organization auto-prune policy",
  description:
    "From now on delete tags in all repositories of an organization, in the background: all but the newest, or older ones.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/autoprunepolicy/",
  access: "destructive",
  scopes: ["org:admin"],
  features,
  params: { orgname: Name },
  body: policy,
  target: "policy",
  creates: true,
  undo: [
    {
      tool: "delete_organization_autoprune_policy",
      with: { orgname: "given.orgname", policy_uuid: "answer.uuid" },
    },
  ],
  reachesRepositories: true,
});

export const getOrganizationAutoprunePolicy = defineOperation({
  operationId: "getOrganizationAutoPrunePolicy",
  name: "get_organization_autoprune_policy",
  title: "Get organization auto-prune policy",
  description: "Get one of an organization's auto-prune policies.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}",
  access: "read",
  scopes: ["org:admin"],
  features,
  params: { orgname: Name, policy_uuid: Uuid },
});

export const updateOrganizationAutoprunePolicy = defineOperation({
  operationId: "updateOrganizationAutoPrunePolicy",
  name: "update_organization_autoprune_policy",
  title: "Update organization auto-prune policy",
  description:
    "Replace an organization's auto-prune policy as a whole, tagPattern too; more tags may be deleted.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["org:admin"],
  features,
  params: { orgname: Name, policy_uuid: Uuid },
  body: policy,
  target: "policy",
  undo: [
    {
      tool: "update_organization_autoprune_policy",
      with: {
        orgname: "given.orgname",
        policy_uuid: "given.policy_uuid",
        ...wholePolicy,
      },
    },
    {
      tool: "update_organization_autoprune_policy",
      with: {
        orgname: "given.orgname",
        policy_uuid: "given.policy_uuid",
        ...policyOfAllTags,
      },
    },
  ],
  reachesRepositories: true,
});

export const deleteOrganizationAutoprunePolicy = defineOperation({
  operationId: "deleteOrganizationAutoPrunePolicy",
  name: "delete_organization_autoprune_policy",
  title: "Delete organization auto-prune policy",
  description:
    "Delete an organization's auto-prune policy, so that tags stay; create_organization_autoprune_policy sets it up anew.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["org:admin"],
  features,
  params: { orgname: Name, policy_uuid: Uuid },
  target: "policy",
  undo: [
    {
      tool: "create_organization_autoprune_policy",
      with: {
        orgname: "given.orgname",
        ...wholePolicy,
      },
    },
    {
      tool: "create_organization_autoprune_policy",
      with: {
        orgname: "given.orgname",
        ...policyOfAllTags,
      },
    },
  ],
});

export const listRepositoryAutoprunePolicies = defineOperation({
  operationId: "listRepositoryAutoPrunePolicies",
  name: "list_repository_autoprune_policies",
  title: "List repository auto-prune policies",
  description: "List a repository's own auto-prune policies; those of its namespace hold besides.",
  method: "GET",
  path: "/api/v1/repository/{repository}/autoprunepolicy/",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  features,
  params: { repository: Repository },
});

export const createRepositoryAutoprunePolicy = defineOperation({
  operationId: "createRepositoryAutoPrunePolicy",
  name: "create_repository_autoprune_policy",
  title: "Create repository auto-prune policy",
  description:
    "From now on delete tags in a repository, in the background: all but the newest, or older ones.",
  method: "POST",
  path: "/api/v1/repository/{repository}/autoprunepolicy/",
  access: "destructive",
  scopes: ["repo:admin"],
  features,
  params: { repository: Repository },
  body: policy,
  target: "policy",
  creates: true,
  undo: [
    {
      tool: "delete_repository_autoprune_policy",
      with: { repository: "given.repository", policy_uuid: "answer.uuid" },
    },
  ],
});

export const getRepositoryAutoprunePolicy = defineOperation({
  operationId: "getRepositoryAutoPrunePolicy",
  name: "get_repository_autoprune_policy",
  title: "Get repository auto-prune policy",
  description: "Get one of a repository's auto-prune policies.",
  method: "GET",
  path: "/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}",
  access: "read",
  scopes: ["repo:admin"],
  features,
  params: { repository: Repository, policy_uuid: Uuid },
});

export const updateRepositoryAutoprunePolicy = defineOperation({
  operationId: "updateRepositoryAutoPrunePolicy",
  name: "update_repository_autoprune_policy",
  title: "Update repository auto-prune policy",
  description:
    "Replace a repository's auto-prune policy as a whole, tagPattern too; more tags may be deleted.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["repo:admin"],
  features,
  params: { repository: Repository, policy_uuid: Uuid },
  body: policy,
  target: "policy",
  undo: [
    {
      tool: "update_repository_autoprune_policy",
      with: {
        repository: "given.repository",
        policy_uuid: "given.policy_uuid",
        ...wholePolicy,
      },
    },
    {
      tool: "update_repository_autoprune_policy",
      with: {
        repository: "given.repository",
        policy_uuid: "given.policy_uuid",
        ...policyOfAllTags,
      },
    },
  ],
});

export const deleteRepositoryAutoprunePolicy = defineOperation({
  operationId: "deleteRepositoryAutoPrunePolicy",
  name: "delete_repository_autoprune_policy",
  title: "Delete repository auto-prune policy",
  description:
    "Delete a repository's auto-prune policy, so that tags stay; create_repository_autoprune_policy sets it up anew.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["repo:admin"],
  features,
  params: { repository: Repository, policy_uuid: Uuid },
  target: "policy",
  undo: [
    {
      tool: "create_repository_autoprune_policy",
      with: {
        repository: "given.repository",
        ...wholePolicy,
      },
    },
    {
      tool: "create_repository_autoprune_policy",
      with: {
        repository: "given.repository",
        ...policyOfAllTags,
      },
    },
  ],
});

export const listMyAutoprunePolicies = defineOperation({
  operationId: "listUserAutoPrunePolicies",
  name: "list_my_autoprune_policies",
  title: "List my auto-prune policies",
  description: "List the auto-prune policies that hold for your account's whole namespace.",
  method: "GET",
  path: "/api/v1/user/autoprunepolicy/",
  access: "read",
  scopes: ["user:admin"],
  features,
});

export const createMyAutoprunePolicy = defineOperation({
  operationId: "createUserAutoPrunePolicy",
  name: "create_my_autoprune_policy",
  title: "Create my auto-prune policy",
  description:
    "From now on delete tags in all repositories of your account, in the background: all but the newest, or older ones.",
  method: "POST",
  path: "/api/v1/user/autoprunepolicy/",
  access: "destructive",
  scopes: ["user:admin"],
  features,
  body: policy,
  target: "policy",
  creates: true,
  undo: [{ tool: "delete_my_autoprune_policy", with: { policy_uuid: "answer.uuid" } }],
  reachesRepositories: true,
});

export const getMyAutoprunePolicy = defineOperation({
  operationId: "getUserAutoPrunePolicy",
  name: "get_my_autoprune_policy",
  title: "Get my auto-prune policy",
  description: "Get one of your account's auto-prune policies.",
  method: "GET",
  path: "/api/v1/user/autoprunepolicy/{policy_uuid}",
  access: "read",
  scopes: ["user:admin"],
  features,
  params: { policy_uuid: Uuid },
});

export const updateMyAutoprunePolicy = defineOperation({
  operationId: "updateUserAutoPrunePolicy",
  name: "update_my_autoprune_policy",
  title: "Update my auto-prune policy",
  description:
    "Replace your account's auto-prune policy as a whole, tagPattern too; more tags may be deleted.",
  method: "PUT",
  path: "/api/v1/user/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["user:admin"],
  features,
  params: { policy_uuid: Uuid },
  body: policy,
  target: "policy",
  undo: [
    {
      tool: "update_my_autoprune_policy",
      with: {
        policy_uuid: "given.policy_uuid",
        ...wholePolicy,
      },
    },
    {
      tool: "update_my_autoprune_policy",
      with: {
        policy_uuid: "given.policy_uuid",
        ...policyOfAllTags,
      },
    },
  ],
  reachesRepositories: true,
});

export const deleteMyAutoprunePolicy = defineOperation({
  operationId: "deleteUserAutoPrunePolicy",
  name: "delete_my_autoprune_policy",
  title: "Delete my auto-prune policy",
  description:
    "Delete your account's auto-prune policy, so that tags stay; create_my_autoprune_policy sets it up anew.",
  method: "DELETE",
  path: "/api/v1/user/autoprunepolicy/{policy_uuid}",
  access: "destructive",
  scopes: ["user:admin"],
  features,
  params: { policy_uuid: Uuid },
  target: "policy",
  undo: [
    {
      tool: "create_my_autoprune_policy",
      with: {
        ...wholePolicy,
      },
    },
    {
      tool: "create_my_autoprune_policy",
      with: { method: "now.method", value: "now.value", tagPatternMatches: "now.tagPatternMatches" },
    },
  ],
});
