import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Digest, Repository } from "./parameters.ts";

export const getManifestSecurity = defineOperation({
  operationId: "getRepoManifestSecurity",
  name: "get_manifest_security",
  title: "Get security scan",
  description:
    "Get a manifest's scan state and, with vulnerabilities, its findings (may be huge). Of a multi-architecture index ask for the child manifests.",
  method: "GET",
  path: "/api/v1/repository/{repository}/manifest/{manifestref}/security",
  access: "read",
  everyday: true,
  scopes: ["repo:read"],
  features: ["SECURITY_SCANNER"],
  params: { repository: Repository, manifestref: Digest },
  query: { vulnerabilities: z.boolean().optional() },
});
