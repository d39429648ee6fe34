import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Uuid } from "./parameters.ts";

export const listGlobalMessages = defineOperation({
  operationId: "getGlobalMessages",
  name: "list_global_messages",
  title: "List global messages",
  description: "List the messages that the registry shows to all its users.",
  method: "GET",
  path: "/api/v1/messages",
  access: "read",
  scopes: [],
});

export const createGlobalMessage = defineOperation({
  operationId: "createGlobalMessage",
  name: "create_global_message",
  title: "Create global message",
  description: "Show a message to every user of the registry, signed in or not, until delete_global_message.",
  method: "POST",
  path: "/api/v1/messages",
  access: "write",
  scopes: ["super:user"],
  features: ["SUPER_USERS"],
  body: {
    message: z.strictObject({
      content: z.string(),
      media_type: z.enum(["text/plain", "text/markdown"]),
      severity: z.enum(["info", "warning", "error"]),
    }),
  },
  silent: "Quay does not tell the new message's uuid: list_global_messages shows it.",
  target: "message",
  creates: true,
  undo: "delete_global_message takes it back, with the uuid that list_global_messages shows.",
});

export const deleteGlobalMessage = defineOperation({
  operationId: "deleteGlobalMessage",
  name: "delete_global_message",
  title: "Delete global message",
  description: "Delete a message shown to all users. create_global_message can only write it anew.",
  method: "DELETE",
  path: "/api/v1/message/{uuid}",
  access: "destructive",
  scopes: ["super:user"],
  features: ["SUPER_USERS"],
  params: { uuid: Uuid },
  silent: "Quay answers the same when no message has this uuid: check with list_global_messages.",
  target: "message",
  undo: [{ tool: "create_global_message", with: { message: "now.message" } }],
});
