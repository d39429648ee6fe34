import { defineOperation } from "../src/operation.ts";
import { Digest, Name, Repository } from "./parameters.ts";

export const listReferrers = defineOperation({
  operationId: "getReferrers",
  name: "list_referrers",
  title: "List referrers",
  description: "List what refers to a manifest, such as signatures, SBOMs and attestations, as an OCI index.",
  method: "GET",
  path: "/v2/{repository}/referrers/{digest}",
  access: "read",
  scopes: ["repo:read"],
  features: ["REFERRERS_API"],
  params: { repository: Repository, digest: Digest },
  query: { artifactType: Name.describe("media type").optional() },
  authentication: "registry-token",
});
