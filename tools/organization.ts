import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name, TextOrNone } from "./parameters.ts";

/** What Quay calls the proxy cache; its schema names the registry only, its handler takes the rest too. */
const upstream = {
  upstream_registry: z.string().min(1).describe("host, or host/namespace"),
  upstream_registry_username: z.string().optional(),
  upstream_registry_password: z.string().optional(),
  expiration_s: z.int().min(0).describe("default 86400").optional(),
  insecure: z.boolean().describe("plain HTTP").optional(),
};

/** Quay's handlers pass the body on as it is, and find in it which organization is meant. */
const organizationInBody = { org_name: "orgname" };

export const getApplicationInformation = defineOperation({
  operationId: "getApplicationInformation",
  name: "get_application_information",
  title: "Get application information",
  description: "Get the public details of any OAuth application: its name, homepage and organization.",
  method: "GET",
  path: "/api/v1/app/{client_id}",
  access: "read",
  scopes: [],
  params: { client_id: Name },
});

export const createOrganization = defineOperation({
  operationId: "createOrganization",
  name: "create_organization",
  title: "Create organization",
  description: "Create an organization with you in its owners team. Some registries require email.",
  method: "POST",
  path: "/api/v1/organization/",
  access: "write",
  scopes: ["user:admin"],
  body: {
    name: Name,
    email: z.string().optional(),
    recaptcha_response: z.string().optional(),
  },
  target: "organization",
  creates: true,
  undo: [{ tool: "delete_organization", with: { orgname: "given.name" }, when: ["now.absent"] }],
});

export const getOrganization = defineOperation({
  operationId: "getOrganization",
  name: "get_organization",
  title: "Get organization",
  description:
    "Get an organization's settings, teams and quota; those who are not its members see little more than its name.",
  method: "GET",
  path: "/api/v1/organization/{orgname}",
  access: "read",
  everyday: true,
  scopes: [],
  params: { orgname: Name },
});

export const updateOrganization = defineOperation({
  operationId: "changeOrganizationDetails",
  name: "update_organization",
  title: "Update organization",
  description:
    "Change an organization's addresses, or how long its deleted tags stay restorable. What is left out stays.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}",
  access: "write",
  escalates: {
    when: "tag_expiration_s falls",
    if: [{ argument: "tag_expiration_s", falls: "tag_expiration_s" }],
  },
  scopes: ["org:admin"],
  params: { orgname: Name },
  body: {
    email: z.string().optional(),
    contact_email: TextOrNone.optional(),
    invoice_email: z.boolean().describe("send invoices").optional(),
    invoice_email_address: TextOrNone.optional(),
    tag_expiration_s: z.int().min(0).describe("seconds; only some values, such as 1209600").optional(),
  },
  target: "organization",
  undo: [
    {
      tool: "update_organization",
      with: { orgname: "given.orgname" },
      restores: ["email", "contact_email", "invoice_email", "invoice_email_address", "tag_expiration_s"],
    },
    {
      tool: "update_organization",
      with: { orgname: "given.orgname", contact_email: "now.contact_email" },
      restores: ["invoice_email", "invoice_email_address", "tag_expiration_s"],
    },
  ],
  reachesRepositories: ["tag_expiration_s"],
});

export const deleteOrganization = defineOperation({
  operationId: "deleteAdminedOrganization",
  name: "delete_organization",
  title: "Delete organization",
  description: "Delete an organization for good with all its repositories, teams, robots and applications.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}",
  access: "destructive",
  irreversible: true,
  scopes: ["org:admin"],
  params: { orgname: Name },
  target: "organization",
  undo: "Nothing brings back an organization.",
  reachesRepositories: true,
});

export const listOrganizationApplications = defineOperation({
  operationId: "getOrganizationApplications",
  name: "list_organization_applications",
  title: "List organization applications",
  description: "List the OAuth applications registered in an organization.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/applications",
  access: "read",
  scopes: ["org:admin"],
  params: { orgname: Name },
});

