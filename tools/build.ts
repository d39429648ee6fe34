import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { EpochTime, Repository, RobotUsername, Uuid } from "./parameters.ts";
import { buildSecrets } from "./secrets.ts";

export const listBuilds = defineOperation({
  operationId: "getRepoBuilds",
  name: "list_builds",
  title: "List builds",
  description: "List a repository's latest image builds with phase, trigger and tags, newest first.",
  method: "GET",
  path: "/api/v1/repository/{repository}/build/",
  access: "read",
  everyday: true,
  scopes: ["repo:read"],
  params: { repository: Repository },
  query: {
    limit: z.int().min(1).describe("default 5").optional(),
    since: EpochTime.optional(),
  },
  paging: "limit",
  secrets: buildSecrets("builds.*."),
});

export const requestBuild = defineOperation({
  operationId: "requestRepoBuild",
  name: "request_build",
  title: "Request build",
  description:
    "Build an image from archive_url or file_id and push it to docker_tags; start_build_trigger builds a configured source.",
  method: "POST",
  path: "/api/v1/repository/{repository}/build/",
  access: "write",
  escalates: {
    when: "a docker_tag exists already, the host of archive_url is new, or pull_robot is given",
    if: [
      { argument: "docker_tags", among: "tags" },
      { argument: "archive_url", newHost: true },
      { argument: "pull_robot", given: true },
    ],
  },
  scopes: ["repo:write"],
  params: { repository: Repository },
  body: {
    archive_url: z.string().describe("http(s) URL of a .tar.gz").optional(),
    file_id: z.string().optional(),
    subdirectory: z.string().describe("or dockerfile_path").optional(),
    dockerfile_path: z.string().optional(),
    context: z.string().optional(),
    pull_robot: RobotUsername.optional(),
    docker_tags: z.array(z.string()).min(1).describe("default latest").optional(),
  },
  secrets: buildSecrets(),
  openWorld: true,
  target: "build",
  creates: true,
  undo: [{ tool: "cancel_build", with: { repository: "given.repository", build_uuid: "answer.id" } }],
});

export const cancelBuild = defineOperation({
  operationId: "cancelRepoBuild",
  name: "cancel_build",
  title: "Cancel build",
  description:
    "Cancel a waiting build and drop it; one that runs or has ended is refused. request_build starts a new one.",
  method: "DELETE",
  path: "/api/v1/repository/{repository}/build/{build_uuid}",
  access: "destructive",
  scopes: ["repo:admin"],
  params: { repository: Repository, build_uuid: Uuid },
  target: "build",
  undo: "The build is gone; request_build or start_build_trigger starts another.",
});

export const getBuild = defineOperation({
  operationId: "getRepoBuild",
  name: "get_build",
  title: "Get build",
  description: "Get one build of a repository: phase, error, trigger, tags and source.",
  method: "GET",
  path: "/api/v1/repository/{repository}/build/{build_uuid}",
  access: "read",
  scopes: ["repo:read"],
  params: { repository: Repository, build_uuid: Uuid },
  secrets: buildSecrets(),
});

export const getBuildLogs = defineOperation({
  operationId: "getRepoBuildLogs",
  name: "get_build_logs",
  title: "Get build logs",
  description:
    "Get a build's log lines from start on; mostly needs write permission. Archived logs are not shown.",
  method: "GET",
  path: "/api/v1/repository/{repository}/build/{build_uuid}/logs",
  access: "read",
  scopes: ["repo:read"],
  params: { repository: Repository, build_uuid: Uuid },
  query: { start: z.int().min(0).describe("index of the first line").optional() },
  paging: "start",
  secrets: ["logs_url"],
});

export const getBuildStatus = defineOperation({
  operationId: "getRepoBuildStatus",
  name: "get_build_status",
  title: "Get build status",
  description: "Get a build's current phase and progress; Quay answers the same as for get_build.",
  method: "GET",
  path: "/api/v1/repository/{repository}/build/{build_uuid}/status",
  access: "read",
  scopes: ["repo:read"],
  params: { repository: Repository, build_uuid: Uuid },
  secrets: buildSecrets(),
});
