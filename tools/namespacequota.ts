import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { whenQuotaFalls } from "./escalations.ts";
import { Name, NumericId, QuotaBytes, QuotaSize } from "./parameters.ts";

const features = ["SUPER_USERS", "QUOTA_MANAGEMENT", "EDIT_QUOTA"];

/** Members of the organization may read its quotas. */
const member = [{ anyOf: ["org:admin", "repo:create"] }] as const;

const limitType = z.enum(["Warning", "Reject"]);
const thresholdPercent = z.int().min(1).max(100);

export const listOrganizationQuotas = defineOperation({
  operationId: "listOrganizationQuota",
  name: "list_organization_quotas",
  title: "List organization quotas",
  description:
    "List an organization's storage quota (at most one) with its limits, or the registry's default.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/quota",
  access: "read",
  everyday: true,
  scopes: member,
  features,
  params: { orgname: Name },
});

export const createOrganizationQuota = defineOperation({
  operationId: "createOrganizationQuota",
  name: "create_organization_quota",
  title: "Create organization quota",
  description:
    "Give an organization a storage quota: limit_bytes or limit. Mostly forbidden; superuser_create_organization_quota works.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/quota",
  access: "write",
  scopes: ["super:user"],
  features,
  params: { orgname: Name },
  body: { limit_bytes: QuotaBytes.optional(), limit: QuotaSize.optional() },
  silent: "Quay does not tell the new quota's id: list_organization_quotas shows it.",
  target: "quota",
  creates: true,
  undo: "delete_organization_quota takes it back, with the id that list_organization_quotas shows.",
});

export const getOrganizationQuota = defineOperation({
  operationId: "getOrganizationQuota",
  name: "get_organization_quota",
  title: "Get organization quota",
  description: "Get one storage quota of an organization with its limits.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}",
  access: "read",
  scopes: member,
  features,
  params: { orgname: Name, quota_id: NumericId },
});

export const updateOrganizationQuota = defineOperation({
  operationId: "changeOrganizationQuota",
  name: "update_organization_quota",
  title: "Update organization quota",
  description:
    "Resize an organization's quota: limit_bytes or limit. Mostly forbidden; superuser_update_organization_quota works.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}",
  access: "write",
  escalates: whenQuotaFalls,
  scopes: ["super:user"],
  features,
  params: { orgname: Name, quota_id: NumericId },
  body: { limit_bytes: QuotaBytes.optional(), limit: QuotaSize.optional() },
  target: "quota",
  undo: [
    {
      tool: "update_organization_quota",
      with: { orgname: "given.orgname", quota_id: "given.quota_id", limit_bytes: "now.limit_bytes" },
    },
  ],
});

export const deleteOrganizationQuota = defineOperation({
  operationId: "deleteOrganizationQuota",
  name: "delete_organization_quota",
  title: "Delete organization quota",
  description:
    "Delete an organization's quota and all its limits. Mostly forbidden; superuser_delete_organization_quota works.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}",
  access: "destructive",
  scopes: ["super:user"],
  features,
  params: { orgname: Name, quota_id: NumericId },
  target: "quota",
  undo: [
    {
      tool: "create_organization_quota",
      with: { orgname: "given.orgname", limit_bytes: "now.limit_bytes" },
      when: ["now.without_limits"],
    },
    "create_organization_quota sets the size anew, but its limits must be created again one by one.",
  ],
});

export const listOrganizationQuotaLimits = defineOperation({
  operationId: "listOrganizationQuotaLimit",
  name: "list_organization_quota_limits",
  title: "List organization quota limits",
  description: "List at which percentages of an organization's quota Quay warns or rejects pushes.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}/limit",
  access: "read",
  scopes: member,
  features,
  params: { orgname: Name, quota_id: NumericId },
});

