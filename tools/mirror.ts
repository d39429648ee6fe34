import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { MirrorTime, RegistryProxy, Repository, RobotUsername, TextOrNone } from "./parameters.ts";

const externalReference = z.string().describe("quay.io/minio/mc");
const seconds = z.int().min(0).describe("seconds");
const rootRule = z.strictObject({
  rule_kind: z.enum(["tag_glob_csv"]),
  rule_value: z.array(z.string()).min(1).describe("tag globs"),
});
const externalRegistryConfig = z.strictObject({
  verify_tls: z.boolean().optional(),
  unsigned_images: z.boolean().describe("allow them").optional(),
  proxy: RegistryProxy.optional(),
});
const skopeoTimeout = z.int().min(300).describe("seconds, from 300");
const architectureFilter = z
  .array(z.enum(["amd64", "arm64", "ppc64le", "s390x"]))
  .describe("[] for all")
  .optional();

export const getRepositoryMirror = defineOperation({
  operationId: "getRepoMirrorConfig",
  name: "get_repository_mirror",
  title: "Get repository mirror",
  description:
    "Get a repository's mirror configuration and the state of its last sync; 404 if it is not a mirror.",
  method: "GET",
  path: "/api/v1/repository/{repository}/mirror",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
});

export const createRepositoryMirror = defineOperation({
  operationId: "createRepoMirrorConfig",
  name: "create_repository_mirror",
  title: "Create repository mirror",
  description:
    "Make a repository a mirror until change_repository_state: pushes stop, syncs delete tags missing at the source, the robot may write.",
  method: "POST",
  path: "/api/v1/repository/{repository}/mirror",
  access: "destructive",
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
  body: {
    external_reference: externalReference,
    root_rule: rootRule,
    // The handler fails without it, although its schema does not ask for it.
    robot_username: RobotUsername,
    sync_start_date: MirrorTime,
    sync_interval: seconds,
    skopeo_timeout_interval: skopeoTimeout,
    is_enabled: z.boolean().optional(),
    external_registry_username: z.string().optional(),
    external_registry_password: z.string().optional(),
    external_registry_config: externalRegistryConfig.optional(),
    architecture_filter: architectureFilter,
  },
  openWorld: true,
  target: "mirror",
  creates: true,
  undo: [
    {
      tool: "change_repository_state",
      with: { repository: "given.repository", state: "now.repository_state" },
      when: ["now.absent"],
    },
  ],
  secretArguments: ["external_registry_password"],
});

export const updateRepositoryMirror = defineOperation({
  operationId: "changeRepoMirrorConfig",
  name: "update_repository_mirror",
  title: "Update repository mirror",
  description:
    "Change, pause or redirect a repository's mirror; what is left out stays. A password needs the username beside it.",
  method: "PUT",
  path: "/api/v1/repository/{repository}/mirror",
  access: "destructive",
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
  body: {
    external_reference: externalReference.optional(),
    root_rule: rootRule.optional(),
    robot_username: RobotUsername.optional(),
    sync_start_date: MirrorTime.optional(),
    sync_interval: seconds.optional(),
    skopeo_timeout_interval: skopeoTimeout.optional(),
    is_enabled: z.boolean().optional(),
    external_registry_username: TextOrNone.optional(),
    external_registry_password: TextOrNone.optional(),
    external_registry_config: externalRegistryConfig.optional(),
    architecture_filter: architectureFilter,
  },
  openWorld: true,
  target: "mirror",
  undo: [
    {
      tool: "update_repository_mirror",
      with: { repository: "given.repository" },
      restores: [
        "external_reference",
        "root_rule",
        "robot_username",
        "sync_start_date",
        "sync_interval",
        "skopeo_timeout_interval",
        "is_enabled",
        "external_registry_username",
        "external_registry_password",
        "external_registry_config",
        "architecture_filter",
      ],
    },
    "Quay does not show the password that it had before.",
  ],
  secretArguments: ["external_registry_password"],
});

export const cancelRepositoryMirrorSync = defineOperation({
  operationId: "syncCancel",
  name: "cancel_repository_mirror_sync",
  title: "Cancel repository mirror sync",
  description:
    "Cancel a repository's running or queued mirror sync; 404 if there is none. sync_repository_mirror restarts.",
  method: "POST",
  path: "/api/v1/repository/{repository}/mirror/sync-cancel",
  access: "destructive",
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
  target: "mirror",
  undo: [{ tool: "sync_repository_mirror", with: { repository: "given.repository" } }],
});

export const syncRepositoryMirror = defineOperation({
  operationId: "syncNow",
  name: "sync_repository_mirror",
  title: "Sync repository mirror",
  description:
    "Sync a mirrored repository now instead of at its interval; tags missing at the source are deleted.",
  method: "POST",
  path: "/api/v1/repository/{repository}/mirror/sync-now",
  access: "destructive",
  everyday: true,
  scopes: ["repo:admin"],
  features: ["REPO_MIRROR"],
  params: { repository: Repository },
  openWorld: true,
  silent: "The sync is queued, not done: get_repository_mirror shows its sync_status.",
  target: "mirror",
  undo: "Tags that the sync moves or deletes must be restored one by one, with restore_tag.",
});
