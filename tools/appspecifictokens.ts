import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Uuid } from "./parameters.ts";

export const listAppTokens = defineOperation({
  operationId: "listAppTokens",
  name: "list_app_tokens",
  title: "List my app tokens",
  description: "List your own app-specific tokens with title, creation and last use; never the token itself.",
  method: "GET",
  path: "/api/v1/user/apptoken",
  access: "read",
  scopes: ["user:admin"],
  features: ["APP_SPECIFIC_TOKENS"],
  query: { expiring: z.boolean().describe("only those that expire soon").optional() },
});

export const createAppToken = defineOperation({
  operationId: "createAppToken",
  name: "create_app_token",
  title: "Create my app token",
  description:
    "Create an app-specific token: a password for docker and other clients with all rights of your account.",
  method: "POST",
  path: "/api/v1/user/apptoken",
  access: "write",
  scopes: ["user:admin"],
  features: ["APP_SPECIFIC_TOKENS"],
  body: { title: z.string() },
  yieldsCredential: true,
  target: "app-token",
  creates: true,
  undo: [{ tool: "revoke_app_token", with: { token_uuid: "answer.token.uuid" } }],
});

export const revokeAppToken = defineOperation({
  operationId: "revokeAppToken",
  name: "revoke_app_token",
  title: "Revoke my app token",
  description:
    "Revoke one of your app-specific tokens; whatever logs in with it fails from then on. Cannot be undone.",
  method: "DELETE",
  path: "/api/v1/user/apptoken/{token_uuid}",
  access: "destructive",
  scopes: ["user:admin"],
  features: ["APP_SPECIFIC_TOKENS"],
  params: { token_uuid: Uuid },
  target: "app-token",
  undo: "Nothing brings back a token that was revoked.",
});

export const getAppToken = defineOperation({
  operationId: "getAppToken",
  name: "get_app_token",
  title: "Get my app token",
  description:
    "Get one of your app-specific tokens with its credential again; for its metadata list_app_tokens is enough.",
  method: "GET",
  path: "/api/v1/user/apptoken/{token_uuid}",
  access: "read",
  scopes: ["user:admin"],
  features: ["APP_SPECIFIC_TOKENS"],
  params: { token_uuid: Uuid },
  yieldsCredential: true,
});
