import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Digest, Repository, Uuid } from "./parameters.ts";

export const getManifest = defineOperation({
  operationId: "getRepoManifest",
  name: "get_manifest",
  title: "Get manifest",
  description:
    "Get a manifest's raw text, layers and sizes; of a multi-architecture index the child manifests.",
  method: "GET",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}",
  access: "read",
  everyday: true,
  scopes: ["repo:read"],
  params: { repository: Repository, manifestref: Digest },
  query: { include_modelcard: z.boolean().optional() },
});

export const listManifestLabels = defineOperation({
  operationId: "listManifestLabels",
  name: "list_manifest_labels",
  title: "List manifest labels",
  description: "List the labels of a manifest: those of the image itself and those added in Quay.",
  method: "GET",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}/labels",
  access: "read",
  scopes: ["repo:read"],
  params: { repository: Repository, manifestref: Digest },
  query: { filter: z.string().describe("how the key begins").optional() },
});

export const addManifestLabel = defineOperation({
  operationId: "addManifestLabel",
  name: "add_manifest_label",
  title: "Add manifest label",
  description: "Add a label to a manifest, without changing the image; a key may occur more than once.",
  method: "POST",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}/labels",
  access: "write",
  scopes: ["repo:write"],
  params: { repository: Repository, manifestref: Digest },
  body: {
    key: z.string().min(1).describe("a-z, 0-9, - and ."),
    value: z.string(),
    // Quay insists on the field and reads null as text/plain.
    media_type: z.enum(["text/plain", "application/json"]).default("text/plain"),
  },
  target: "label",
  creates: true,
  undo: [
    {
      tool: "delete_manifest_label",
      with: { repository: "given.repository", manifestref: "given.manifestref", labelid: "answer.label.id" },
    },
  ],
});

export const deleteManifestLabel = defineOperation({
  operationId: "deleteManifestLabel",
  name: "delete_manifest_label",
  title: "Delete manifest label",
  description:
    "Delete a label added in Quay; labels of the image itself stay. add_manifest_label can add it anew.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}",
  access: "destructive",
  scopes: ["repo:write"],
  params: { repository: Repository, manifestref: Digest, labelid: Uuid },
  target: "label",
  undo: [
    {
      tool: "add_manifest_label",
      with: {
        repository: "given.repository",
        manifestref: "given.manifestref",
        key: "now.key",
        value: "now.value",
        media_type: "now.media_type",
      },
    },
  ],
});

export const getManifestLabel = defineOperation({
  operationId: "getManifestLabel",
  name: "get_manifest_label",
  title: "Get manifest label",
  description: "Get one label of a manifest: key, value, media type and where it comes from.",
  method: "GET",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}",
  access: "read",
  scopes: ["repo:read"],
  params: { repository: Repository, manifestref: Digest, labelid: Uuid },
});
