import { defineOperation } from "../src/operation.ts";
import { Name } from "./parameters.ts";

export const getErrorDescription = defineOperation({
  operationId: "getErrorDescription",
  name: "get_error_description",
  title: "Get error description",
  description: "Get what an error_type of Quay's answers means.",
  method: "GET",
  path: "/api/v1/error/{error_type}",
  access: "read",
  scopes: [],
  params: { error_type: Name.describe("such as insufficient_scope") },
});
