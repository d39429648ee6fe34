import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { whenQuotaFalls } from "./escalations.ts";
import {
  EpochTimeOrNever,
  JsonObject,
  LogDate,
  Name,
  NextPage,
  NumericId,
  QuotaBytes,
  QuotaSize,
  Uuid,
} from "./parameters.ts";
import { buildSecrets } from "./secrets.ts";

const scopes = ["super:user"] as const;
const features = ["SUPER_USERS"];
const quotaFeatures = [...features, "QUOTA_MANAGEMENT", "EDIT_QUOTA"];

const namespace = { namespace: Name };
const quota = { namespace: Name, quota_id: NumericId };
const quotaSize = { limit_bytes: QuotaBytes.optional(), limit: QuotaSize.optional() };

/** Quay lists everything at once unless it is told how much makes a page. */
const paged = {
  limit: z.int().min(1).max(100).describe("default all").optional(),
  next_page: NextPage.optional(),
};

/**
 * Texts and lists of the configuration that are never credentials. Quay itself masks a few names only, so all others
 * stay hidden; switches and numbers are shown.
 */
const harmlessSettings = [
  "ACTION_LOG_ROTATION_THRESHOLD",
  "AUTHENTICATION_TYPE",
  "DEFAULT_NAMESPACE_AUTOPRUNE_POLICY",
  "DEFAULT_TAG_EXPIRATION",
  "FRESH_LOGIN_TIMEOUT",
  "GLOBAL_READONLY_SUPER_USERS",
  "LOGS_MODEL",
  "MAXIMUM_LAYER_SIZE",
  "PREFERRED_URL_SCHEME",
  "PUBLIC_NAMESPACES",
  "REGISTRY_STATE",
  "REGISTRY_TITLE",
  "REGISTRY_TITLE_SHORT",
  "RESTRICTED_USERS_WHITELIST",
  "ROBOTS_WHITELIST",
  "SERVER_HOSTNAME",
  "SUPER_USERS",
  "TAG_EXPIRATION_OPTIONS",
  "TEAM_RESYNC_STALE_TIME",
];

export const superuserApproveServiceKey = defineOperation({
  operationId: "approveServiceKey",
  name: "superuser_approve_service_key",
  title: "Approve service key",
  description: "Approve a pending service key: whoever holds it may then act as that service.",
  method: "POST",
  path: "/api/v1/superuser/approvedkeys/{kid}",
  access: "destructive",
  scopes,
  features,
  params: { kid: Name },
  body: { notes: z.string().optional() },
  silent: "Quay answers the same when the key had been approved before.",
  target: "service-key",
  undo: "Nothing takes an approval back; superuser_delete_service_key ends the key.",
});

export const superuserGetConfig = defineOperation({
  operationId: "getConfigDump",
  name: "superuser_get_config",
  title: "Get configuration",
  description: "Get Quay's running configuration, with all but known harmless values hidden. Large.",
  method: "GET",
  path: "/api/v1/superuser/config",
  access: "read",
  scopes,
  features: [...features, "SUPERUSER_CONFIGDUMP"],
  secrets: ["env.*", { path: "config.*", except: harmlessSettings }],
});

export const superuserListServiceKeys = defineOperation({
  operationId: "listServiceKeys",
  name: "superuser_list_service_keys",
  title: "List service keys",
  description: "List the keys by which Quay's services trust each other, also pending and expired ones.",
  method: "GET",
  path: "/api/v1/superuser/keys",
  access: "read",
  scopes,
  features,
});

export const superuserCreateServiceKey = defineOperation({
  operationId: "createServiceKey",
  name: "superuser_create_service_key",
  title: "Create service key",
  description: "Create a service key, approved at once; its private key is shown only now.",
  method: "POST",
  path: "/api/v1/superuser/keys",
  access: "destructive",
  scopes,
  features,
  body: {
    service: Name,
    expiration: EpochTimeOrNever,
    name: z.string().optional(),
    notes: z.string().optional(),
    metadata: JsonObject.optional(),
  },
  yieldsCredential: true,
  target: "service-key",
  creates: true,
  undo: [{ tool: "superuser_delete_service_key", with: { kid: "answer.kid" } }],
});

export const superuserDeleteServiceKey = defineOperation({
  operationId: "deleteServiceKey",
  name: "superuser_delete_service_key",
  title: "Delete service key",
  description: "Delete a service key, for good; the service that uses it is no longer trusted.",
  method: "DELETE",
  path: "/api/v1/superuser/keys/{kid}",
  access: "destructive",
  irreversible: true,
  scopes,
  features,
  params: { kid: Name },
  target: "service-key",
  undo: "Nothing brings back a service key.",
});

