import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name, Repository, severities, Uuid } from "./parameters.ts";

/** Whoever knows a webhook's URL can post to it, and a template may carry a credential. */
const deliverySecrets = ["config.url", "config.template"];

/** Quay stores a severity's name as well, but delivering the notification then fails. */
const level = z.enum(severities).transform((severity) => String(severities.indexOf(severity)));

const notificationEvent = z.enum([
  "repo_push",
  "repo_mirror_sync_started",
  "repo_mirror_sync_success",
  "repo_mirror_sync_failed",
  "vulnerability_found",
  "build_queued",
  "build_start",
  "build_success",
  "build_failure",
  "build_cancelled",
  "repo_image_expiry",
]);

const target = z.strictObject({ kind: z.enum(["user", "team", "org"]), name: Name });

const deliveryConfig = z.strictObject({
  url: z.string().describe("webhook, slack").optional(),
  template: z.string().describe("webhook's JSON body").optional(),
  email: z.string().describe("must be authorized").optional(),
  target: target.describe("quay_notification").optional(),
  notification_token: z.string().describe("hipchat").optional(),
  room_id: z.string().optional(),
  flow_api_token: z.string().optional(),
});

const eventConfig = z
  .strictObject({
    level: level.describe("this or worse").optional(),
    days: z.int().min(1).describe("before expiry").optional(),
    "ref-regex": z.string().describe("builds").optional(),
  })
  .describe("{} for none");

export const listRepositoryNotifications = defineOperation({
  operationId: "listRepoNotifications",
  name: "list_repository_notifications",
  title: "List repository notifications",
  description: "List a repository's notifications: event, how each is delivered, and its failures.",
  method: "GET",
  path: "/api/v1/repository/{repository}/notification/",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
  secrets: deliverySecrets.map((field) => `notifications.*.${field}`),
});

export const createRepositoryNotification = defineOperation({
  operationId: "createRepoNotification",
  name: "create_repository_notification",
  title: "Create repository notification",
  description:
    "Tell someone, inside Quay or at an outside address, whenever an event happens to a repository.",
  method: "POST",
  path: "/api/v1/repository/{repository}/notification/",
  access: "write",
  everyday: true,
  escalates: {
    when: "method sends to an outside host or address",
    if: [
      { argument: "config.url", newHost: true },
      { argument: "config.email", newHost: true },
      { argument: "method", is: "hipchat" },
      { argument: "method", is: "flowdock" },
    ],
  },
  scopes: ["repo:admin"],
  params: { repository: Repository },
  body: {
    event: notificationEvent,
    method: z.enum(["quay_notification", "email", "webhook", "slack", "hipchat", "flowdock"]),
    config: deliveryConfig,
    eventConfig,
    title: z.string().optional(),
  },
  secrets: deliverySecrets,
  openWorld: true,
  target: "notification",
  creates: true,
  undo: [
    { tool: "delete_repository_notification", with: { repository: "given.repository", uuid: "answer.uuid" } },
  ],
  secretArguments: ["config.notification_token", "config.flow_api_token"],
});

export const getRepositoryNotification = defineOperation({
  operationId: "getRepoNotification",
  name: "get_repository_notification",
  title: "Get repository notification",
  description: "Get one notification of a repository and how often its delivery failed.",
  method: "GET",
  path: "/api/v1/repository/{repository}/notification/{uuid}",
  access: "read",
  scopes: ["repo:admin"],
  params: { repository: Repository, uuid: Uuid },
  secrets: deliverySecrets,
});

export const resetRepositoryNotificationFailures = defineOperation({
  operationId: "resetRepositoryNotificationFailures",
  name: "reset_repository_notification_failures",
  title: "Reset notification failures",
  description: "Reset a notification's failures to zero, so that one switched off by them is sent again.",
  method: "POST",
  path: "/api/v1/repository/{repository}/notification/{uuid}",
  access: "write",
  scopes: ["repo:admin"],
  params: { repository: Repository, uuid: Uuid },
  target: "notification",
  undo: "The count of failures is lost; nothing needs it.",
});

export const testRepositoryNotification = defineOperation({
  operationId: "testRepoNotification",
  name: "test_repository_notification",
  title: "Test repository notification",
  description: "Send a made-up event through a notification, to where it delivers.",
  method: "POST",
  path: "/api/v1/repository/{repository}/notification/{uuid}/test",
  access: "write",
  scopes: ["repo:admin"],
  params: { repository: Repository, uuid: Uuid },
  openWorld: true,
  silent: "The sample is queued, not sent yet: Quay does not tell whether it arrives.",
  target: "notification",
  undo: "What was sent out cannot be called back.",
});

export const deleteRepositoryNotification = defineOperation({
  operationId: "deleteRepoNotification",
  name: "delete_repository_notification",
  title: "Delete repository notification",
  description:
    "Delete a notification with its URL or token; create_repository_notification sets one up anew.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/notification/{uuid}",
  access: "destructive",
  scopes: ["repo:admin"],
  params: { repository: Repository, uuid: Uuid },
  target: "notification",
  undo: [
    {
      tool: "create_repository_notification",
      with: {
        repository: "given.repository",
        event: "now.event",
        method: "now.method",
        config: "now.config",
        eventConfig: "now.eventConfig",
        title: "now.title",
      },
    },
    {
      tool: "create_repository_notification",
      with: {
        repository: "given.repository",
        event: "now.event",
        method: "now.method",
        config: "now.config",
        eventConfig: "now.eventConfig",
      },
    },
    "create_repository_notification sets one up anew, but Quay shows its address or token to nobody.",
  ],
});
