import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { MirrorTime, Name, Page, RegistryProxy, RobotUsername, TextOrNone } from "./parameters.ts";

const namespace = z.string().min(1).max(255);
const visibility = z.enum(["public", "private"]);
const syncInterval = z.int().min(60).describe("seconds, from 60");
const skopeoTimeout = z.int().min(30).max(3600).describe("seconds, from 30").optional();
const repositoryFilters = z.array(z.string()).describe("name globs").optional();
const externalRegistryConfig = z.strictObject({
  verify_tls: z.boolean().optional(),
  proxy: RegistryProxy.optional(),
});

export const getOrganizationMirror = defineOperation({
  operationId: "getOrgMirrorConfig",
  name: "get_organization_mirror",
  title: "Get organization mirror",
  description:
    "Get an organization's mirror configuration, its sync state and how many repositories are in which state.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/mirror",
  access: "read",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
});

export const createOrganizationMirror = defineOperation({
  operationId: "createOrgMirrorConfig",
  name: "create_organization_mirror",
  title: "Create organization mirror",
  description:
    "Mirror a whole namespace of another registry into an organization; its mirrored repositories take no pushes.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/mirror",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  body: {
    external_registry_type: z.enum(["harbor", "quay"]),
    external_registry_url: z.string(),
    external_namespace: namespace,
    robot_username: RobotUsername,
    visibility,
    sync_interval: syncInterval,
    sync_start_date: MirrorTime,
    is_enabled: z.boolean().optional(),
    external_registry_username: z.string().optional(),
    external_registry_password: z.string().optional(),
    external_registry_config: externalRegistryConfig.optional(),
    repository_filters: repositoryFilters,
    skopeo_timeout: skopeoTimeout,
  },
  openWorld: true,
  target: "organization-mirror",
  creates: true,
  undo: [{ tool: "delete_organization_mirror", with: { orgname: "given.orgname" }, when: ["now.absent"] }],
  reachesRepositories: true,
  secretArguments: ["external_registry_password"],
});

export const updateOrganizationMirror = defineOperation({
  operationId: "updateOrgMirrorConfig",
  name: "update_organization_mirror",
  title: "Update organization mirror",
  description:
    "Change, pause or redirect an organization's mirror; what is left out stays, but external_registry_config is replaced whole.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/mirror",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  body: {
    external_registry_url: z.string().optional(),
    external_namespace: namespace.optional(),
    robot_username: RobotUsername.optional(),
    visibility: visibility.optional(),
    sync_interval: syncInterval.optional(),
    sync_start_date: MirrorTime.optional(),
    is_enabled: z.boolean().optional(),
    external_registry_username: TextOrNone.optional(),
    external_registry_password: TextOrNone.optional(),
    external_registry_config: externalRegistryConfig.optional(),
    repository_filters: repositoryFilters,
    skopeo_timeout: skopeoTimeout,
  },
  openWorld: true,
  target: "organization-mirror",
  undo: [
    {
      tool: "update_organization_mirror",
      with: { orgname: "given.orgname" },
      restores: [
        "external_registry_url",
        "external_namespace",
        "robot_username",
        "visibility",
        "sync_interval",
        "sync_start_date",
        "is_enabled",
        "external_registry_username",
        "external_registry_password",
        "external_registry_config",
        "repository_filters",
        "skopeo_timeout",
      ],
    },
    "Quay does not show the password that it had before.",
  ],
  reachesRepositories: true,
  secretArguments: ["external_registry_password"],
});

export const deleteOrganizationMirror = defineOperation({
  operationId: "deleteOrgMirrorConfig",
  name: "delete_organization_mirror",
  title: "Delete organization mirror",
  description:
    "Delete an organization's mirror configuration with its stored password; mirrored repositories stay and take pushes again.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/mirror",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  target: "organization-mirror",
  undo: "create_organization_mirror sets it up anew only in an organization without repositories.",
  reachesRepositories: true,
});

export const listOrganizationMirrorRepositories = defineOperation({
  operationId: "listOrgMirrorRepositories",
  name: "list_organization_mirror_repositories",
  title: "List organization mirror repositories",
  description:
    "List the repositories that an organization's mirror found at its source, with their sync state.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/mirror/repositories",
  access: "read",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  query: {
    status: z.enum(["CANCEL", "FAIL", "NEVER_RUN", "SUCCESS", "SYNCING", "SYNC_NOW", "SKIP"]).optional(),
    page: Page.optional(),
    limit: z.int().min(1).max(500).optional(),
  },
  paging: "page",
});

export const syncOrganizationMirror = defineOperation({
  operationId: "syncOrgMirrorNow",
  name: "sync_organization_mirror",
  title: "Sync organization mirror",
  description:
    "Look for repositories at an organization's mirror source and sync all now; tags missing at the source are deleted.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/mirror/sync-now",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  openWorld: true,
  silent: "The sync is queued, not done: get_organization_mirror shows its sync_status.",
  target: "organization-mirror",
  undo: "Tags that the sync moves or deletes must be restored one by one, with restore_tag.",
  reachesRepositories: true,
});

export const cancelOrganizationMirrorSync = defineOperation({
  operationId: "cancelOrgMirrorSync",
  name: "cancel_organization_mirror_sync",
  title: "Cancel organization mirror sync",
  description:
    "Cancel an organization's running or queued mirror sync. sync_organization_mirror restarts it.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/mirror/sync-cancel",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  target: "organization-mirror",
  undo: [{ tool: "sync_organization_mirror", with: { orgname: "given.orgname" } }],
});

export const verifyOrganizationMirror = defineOperation({
  operationId: "verifyOrgMirrorConnection",
  name: "verify_organization_mirror",
  title: "Verify organization mirror",
  description:
    "Test whether an organization's stored mirror configuration reaches its source; success tells, nothing is synced.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/mirror/verify",
  access: "write",
  scopes: ["org:admin"],
  features: ["ORG_MIRROR"],
  params: { orgname: Name },
  openWorld: true,
  target: "organization-mirror",
  undo: "It changes nothing.",
});