export const superuserGetServiceKey = defineOperation({
  operationId: "getServiceKey",
  name: "superuser_get_service_key",
  title: "Get service key",
  description: "Get one service key: service, approval, expiration and public key.",
  method: "GET",
  path: "/api/v1/superuser/keys/{kid}",
  access: "read",
  scopes,
  features,
  params: { kid: Name },
});

export const superuserUpdateServiceKey = defineOperation({
  operationId: "updateServiceKey",
  name: "superuser_update_service_key",
  title: "Update service key",
  description:
    "Change a service key's name, metadata or expiration, after which its service fails. With metadata also send name.",
  method: "PUT",
  path: "/api/v1/superuser/keys/{kid}",
  access: "destructive",
  scopes,
  features,
  params: { kid: Name },
  body: {
    name: z.string().optional(),
    metadata: JsonObject.optional(),
    expiration: EpochTimeOrNever.optional(),
  },
  target: "service-key",
  undo: [
    {
      tool: "superuser_update_service_key",
      with: { kid: "given.kid", name: "now.name" },
      restores: ["metadata", "expiration"],
      when: ["given.metadata"],
    },
    { tool: "superuser_update_service_key", with: { kid: "given.kid" }, restores: ["name", "expiration"] },
    "Metadata that were empty cannot be emptied again.",
  ],
});

export const superuserListLogs = defineOperation({
  operationId: "listAllLogs",
  name: "superuser_list_logs",
  title: "List all logs",
  description: "List who did what in the whole registry, newest first; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/superuser/logs",
  access: "read",
  scopes,
  features,
  query: { starttime: LogDate.optional(), endtime: LogDate.optional(), next_page: NextPage.optional() },
  paging: "next_page",
});

export const superuserListOrganizationQuotas = defineOperation({
  operationId: "listUserQuotaSuperUser",
  name: "superuser_list_organization_quotas",
  title: "List organization quotas as superuser",
  description: "List the storage quota (at most one) of any organization with its limits.",
  method: "GET",
  path: "/api/v1/superuser/organization/{namespace}/quota",
  access: "read",
  scopes,
  features: quotaFeatures,
  params: namespace,
});

export const superuserCreateOrganizationQuota = defineOperation({
  operationId: "createUserQuotaSuperUser",
  name: "superuser_create_organization_quota",
  title: "Create organization quota as superuser",
  description: "Give any organization a storage quota: limit_bytes or limit. Refused if there is one.",
  method: "POST",
  path: "/api/v1/superuser/organization/{namespace}/quota",
  access: "write",
  scopes,
  features: quotaFeatures,
  params: namespace,
  body: quotaSize,
  silent: "Quay does not tell the new quota's id: superuser_list_organization_quotas shows it.",
  target: "quota",
  creates: true,
  undo: "superuser_delete_organization_quota takes it back, with the id that superuser_list_organization_quotas shows.",
});

export const superuserDeleteOrganizationQuota = defineOperation({
  operationId: "deleteUserQuotaSuperUser",
  name: "superuser_delete_organization_quota",
  title: "Delete organization quota as superuser",
  description:
    "Delete an organization's storage quota and all its limits. superuser_create_organization_quota sets a new one.",
  method: "DELETE",
  path: "/api/v1/superuser/organization/{namespace}/quota/{quota_id}",
  access: "destructive",
  scopes,
  features: quotaFeatures,
  params: quota,
  target: "quota",
  undo: [
    {
      tool: "superuser_create_organization_quota",
      with: { namespace: "given.namespace", limit_bytes: "now.limit_bytes" },
      when: ["now.without_limits"],
    },
    "superuser_create_organization_quota sets the size anew, but its limits must be created again one by one.",
  ],
});

export const superuserUpdateOrganizationQuota = defineOperation({
  operationId: "changeUserQuotaSuperUser",
  name: "superuser_update_organization_quota",
  title: "Update organization quota as superuser",
  description: "Resize an organization's storage quota: limit_bytes or limit.",
  method: "PUT",
  path: "/api/v1/superuser/organization/{namespace}/quota/{quota_id}",
  access: "write",
  escalates: whenQuotaFalls,
  scopes,
  features: quotaFeatures,
  params: quota,
  body: quotaSize,
  target: "quota",
  undo: [
    {
      tool: "superuser_update_organization_quota",
      with: { namespace: "given.namespace", quota_id: "given.quota_id", limit_bytes: "now.limit_bytes" },
    },
  ],
});

