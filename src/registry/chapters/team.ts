/** Teams: who is in them, what they may do, who is asked to join. */
import { empty, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import { hasNamespaceRole } from "../authorization.ts";
import { bodyOf, type Call, checkName, flag, type Handlers, organizationOf, param, userOf } from "../call.ts";
import { findMember, isMember, type Member, teamAvatar } from "../entities.ts";
import { avatar } from "../formats.ts";
import { record } from "../log.ts";
import { addTeam, type Namespace, type Team, type TeamRole } from "../state.ts";

/** The team of the path; 404 where there is none. */
function teamOf(call: Call): { organization: Namespace; team: Team } {
  const organization = organizationOf(call);
  const team = organization.teams.get(param(call, "teamname")) ?? refuse(notFound());
  return { organization, team };
}

const teamView = (team: Team, isNew: boolean) => ({
  name: team.name,
  description: team.description,
  can_view: true,
  role: team.role,
  avatar: teamAvatar(team),
  new_team: isNew,
});

const memberView = (member: Member, invited: boolean) => ({
  name: member.name,
  kind: "user",
  is_robot: member.isRobot,
  avatar: member.avatar,
  invited,
});

const invitationView = (call: Call, invited: string) => {
  const member = findMember(call.state, invited);
  if (member !== undefined) return memberView(member, true);
  return { email: invited, kind: "invite", avatar: avatar(invited, invited, "user"), invited: true };
};

/** Whether someone would still administer the organization if this team did not count. */
function staysAdmin(organization: Namespace, name: string, without: Team): boolean {
  const others = [...organization.teams.values()].filter((team) => team !== without);
  return others.some((team) => team.role === "admin" && team.members.has(name));
}

export const team: Handlers = {
  updateOrganizationTeam(call) {
    const organization = organizationOf(call);
    const name = param(call, "teamname");
    const { role, description } = bodyOf<{ role: TeamRole; description?: string }>(call);
    const known = organization.teams.get(name);
    if (known === undefined) {
      checkName(name, `Invalid team name ${name}`, message);
      const created = addTeam(call.state, organization, name, role, description ?? "");
      record(call, "org_create_team", organization.name, { team: name });
      return json(teamView(created, true));
    }
    if (description !== undefined && description !== known.description) {
      known.description = description;
      record(call, "org_set_team_description", organization.name, { team: name, description });
    }
    if (role !== known.role) {
      const me = userOf(call).name;
      if (known.role === "admin" && known.members.has(me) && !staysAdmin(organization, me, known)) {
        refuse(
          message(
            `Cannot remove admin from team '${name}' because calling user would no longer have admin on org '${organization.name}'`,
          ),
        );
      }
      known.role = role;
      record(call, "org_set_team_role", organization.name, { team: name, role });
    }
    return json(teamView(known, false));
  },

  deleteOrganizationTeam(call) {
    const organization = organizationOf(call);
    const name = param(call, "teamname");
    const removed = organization.teams.get(name);
    if (removed === undefined) {
      return message(`Team '${name}' is not a team in org '${organization.name}'`);
    }
    const me = userOf(call).name;
    if (removed.role === "admin" && removed.members.has(me) && !staysAdmin(organization, me, removed)) {
      return message(
        `Deleting team '${name}' would remove admin ability for user '${me}' in organization '${organization.name}'`,
      );
    }
    organization.teams.delete(name);
    for (const { teamPermissions } of organization.repositories.values()) teamPermissions.delete(name);
    record(call, "org_delete_team", organization.name, { team: name });
    return empty();
  },

  getOrganizationTeamMembers(call) {
    const { organization, team: shown } = teamOf(call);
    const canEdit = hasNamespaceRole(call.caller, organization, "admin");
    const members = [...shown.members].flatMap((name) => findMember(call.state, name) ?? []);
    const invited = flag(call, "includePending") && canEdit ? [...shown.invited] : [];
    return json({
      name: shown.name,
      members: [
        ...members.map((member) => memberView(member, false)),
        ...invited.map((name) => invitationView(call, name)),
      ],
      can_edit: canEdit,
    });
  },

  /** People are asked to join, since mailing is switched on; robots of the organization join at once. */
  updateOrganizationTeamMember(call) {
    const { organization, team: joined } = teamOf(call);
    const name = param(call, "membername");
    const member = findMember(call.state, name) ?? refuse(invalidRequest("Unknown user"));
    if (member.isRobot) {
      if (!name.startsWith(`${organization.name}+`)) {
        refuse(
          message("Cannot add the specified robot to this team, as it is not a member of the organization"),
        );
      }
      if (joined.members.has(name))
        refuse(message(`User '${name}' is already a member of team '${joined.name}'`));
      joined.members.add(name);
    } else if (joined.members.has(name)) {
      refuse(message(`User '${name}' is already a member of team '${joined.name}'`));
    } else if (isMember(organization, name)) {
      joined.members.add(name);
    } else {
      joined.invited.add(name);
      record(call, "org_invite_team_member", organization.name, {
        user: name,
        member: name,
        team: joined.name,
      });
      return json(memberView(member, true));
    }
    record(call, "org_add_team_member", organization.name, { member: name, team: joined.name });
    return json(memberView(member, false));
  },

  deleteOrganizationTeamMember(call) {
    const { organization, team: left } = teamOf(call);
    const name = param(call, "membername");
    if (findMember(call.state, name) === undefined) refuse(notFound());
    if (left.invited.delete(name)) {
      const metadata = { user: name, team: left.name, member: name };
      record(call, "org_delete_team_member_invite", organization.name, metadata);
      return empty();
    }
    if (!left.members.has(name)) refuse(message(`User ${name} does not belong to team ${left.name}`));
    const me = userOf(call).name;
    if (left.role === "admin" && name === me && !staysAdmin(organization, me, left)) {
      refuse(message(`User ${name} is the only admin of organization ${organization.name}`));
    }
    left.members.delete(name);
    record(call, "org_remove_team_member", organization.name, { member: name, team: left.name });
    return empty();
  },

  inviteTeamMemberEmail(call) {
    const { organization, team: joined } = teamOf(call);
    const email = param(call, "email");
    joined.invited.add(email);
    record(call, "org_invite_team_member", organization.name, { email, team: joined.name, member: email });
    return json(invitationView(call, email));
  },

  deleteTeamMemberEmailInvite(call) {
    const { organization, team: joined } = teamOf(call);
    const email = param(call, "email");
    if (!joined.invited.delete(email)) refuse(notFound());
    record(call, "org_delete_team_member_invite", organization.name, {
      email,
      team: joined.name,
      member: email,
    });
    return empty();
  },

  getOrganizationTeamPermissions(call) {
    const { organization, team: shown } = teamOf(call);
    const permissions = [...organization.repositories.values()].flatMap((repository) => {
      const role = repository.teamPermissions.get(shown.name);
      return role === undefined
        ? []
        : [{ repository: { name: repository.name, is_public: repository.public }, role }];
    });
    return json({ permissions });
  },

  /** Nobody's directory is connected, so that no group is ever found. */
  enableOrganizationTeamSync(call) {
    teamOf(call);
    return invalidRequest("Could not sync to group: Not supported");
  },

  disableOrganizationTeamSync(call) {
    const { organization, team: synced } = teamOf(call);
    synced.sync = null;
    record(call, "disable_team_sync", organization.name, { team: synced.name });
    return json(teamView(synced, false));
  },
};
