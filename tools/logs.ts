import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { LogDate, Name, NextPage, Repository } from "./parameters.ts";

/** Both days are included. Without them Quay goes from yesterday to today. */
const days = { starttime: LogDate.optional(), endtime: LogDate.optional() };

const performer = Name.describe("username").optional();

const callback = {
  callback_url: z.string().optional(),
  callback_email: z.string().optional(),
};

export const aggregateOrganizationLogs = defineOperation({
  operationId: "getAggregateOrgLogs",
  name: "aggregate_organization_logs",
  title: "Count organization logs",
  description:
    "Count an organization's log entries by kind and day over at most a month; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/aggregatelogs",
  access: "read",
  scopes: ["org:admin"],
  features: ["AGGREGATED_LOG_COUNT_RETRIEVAL"],
  params: { orgname: Name },
  query: { ...days, performer },
});

export const exportOrganizationLogs = defineOperation({
  operationId: "exportOrgLogs",
  name: "export_organization_logs",
  title: "Export organization logs",
  description:
    "Send an organization's logs out: a link to them goes to callback_url or callback_email; give one.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/exportlogs",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["LOG_EXPORT"],
  params: { orgname: Name },
  query: days,
  body: callback,
  openWorld: true,
  target: "logs",
  undo: "What was sent out cannot be called back.",
});

export const listOrganizationLogs = defineOperation({
  operationId: "listOrgLogs",
  name: "list_organization_logs",
  title: "List organization logs",
  description:
    "List who did what in an organization and its repositories, newest first; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/logs",
  access: "read",
  everyday: true,
  scopes: ["org:admin"],
  params: { orgname: Name },
  query: { ...days, performer, next_page: NextPage.optional() },
  paging: "next_page",
});

export const aggregateRepositoryLogs = defineOperation({
  operationId: "getAggregateRepoLogs",
  name: "aggregate_repository_logs",
  title: "Count repository logs",
  description:
    "Count a repository's log entries by kind and day over at most a month; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/repository/{repository}/aggregatelogs",
  access: "read",
  scopes: ["repo:admin"],
  features: ["AGGREGATED_LOG_COUNT_RETRIEVAL"],
  params: { repository: Repository },
  query: days,
});

export const exportRepositoryLogs = defineOperation({
  operationId: "exportRepoLogs",
  name: "export_repository_logs",
  title: "Export repository logs",
  description:
    "Send a repository's logs out: a link to them goes to callback_url or callback_email; give one.",
  method: "POST",
  path: "/api/v1/repository/{repository}/exportlogs",
  access: "destructive",
  scopes: ["repo:admin"],
  features: ["LOG_EXPORT"],
  params: { repository: Repository },
  query: days,
  body: callback,
  openWorld: true,
  target: "logs",
  undo: "What was sent out cannot be called back.",
});

export const listRepositoryLogs = defineOperation({
  operationId: "listRepoLogs",
  name: "list_repository_logs",
  title: "List repository logs",
  description:
    "List who pulled, pushed or changed a repository, newest first; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/repository/{repository}/logs",
  access: "read",
  everyday: true,
  scopes: ["repo:admin"],
  params: { repository: Repository },
  query: { ...days, next_page: NextPage.optional() },
  paging: "next_page",
});

export const aggregateMyLogs = defineOperation({
  operationId: "getAggregateUserLogs",
  name: "aggregate_my_logs",
  title: "Count my logs",
  description:
    "Count log entries of your own namespace by kind and day over at most a month; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/user/aggregatelogs",
  access: "read",
  scopes: ["user:admin"],
  features: ["AGGREGATED_LOG_COUNT_RETRIEVAL"],
  query: { ...days, performer },
});

export const exportMyLogs = defineOperation({
  operationId: "exportUserLogs",
  name: "export_my_logs",
  title: "Export my logs",
  description:
    "Send your own namespace's logs out: a link to them goes to callback_url or callback_email; give one.",
  method: "POST",
  path: "/api/v1/user/exportlogs",
  access: "destructive",
  scopes: ["user:admin"],
  features: ["LOG_EXPORT"],
  query: days,
  body: callback,
  openWorld: true,
  target: "logs",
  undo: "What was sent out cannot be called back.",
});

export const listMyLogs = defineOperation({
  operationId: "listUserLogs",
  name: "list_my_logs",
  title: "List my logs",
  description: "List who did what in your own namespace, newest first; from yesterday unless starttime.",
  method: "GET",
  path: "/api/v1/user/logs",
  access: "read",
  scopes: ["user:admin"],
  query: { ...days, performer, next_page: NextPage.optional() },
  paging: "next_page",
});
