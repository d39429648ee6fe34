import { defineOperation } from "../src/operation.ts";

export const getApiDiscovery = defineOperation({
  operationId: "discovery",
  name: "get_api_discovery",
  title: "Get API description",
  description:
    "Get this registry's own API description (Swagger, about 250 KB): which operations it has switched on.",
  method: "GET",
  path: "/api/v1/discovery",
  access: "read",
  scopes: [],
});
