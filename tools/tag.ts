import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Digest, EpochTimeOrNever, Name, Page, Repository } from "./parameters.ts";

export const listTags = defineOperation({
  operationId: "listRepoTags",
  name: "list_tags",
  title: "List tags",
  description:
    "List a repository's tags with digests, sizes and times; includes deleted ones unless onlyActiveTags.",
  method: "GET",
  path: "/api/v1/repository/{repository}/tag/",
  access: "read",
  everyday: true,
  scopes: ["repo:read"],
  params: { repository: Repository },
  query: {
    onlyActiveTags: z.boolean().optional(),
    specificTag: Name.optional(),
    filter_tag_name: z
      .string()
      .regex(/^(like|eq):/, 'must begin with "like:" or "eq:"')
      .describe("like:x or eq:x")
      .optional(),
    page: Page.optional(),
    limit: z.int().min(1).max(100).optional(),
  },
  paging: "page",
});

export const deleteTag = defineOperation({
  operationId: "deleteFullTag",
  name: "delete_tag",
  title: "Delete tag",
  description: "Delete a tag. restore_tag brings its image back until the time machine window ends.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/tag/{tag}",
  access: "destructive",
  everyday: true,
  scopes: ["repo:write"],
  params: { repository: Repository, tag: Name },
  target: "tag",
  undo: [
    {
      tool: "restore_tag",
      with: { repository: "given.repository", tag: "given.tag", manifest_digest: "now.manifest_digest" },
    },
  ],
});

export const updateTag = defineOperation({
  operationId: "changeTag",
  name: "update_tag",
  title: "Create, move or expire tag",
  description:
    "Point a new or existing tag at manifest_digest, set when it expires, or lock it with immutable.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/tag/{tag}",
  access: "write",
  everyday: true,
  escalates: {
    when: "the tag exists and points elsewhere, or an expiration is set",
    if: [
      { argument: "manifest_digest", differs: "manifest_digest" },
      { argument: "expiration", given: true, except: "never" },
    ],
  },
  scopes: ["repo:write"],
  params: { repository: Repository, tag: Name },
  body: {
    manifest_digest: Digest.optional(),
    expiration: EpochTimeOrNever.optional(),
    immutable: z.boolean().optional(),
  },
  target: "tag",
  creates: true,
  undo: [
    {
      tool: "restore_tag",
      with: { repository: "given.repository", tag: "given.tag", manifest_digest: "now.manifest_digest" },
      when: ["given.manifest_digest"],
    },
    {
      tool: "update_tag",
      with: { repository: "given.repository", tag: "given.tag" },
      restores: ["expiration", "immutable"],
      when: ["now.manifest_digest"],
    },
    { tool: "delete_tag", with: { repository: "given.repository", tag: "given.tag" }, when: ["now.absent"] },
  ],
});

export const restoreTag = defineOperation({
  operationId: "restoreTag",
  name: "restore_tag",
  title: "Restore tag",
  description: "Point a deleted or moved tag back at an earlier manifest of its history.",
  method: "POST",
  path: "/api/v1/repository/{repository}/tag/{tag}/restore",
  access: "write",
  everyday: true,
  escalates: {
    when: "the tag exists and points elsewhere",
    if: [{ argument: "manifest_digest", differs: "manifest_digest" }],
  },
  scopes: ["repo:write"],
  params: { repository: Repository, tag: Name },
  body: { manifest_digest: Digest },
  silent: "Quay answers the same whether the tag existed before or not; one that never did is now new.",
  target: "tag",
  creates: true,
  undo: [
    {
      tool: "restore_tag",
      with: { repository: "given.repository", tag: "given.tag", manifest_digest: "now.manifest_digest" },
    },
    { tool: "delete_tag", with: { repository: "given.repository", tag: "given.tag" }, when: ["now.absent"] },
  ],
});