export const createOrganizationApplication = defineOperation({
  operationId: "createOrganizationApplication",
  name: "create_organization_application",
  title: "Create organization application",
  description: "Register an OAuth application in an organization; the answer tells its client_id.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/applications",
  access: "write",
  scopes: ["org:admin"],
  params: { orgname: Name },
  body: {
    name: Name,
    redirect_uri: z.string().optional(),
    application_uri: z.string().describe("homepage").optional(),
    description: z.string().optional(),
    avatar_email: z.string().optional(),
  },
  bringsCredential: true,
  target: "application",
  creates: true,
  undo: [
    {
      tool: "delete_organization_application",
      with: { orgname: "given.orgname", client_id: "answer.client_id" },
    },
  ],
});

export const getOrganizationApplication = defineOperation({
  operationId: "getOrganizationApplication",
  name: "get_organization_application",
  title: "Get organization application",
  description: "Get one OAuth application of an organization, with its redirect URI.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/applications/{client_id}",
  access: "read",
  scopes: ["org:admin"],
  params: { orgname: Name, client_id: Name },
});

export const updateOrganizationApplication = defineOperation({
  operationId: "updateOrganizationApplication",
  name: "update_organization_application",
  title: "Update organization application",
  description:
    "Replace the details of an OAuth application: description and avatar_email are emptied if left out.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/applications/{client_id}",
  access: "write",
  escalates: {
    when: "the host of redirect_uri changes, or a field would be emptied",
    if: [
      { argument: "redirect_uri", newHost: true, now: "redirect_uri" },
      { argument: "redirect_uri", is: "" },
      { argument: "application_uri", is: "" },
      { argument: "description", is: "" },
      { argument: "avatar_email", is: "" },
      { omitted: "description", now: "description" },
      { omitted: "avatar_email", now: "avatar_email" },
    ],
  },
  scopes: ["org:admin"],
  params: { orgname: Name, client_id: Name },
  body: {
    name: Name,
    redirect_uri: z.string(),
    application_uri: z.string().describe("homepage"),
    description: z.string().optional(),
    avatar_email: z.string().optional(),
  },
  target: "application",
  undo: [
    {
      tool: "update_organization_application",
      with: {
        orgname: "given.orgname",
        client_id: "given.client_id",
        name: "now.name",
        redirect_uri: "now.redirect_uri",
        application_uri: "now.application_uri",
        description: "now.description",
        avatar_email: "now.avatar_email",
      },
    },
    {
      tool: "update_organization_application",
      with: {
        orgname: "given.orgname",
        client_id: "given.client_id",
        name: "now.name",
        redirect_uri: "now.redirect_uri",
        application_uri: "now.application_uri",
        description: "now.description",
      },
    },
    {
      tool: "update_organization_application",
      with: {
        orgname: "given.orgname",
        client_id: "given.client_id",
        name: "now.name",
        redirect_uri: "now.redirect_uri",
        application_uri: "now.application_uri",
        avatar_email: "now.avatar_email",
      },
    },
    {
      tool: "update_organization_application",
      with: {
        orgname: "given.orgname",
        client_id: "given.client_id",
        name: "now.name",
        redirect_uri: "now.redirect_uri",
        application_uri: "now.application_uri",
      },
    },
  ],
});

export const deleteOrganizationApplication = defineOperation({
  operationId: "deleteOrganizationApplication",
  name: "delete_organization_application",
  title: "Delete organization application",
  description:
    "Delete an OAuth application for good, with every token issued for it, maybe the one in use here.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/applications/{client_id}",
  access: "destructive",
  irreversible: true,
  scopes: ["org:admin"],
  params: { orgname: Name, client_id: Name },
  target: "application",
  undo: "Nothing brings back an application or the tokens that were issued for it.",
});

export const listOrganizationCollaborators = defineOperation({
  operationId: "getOrganizationCollaborators",
  name: "list_organization_collaborators",
  title: "List organization collaborators",
  description:
    "List users outside an organization's teams who have a role on its repositories, and on which.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/collaborators",
  access: "read",
  scopes: ["org:admin"],
  params: { orgname: Name },
});

