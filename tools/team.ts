import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { whenTeamAdministers } from "./escalations.ts";
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
  target: "team",
  undo: "create_or_update_team makes a team of that name, without its members and its roles on repositories.",
  reachesRepositories: true,
});

export const createOrUpdateTeam = defineOperation({
  operationId: "updateOrganizationTeam",
  name: "create_or_update_team",
  title: "Create or update team",
  description: "Create a team, or change its description and its role in the organization.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/team/{teamname}",
  access: "write",
  everyday: true,
  escalates: {
    when: "role becomes admin, or falls",
    if: [
      { argument: "role", is: "admin", now: "role" },
      { argument: "role", falls: "role", order: ["member", "creator", "admin"] },
    ],
  },
  scopes: ["org:admin"],
  params: team,
  body: {
    role: z.enum(["member", "creator", "admin"]),
    description: z.string().describe("Markdown").optional(),
  },
  target: "team",
  creates: true,
  reachesRepositories: ["role=admin"],
  undo: [
    {
      tool: "create_or_update_team",
      with: {
        orgname: "given.orgname",
        teamname: "given.teamname",
        role: "now.role",
        description: "now.description",
      },
    },
    {
      tool: "delete_team",
      with: { orgname: "given.orgname", teamname: "given.teamname" },
      when: ["now.absent"],
    },
  ],
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
  target: "team-member",
  undo: [
    {
      tool: "invite_team_member_by_email",
      with: { orgname: "given.orgname", teamname: "given.teamname", email: "given.email" },
      when: ["now.present"],
    },
  ],
});

export const inviteTeamMemberByEmail = defineOperation({
  operationId: "inviteTeamMemberEmail",
  name: "invite_team_member_by_email",
  title: "Invite team member by e-mail",
  description: "E-mail an invitation to a team to someone without an account. add_team_member takes users.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/team/{teamname}/invite/{email}",
  access: "write",
  escalates: whenTeamAdministers,
  scopes: ["org:admin"],
  features: ["MAILING"],
  params: invite,
  // Each call sends another e-mail, to an address of the caller's choice.
  notIdempotent: true,
  openWorld: true,
  target: "team-member",
  creates: true,
  reachesRepositories: ["teamname=owners"],
  undo: [
    {
      tool: "delete_team_email_invite",
      with: { orgname: "given.orgname", teamname: "given.teamname", email: "given.email" },
      when: ["now.absent"],
    },
    "Who was invited already stays so, and an e-mail that was sent cannot be called back.",
  ],
});

export const listTeamMembers = defineOperation({
  operationId: "getOrganizationTeamMembers",
  name: "list_team_members",
  title: "List team members",
  description: "List a team's members and, for organization admins, its pending invitations.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/team/{teamname}/members",
  access: "read",
  everyday: true,
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
  everyday: true,
  scopes: ["org:admin"],
  params: member,
  target: "team-member",
  undo: [
    {
      tool: "add_team_member",
      with: { orgname: "given.orgname", teamname: "given.teamname", membername: "given.membername" },
      when: ["now.present"],
    },
  ],
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
  everyday: true,
  escalates: whenTeamAdministers,
  scopes: ["org:admin"],
  params: member,
  target: "team-member",
  creates: true,
  reachesRepositories: ["teamname=owners"],
  undo: [
    {
      tool: "remove_team_member",
      with: { orgname: "given.orgname", teamname: "given.teamname", membername: "given.membername" },
      when: ["now.absent"],
    },
    "Who was in the team or invited already stays so.",
  ],
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
  target: "team",
  undo: [
    {
      tool: "enable_team_sync",
      with: { orgname: "given.orgname", teamname: "given.teamname", group_dn: "now.group_dn" },
    },
    {
      tool: "enable_team_sync",
      with: { orgname: "given.orgname", teamname: "given.teamname", group_id: "now.group_id" },
    },
    {
      tool: "enable_team_sync",
      with: { orgname: "given.orgname", teamname: "given.teamname", group_name: "now.group_name" },
    },
    "enable_team_sync binds the team again, but Quay did not show to which group.",
  ],
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
  target: "team",
  undo: "disable_team_sync unbinds the team, but the members whom the group replaced do not come back.",
});