export const superuserListUserQuotas = defineOperation({
  operationId: "listOrganizationQuotaSuperUser",
  name: "superuser_list_user_quotas",
  title: "List user quotas as superuser",
  description: "List the storage quota (at most one) of any user with its limits.",
  method: "GET",
  path: "/api/v1/superuser/users/{namespace}/quota",
  access: "read",
  scopes,
  features: quotaFeatures,
  params: namespace,
});

export const superuserCreateUserQuota = defineOperation({
  operationId: "createOrganizationQuotaSuperUser",
  name: "superuser_create_user_quota",
  title: "Create user quota as superuser",
  description: "Give any user a storage quota: limit_bytes or limit. Refused if there is one.",
  method: "POST",
  path: "/api/v1/superuser/users/{namespace}/quota",
  access: "write",
  scopes,
  features: quotaFeatures,
  params: namespace,
  body: quotaSize,
  silent: "Quay does not tell the new quota's id: superuser_list_user_quotas shows it.",
  target: "quota",
  creates: true,
  undo: "superuser_delete_user_quota takes it back, with the id that superuser_list_user_quotas shows.",
});

export const superuserDeleteUserQuota = defineOperation({
  operationId: "deleteOrganizationQuotaSuperUser",
  name: "superuser_delete_user_quota",
  title: "Delete user quota as superuser",
  description:
    "Delete a user's storage quota and all its limits. superuser_create_user_quota sets a new one.",
  method: "DELETE",
  path: "/api/v1/superuser/users/{namespace}/quota/{quota_id}",
  access: "destructive",
  scopes,
  features: quotaFeatures,
  params: quota,
  target: "quota",
  undo: [
    {
      tool: "superuser_create_user_quota",
      with: { namespace: "given.namespace", limit_bytes: "now.limit_bytes" },
      when: ["now.without_limits"],
    },
    "superuser_create_user_quota sets the size anew, but its limits must be created again one by one.",
  ],
});

export const superuserUpdateUserQuota = defineOperation({
  operationId: "changeOrganizationQuotaSuperUser",
  name: "superuser_update_user_quota",
  title: "Update user quota as superuser",
  description: "Resize a user's storage quota: limit_bytes or limit.",
  method: "PUT",
  path: "/api/v1/superuser/users/{namespace}/quota/{quota_id}",
  access: "write",
  escalates: whenQuotaFalls,
  scopes,
  features: quotaFeatures,
  params: quota,
  body: quotaSize,
  target: "quota",
  undo: [
    {
      tool: "superuser_update_user_quota",
      with: { namespace: "given.namespace", quota_id: "given.quota_id", limit_bytes: "now.limit_bytes" },
    },
  ],
});

export const superuserListOrganizations = defineOperation({
  operationId: "listAllOrganizations",
  name: "superuser_list_organizations",
  title: "List all organizations",
  description: "List every organization of the registry with e-mail and quota.",
  method: "GET",
  path: "/api/v1/superuser/organizations/",
  access: "read",
  scopes,
  features,
  query: paged,
  paging: "next_page",
});

export const superuserDeleteOrganization = defineOperation({
  operationId: "deleteOrganization",
  name: "superuser_delete_organization",
  title: "Delete any organization",
  description: "Delete any organization with all its repositories, teams and robots, for good.",
  method: "DELETE",
  path: "/api/v1/superuser/organizations/{name}",
  access: "destructive",
  irreversible: true,
  scopes,
  features,
  params: { name: Name },
  target: "organization",
  undo: "Nothing brings back an organization.",
  reachesRepositories: true,
});

export const superuserRenameOrganization = defineOperation({
  operationId: "changeOrganization",
  name: "superuser_rename_organization",
  title: "Rename organization",
  description: "Rename any organization; all pulls by the old name break until it is renamed back.",
  method: "PUT",
  path: "/api/v1/superuser/organizations/{name}",
  access: "destructive",
  scopes,
  features,
  params: { name: Name },
  body: { new_name: Name },
  target: "organization",
  undo: [{ tool: "superuser_rename_organization", with: { name: "given.new_name", new_name: "given.name" } }],
  reachesRepositories: true,
});

export const superuserGetRegistrySize = defineOperation({
  operationId: "getRegistrySize",
  name: "superuser_get_registry_size",
  title: "Get registry size",
  description: "Get the registry's total size as last calculated, and whether a calculation runs.",
  method: "GET",
  path: "/api/v1/superuser/registrysize/",
  access: "read",
  scopes,
  features,
});

export const superuserCalculateRegistrySize = defineOperation({
  operationId: "postRegistrySize",
  name: "superuser_calculate_registry_size",
  title: "Calculate registry size",
  description: "Queue a calculation of the registry's size; superuser_get_registry_size shows the result.",
  method: "POST",
  path: "/api/v1/superuser/registrysize/",
  access: "write",
  scopes,
  features,
  target: "registry",
  undo: "It changes nothing but what superuser_get_registry_size tells.",
});