export const listOrganizationMembers = defineOperation({
  operationId: "getOrganizationMembers",
  name: "list_organization_members",
  title: "List organization members",
  description:
    "List the people in an organization's teams, with their teams and the repositories they have a role on.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/members",
  access: "read",
  everyday: true,
  scopes: ["org:admin"],
  params: { orgname: Name },
});

export const getOrganizationMember = defineOperation({
  operationId: "getOrganizationMember",
  name: "get_organization_member",
  title: "Get organization member",
  description: "Get one member's teams and repositories in an organization; 404 for who is in no team.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/members/{membername}",
  access: "read",
  scopes: ["org:admin"],
  params: { orgname: Name, membername: Name },
});

export const removeOrganizationMember = defineOperation({
  operationId: "removeOrganizationMember",
  name: "remove_organization_member",
  title: "Remove organization member",
  description:
    "Remove a user from all teams and repositories of an organization; remove_team_member is for one team.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/members/{membername}",
  access: "destructive",
  scopes: ["org:admin"],
  params: { orgname: Name, membername: Name },
  target: "member",
  undo: "Teams and roles must be given back one by one, with add_team_member and set_repository_user_permission.",
  reachesRepositories: true,
});

export const getProxyCache = defineOperation({
  operationId: "getProxyCacheConfig",
  name: "get_proxy_cache",
  title: "Get proxy cache",
  description: "Get which upstream registry an organization caches; all fields are empty if none.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/proxycache",
  access: "read",
  scopes: [{ anyOf: ["org:admin", "repo:create"] }],
  features: ["PROXY_CACHE"],
  params: { orgname: Name },
});

export const createProxyCache = defineOperation({
  operationId: "createProxyCacheConfig",
  name: "create_proxy_cache",
  title: "Create proxy cache",
  description:
    "Turn an organization into a pull-through cache of an upstream registry; its pulls are then answered from there.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/proxycache",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["PROXY_CACHE"],
  params: { orgname: Name },
  body: upstream,
  pathInBody: organizationInBody,
  openWorld: true,
  target: "proxy-cache",
  creates: true,
  undo: [{ tool: "delete_proxy_cache", with: { orgname: "given.orgname" }, when: ["now.absent"] }],
  reachesRepositories: true,
  secretArguments: ["upstream_registry_password"],
});

export const deleteProxyCache = defineOperation({
  operationId: "deleteProxyCacheConfig",
  name: "delete_proxy_cache",
  title: "Delete proxy cache",
  description:
    "Stop an organization's proxy cache and forget its credentials; create_proxy_cache sets it up anew.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/proxycache",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["PROXY_CACHE"],
  params: { orgname: Name },
  target: "proxy-cache",
  undo: "create_proxy_cache sets it up anew, but Quay never shows with which credentials.",
  reachesRepositories: true,
});

export const validateProxyCache = defineOperation({
  operationId: "validateProxyCacheConfig",
  name: "validate_proxy_cache",
  title: "Validate proxy cache",
  description:
    'Test an upstream registry before create_proxy_cache. "Valid", or "Anonymous" if not logged in there.',
  method: "POST",
  path: "/api/v1/organization/{orgname}/validateproxycache",
  access: "write",
  escalates: {
    when: "upstream_registry is a new host, or credentials are given",
    if: [
      { argument: "upstream_registry", newHost: true, now: "upstream_registry" },
      { argument: "upstream_registry_username", given: true },
      { argument: "upstream_registry_password", given: true },
    ],
  },
  scopes: ["org:admin"],
  features: ["PROXY_CACHE"],
  params: { orgname: Name },
  body: upstream,
  pathInBody: organizationInBody,
  openWorld: true,
  target: "proxy-cache",
  creates: true,
  undo: "It changes nothing.",
  secretArguments: ["upstream_registry_password"],
});
