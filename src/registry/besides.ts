/** Routes that are none of the catalogue's operations, but that those need. */
import type { Tool } from "../operation.ts";

export const besides: readonly Tool[] = [
  {
    operationId: "generateRegistryToken",
    toolset: "registry",
    name: "generate_registry_token",
    title: "Generate registry token",
    description: "Exchange credentials for a token of the registry's own API.",
    method: "GET",
    path: "/v2/auth",
    access: "read",
    scopes: [],
  },
];