export const createOrganizationQuotaLimit = defineOperation({
  operationId: "createOrganizationQuotaLimit",
  name: "create_organization_quota_limit",
  title: "Create organization quota limit",
  description: "Warn, or reject pushes, once an organization has used threshold_percent of its quota.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}/limit",
  access: "write",
  escalates: { when: "type is Reject", if: [{ argument: "type", is: "Reject" }] },
  scopes: ["super:user"],
  features,
  params: { orgname: Name, quota_id: NumericId },
  body: { type: limitType, threshold_percent: thresholdPercent },
  silent: "Quay does not tell the new limit's id: list_organization_quota_limits shows it.",
  target: "quota-limit",
  creates: true,
  undo: "delete_organization_quota_limit takes it back, with the id that list_organization_quota_limits shows.",
});

export const getOrganizationQuotaLimit = defineOperation({
  operationId: "getOrganizationQuotaLimit",
  name: "get_organization_quota_limit",
  title: "Get organization quota limit",
  description: "Get one limit of an organization's quota: its type and percentage.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}",
  access: "read",
  scopes: member,
  features,
  params: { orgname: Name, quota_id: NumericId, limit_id: NumericId },
});

export const updateOrganizationQuotaLimit = defineOperation({
  operationId: "changeOrganizationQuotaLimit",
  name: "update_organization_quota_limit",
  title: "Update organization quota limit",
  description: "Change the type or percentage of an organization's quota limit.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}",
  access: "write",
  escalates: {
    when: "type becomes Reject or the threshold falls",
    if: [
      { argument: "type", is: "Reject", now: "type" },
      { argument: "threshold_percent", falls: "threshold_percent" },
    ],
  },
  scopes: ["super:user"],
  features,
  params: { orgname: Name, quota_id: NumericId, limit_id: NumericId },
  body: { type: limitType.optional(), threshold_percent: thresholdPercent.optional() },
  target: "quota-limit",
  undo: [
    {
      tool: "update_organization_quota_limit",
      with: { orgname: "given.orgname", quota_id: "given.quota_id", limit_id: "given.limit_id" },
      restores: ["type", "threshold_percent"],
    },
  ],
});

export const deleteOrganizationQuotaLimit = defineOperation({
  operationId: "deleteOrganizationQuotaLimit",
  name: "delete_organization_quota_limit",
  title: "Delete organization quota limit",
  description: "Delete a limit of an organization's quota. create_organization_quota_limit brings it back.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}",
  access: "destructive",
  scopes: ["super:user"],
  features,
  params: { orgname: Name, quota_id: NumericId, limit_id: NumericId },
  target: "quota-limit",
  undo: [
    {
      tool: "create_organization_quota_limit",
      with: {
        orgname: "given.orgname",
        quota_id: "given.quota_id",
        type: "now.type",
        threshold_percent: "now.threshold_percent",
      },
    },
  ],
});

export const listMyQuotas = defineOperation({
  operationId: "listUserQuota",
  name: "list_my_quotas",
  title: "List my quotas",
  description: "List the storage quota of your own namespace with its limits.",
  method: "GET",
  path: "/api/v1/user/quota",
  access: "read",
  scopes: ["user:admin"],
  features,
});

export const getMyQuota = defineOperation({
  operationId: "getUserQuota",
  name: "get_my_quota",
  title: "Get my quota",
  description: "Get one storage quota of your own namespace with its limits.",
  method: "GET",
  path: "/api/v1/user/quota/{quota_id}",
  access: "read",
  scopes: ["user:admin"],
  features,
  params: { quota_id: NumericId },
});

export const listMyQuotaLimits = defineOperation({
  operationId: "listUserQuotaLimit",
  name: "list_my_quota_limits",
  title: "List my quota limits",
  description: "List at which percentages of your own quota Quay warns or rejects pushes.",
  method: "GET",
  path: "/api/v1/user/quota/{quota_id}/limit",
  access: "read",
  scopes: ["user:admin"],
  features,
  params: { quota_id: NumericId },
});

export const getMyQuotaLimit = defineOperation({
  operationId: "getUserQuotaLimit",
  name: "get_my_quota_limit",
  title: "Get my quota limit",
  description: "Get one limit of your own quota; Quay answers the whole quota, with the limit under limits.",
  method: "GET",
  path: "/api/v1/user/quota/{quota_id}/limit/{limit_id}",
  access: "read",
  scopes: ["user:admin"],
  features,
  params: { quota_id: NumericId, limit_id: NumericId },
});
