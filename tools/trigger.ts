import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { JsonObject, Repository, RobotUsername, Uuid } from "./parameters.ts";
import { buildSecrets, triggerSecrets } from "./secrets.ts";

const trigger = { repository: Repository, trigger_uuid: Uuid };

export const listBuildTriggers = defineOperation({
  operationId: "listBuildTriggers",
  name: "list_build_triggers",
  title: "List build triggers",
  description:
    "List what starts a repository's builds: service, source, configuration, whether active and enabled.",
  method: "GET",
  path: "/api/v1/repository/{repository}/trigger/",
  access: "read",
  scopes: ["repo:admin"],
  params: { repository: Repository },
  secrets: triggerSecrets("triggers.*."),
});

export const deleteBuildTrigger = defineOperation({
  operationId: "deleteBuildTrigger",
  name: "delete_build_trigger",
  title: "Delete build trigger",
  description:
    "Delete a build trigger; a new one takes a person in Quay's web interface. update_build_trigger only disables it.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}",
  access: "destructive",
  scopes: ["repo:admin"],
  params: trigger,
  target: "trigger",
  undo: "A new trigger takes a person in the web interface of Quay.",
});

export const getBuildTrigger = defineOperation({
  operationId: "getBuildTrigger",
  name: "get_build_trigger",
  title: "Get build trigger",
  description: "Get one build trigger with its configuration and pull robot.",
  method: "GET",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}",
  access: "read",
  scopes: ["repo:admin"],
  params: trigger,
  secrets: triggerSecrets(),
});

export const updateBuildTrigger = defineOperation({
  operationId: "updateBuildTrigger",
  name: "update_build_trigger",
  title: "Enable or disable build trigger",
  description: "Enable or disable an active build trigger.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}",
  access: "write",
  escalates: { when: "enabled is false", if: [{ argument: "enabled", is: false }] },
  scopes: ["repo:admin"],
  params: trigger,
  body: { enabled: z.boolean() },
  secrets: triggerSecrets(),
  target: "trigger",
  undo: [
    {
      tool: "update_build_trigger",
      with: { repository: "given.repository", trigger_uuid: "given.trigger_uuid", enabled: "now.enabled" },
    },
  ],
});

export const activateBuildTrigger = defineOperation({
  operationId: "activateBuildTrigger",
  name: "activate_build_trigger",
  title: "Activate build trigger",
  description:
    "Complete a trigger that was begun in Quay's web interface: set what it builds and install its webhook.",
  method: "POST",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}/activate",
  access: "write",
  escalates: { when: "pull_robot is given", if: [{ argument: "pull_robot", given: true }] },
  scopes: ["repo:admin"],
  params: trigger,
  body: {
    config: JsonObject.describe("build_source, dockerfile_path, context, …"),
    pull_robot: RobotUsername.optional(),
  },
  secrets: triggerSecrets(),
  openWorld: true,
  target: "trigger",
  undo: "delete_build_trigger ends the trigger as a whole; nothing makes it inactive again.",
});

export const listBuildTriggerBuilds = defineOperation({
  operationId: "listTriggerRecentBuilds",
  name: "list_build_trigger_builds",
  title: "List builds of trigger",
  description:
    "List the latest builds that a trigger started. list_builds lists those of the whole repository.",
  method: "GET",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}/builds",
  access: "read",
  scopes: ["repo:admin"],
  params: trigger,
  query: { limit: z.int().min(1).describe("default 5").optional() },
  paging: "limit",
  secrets: buildSecrets("builds.*."),
});

export const startBuildTrigger = defineOperation({
  operationId: "manuallyStartBuildTrigger",
  name: "start_build_trigger",
  title: "Start build from trigger",
  description:
    "Build now from a trigger's source; its tags may move. Without refs the default branch; custom git needs commit_sha.",
  method: "POST",
  path: "/api/v1/repository/{repository}/trigger/{trigger_uuid}/start",
  access: "write",
  escalates: { when: "the build would move an existing tag", if: [{ now: "moves_tag", is: true }] },
  scopes: ["repo:admin"],
  params: trigger,
  body: {
    branch_name: z.string().optional(),
    commit_sha: z.string().optional(),
    refs: z.strictObject({ kind: z.enum(["branch", "tag"]), name: z.string() }).optional(),
  },
  secrets: buildSecrets(),
  openWorld: true,
  target: "trigger",
  undo: [{ tool: "cancel_build", with: { repository: "given.repository", build_uuid: "answer.id" } }],
});
