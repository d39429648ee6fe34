import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { Name } from "./parameters.ts";

const team = { orgname: Name, teamname: Name };
const invite = { ...team, email: Name };
const member = { ...team, membername: Name.describe("user or namespace+robot") };

export const deleteTeam = defineOperation({
  operationId: "deleteOrganizationTeam",
  name: "delete_team",
  title: "Delete team",
  description:
    "Delete a team. Its list of members and its repository permissions are lost; nothing brings them back.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/team/{teamname}",
  access: "destructive",
  scopes: ["org:admin"],
  params: team,
});

export const createOrUpdateTeam = defineOperation({
  operationId: "updateOrganizationTeam",
  name: "create_or_update_team",
  title: "Create or update team",
  description: "Create a team, or change its description and its role in the organization.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/team/{teamname}",
  access: "write",
  escalates: "role becomes admin, or falls",
  scopes: ["org:admin"],
  params: team,
  body: {
    role: z.enum(["member", "creator", "admin"]),
    description: z.string().describe("Markdown").optional(),
  },
});

export const deleteTeamEmailInvite = defineOperation({
  operationId: "deleteTeamMemberEmailInvite",
  name: "delete_team_email_invite",
  title: "Delete team e-mail invite",
  description: "Withdraw an e-mail invitation to a team. invite_team_member_by_email sends a new one.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/team/{teamname}/invite/{email}",
  access: "destructive",
  scopes: ["org:admin"],
  features: ["MAILING"],
  params: invite,
});

export const inviteTeamMemberByEmail = defineOperation({
  operationId: "inviteTeamMemberEmail",
  name: "invite_team_member_by_email",
  title: "Invite team member by e-mail",
  description: "E-mail an invitation to a team to someone without an account. add_team_member takes users.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/team/{teamname}/invite/{email}",
  access: "write",
  escalates: "the team is owners or has the admin role",
  scopes: ["org:admin"],
  features: ["MAILING"],
  params: invite,
  // Each call sends another e-mail, to an address of the caller's choice.
  notIdempotent: true,
  openWorld: true,
});

export const listTeamMembers = defineOperation({
  operationId: "getOrganizationTeamMembers",
  name: "list_team_members",
  title: "List team members",
  description: "List a team's members and, for organization admins, its pending invitations.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/team/{teamname}/members",
  access: "read",
  scopes: [{ anyOf: ["org:admin", "repo:create"] }],
  params: team,
  query: { includePending: z.boolean().optional() },
});

export const removeTeamMember = defineOperation({
  operationId: "deleteOrganizationTeamMember",
  name: "remove_team_member",
  title: "Remove team member",
  description: "Remove a user, robot or pending invitation from a team. add_team_member brings it back.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/team/{teamname}/members/{membername}",
  access: "destructive",
  scopes: ["org:admin"],
  params: member,
});

export const addTeamMember = defineOperation({
  operationId: "updateOrganizationTeamMember",
  name: "add_team_member",
  title: "Add team member",
  description:
    "Add a user or robot to a team; where invited is true in the answer, the user has yet to accept.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/team/{teamname}/members/{membername}",
  access: "write",
  escalates: "the team is owners or has the admin role",
  scopes: ["org:admin"],
  params: member,
});

export const listTeamPermissions = defineOperation({
  operationId: "getOrganizationTeamPermissions",
  name: "list_team_permissions",
  title: "List team permissions",
  description: "List a team's roles on repositories.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/team/{teamname}/permissions",
  access: "read",
  scopes: ["org:admin"],
  params: team,
});

export const disableTeamSync = defineOperation({
  operationId: "disableOrganizationTeamSync",
  name: "disable_team_sync",
  title: "Disable team sync",
  description: "Unbind a team from its external group; members stay. enable_team_sync binds it again.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/team/{teamname}/syncing",
  access: "destructive",
  // Quay does without super:user under FEATURE_NONSUPERUSER_TEAM_SYNCING_SETUP.
  scopes: ["org:admin", "super:user"],
  features: ["TEAM_SYNCING"],
  params: team,
});

export const enableTeamSync = defineOperation({
  operationId: "enableOrganizationTeamSync",
  name: "enable_team_sync",
  title: "Enable team sync",
  description:
    "Bind a team to an external group, which replaces its members. Give the one field of your login system.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/team/{teamname}/syncing",
  access: "destructive",
  // Quay does without super:user under FEATURE_NONSUPERUSER_TEAM_SYNCING_SETUP.
  scopes: ["org:admin", "super:user"],
  features: ["TEAM_SYNCING"],
  params: team,
  body: {
    group_dn: z.string().describe("LDAP").optional(),
    group_id: z.string().describe("Keystone").optional(),
    group_name: z.string().describe("OIDC").optional(),
  },
});