export const superuserTakeOwnership = defineOperation({
  operationId: "takeOwnership",
  name: "superuser_take_ownership",
  title: "Take ownership",
  description:
    "Become owner of an organization. A user becomes an organization that can no longer log in, for good.",
  method: "POST",
  path: "/api/v1/superuser/takeownership/{namespace}",
  access: "destructive",
  irreversible: true,
  scopes,
  features,
  params: namespace,
  target: "organization",
  undo: "remove_team_member takes you out of the owners again; a user that became an organization stays one.",
  reachesRepositories: true,
});

export const superuserListUsers = defineOperation({
  operationId: "listAllUsers",
  name: "superuser_list_users",
  title: "List all users",
  description: "List every user of the registry, with e-mail, quota and whether enabled.",
  method: "GET",
  path: "/api/v1/superuser/users/",
  access: "read",
  scopes,
  features,
  query: { disabled: z.boolean().describe("default true").optional(), ...paged },
  paging: "next_page",
});

export const superuserCreateUser = defineOperation({
  operationId: "createInstallUser",
  name: "superuser_create_user",
  title: "Create user",
  description: "Create a user with a generated password, shown only now. E-mail may be required.",
  method: "POST",
  path: "/api/v1/superuser/users/",
  access: "write",
  scopes,
  features,
  body: { username: Name, email: z.string().optional() },
  yieldsCredential: true,
  target: "user",
  creates: true,
  undo: [{ tool: "superuser_delete_user", with: { username: "given.username" }, when: ["now.absent"] }],
});

export const superuserDeleteUser = defineOperation({
  operationId: "deleteInstallUser",
  name: "superuser_delete_user",
  title: "Delete user",
  description:
    "Delete a user with all repositories and robots, for good; superusers are refused. enabled: false in superuser_update_user only locks.",
  method: "DELETE",
  path: "/api/v1/superuser/users/{username}",
  access: "destructive",
  irreversible: true,
  scopes,
  features,
  params: { username: Name },
  target: "user",
  undo: "Nothing brings back a user.",
  reachesRepositories: true,
});

export const superuserUpdateUser = defineOperation({
  operationId: "changeInstallUser",
  name: "superuser_update_user",
  title: "Update user",
  description:
    "Reset a user's password, change the e-mail, or lock the account; not of superusers. The answer shows enabled as it was.",
  method: "PUT",
  path: "/api/v1/superuser/users/{username}",
  access: "destructive",
  scopes,
  features,
  params: { username: Name },
  body: {
    password: z.string().optional(),
    email: z.string().optional(),
    enabled: z.boolean().describe("false locks").optional(),
  },
  target: "user",
  reachesRepositories: ["password", "email", "enabled"],
  undo: [
    {
      tool: "superuser_update_user",
      with: { username: "given.username" },
      restores: ["email", "enabled", "password"],
    },
    "Quay does not show what it was before.",
  ],
  secretArguments: ["password"],
});

export const superuserGetBuild = defineOperation({
  operationId: "getRepoBuildSuperUser",
  name: "superuser_get_build",
  title: "Get any build",
  description: "Get any repository's build by its uuid alone; otherwise as get_build.",
  method: "GET",
  path: "/api/v1/superuser/{build_uuid}/build",
  access: "read",
  scopes,
  features,
  params: { build_uuid: Uuid },
  secrets: buildSecrets(),
});

export const superuserGetBuildLogs = defineOperation({
  operationId: "getRepoBuildLogsSuperUser",
  name: "superuser_get_build_logs",
  title: "Get any build's logs",
  description: "Get the log lines of any repository's build from start on. Archived logs are not shown.",
  method: "GET",
  path: "/api/v1/superuser/{build_uuid}/logs",
  access: "read",
  scopes,
  features,
  params: { build_uuid: Uuid },
  query: { start: z.int().min(0).describe("index of the first line").optional() },
  paging: "start",
  secrets: ["logs_url"],
});

export const superuserGetBuildStatus = defineOperation({
  operationId: "getRepoBuildStatusSuperUser",
  name: "superuser_get_build_status",
  title: "Get any build's status",
  description:
    "Get the phase and progress of any repository's build; Quay answers as for superuser_get_build.",
  method: "GET",
  path: "/api/v1/superuser/{build_uuid}/status",
  access: "read",
  scopes,
  features,
  params: { build_uuid: Uuid },
  secrets: buildSecrets(),
});
