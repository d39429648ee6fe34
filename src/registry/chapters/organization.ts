/** Organizations and their members. */
import { empty, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import { hasNamespaceRole, isReadOnlySuperuser, isSuperuser, teamsOf } from "../authorization.ts";
import {
  bodyOf,
  type Call,
  checkName,
  type Handlers,
  isEmail,
  organizationOf,
  param,
  userOf,
} from "../call.ts";
import { namespaceAvatar, quotaFields, teamAvatar } from "../entities.ts";
import { record } from "../log.ts";
import { removeNamespace } from "../namespaces.ts";
import { addNamespace, addTeam, findUser, type Namespace, type Team } from "../state.ts";

/** The time machine windows that an administrator may choose, in seconds. */
const tagExpirations = [0, 86400, 604800, 1209600, 2419200];

/**
 * How an organization shows a caller itself: only members see teams, only administrators the settings.
 *
 * @param teams those that are shown; all of them, unless said otherwise
 */
export function organizationView(
  organization: Namespace,
  call: Call,
  teams: readonly Team[] = [...organization.teams.values()],
) {
  const { caller } = call;
  const seesAll = isSuperuser(caller) || isReadOnlySuperuser(caller);
  const isAdmin = seesAll || hasNamespaceRole(caller, organization, "admin");
  const isMember = seesAll || hasNamespaceRole(caller, organization, "member");
  return {
    name: organization.name,
    email: (isAdmin && organization.email) || "",
    avatar: namespaceAvatar(organization, "user"),
    is_admin: isAdmin,
    is_member: isMember,
    ...(isMember && {
      teams: Object.fromEntries(
        teams.map((team) => [
          team.name,
          teamSummary(organization, team, isAdmin || team.members.has(caller?.user.name ?? "")),
        ]),
      ),
      ordered_teams: teams.map(({ name }) => name),
    }),
    ...(isAdmin && {
      invoice_email: organization.invoiceEmail,
      invoice_email_address: organization.invoiceEmailAddress,
      tag_expiration_s: organization.tagExpiration,
      is_free_account: organization.freeAccount,
    }),
    ...(isMember && quotaFields(organization)),
  };
}

function teamSummary(organization: Namespace, team: Team, canView: boolean) {
  const repositories = [...organization.repositories.values()];
  return {
    name: team.name,
    description: team.description,
    role: team.role,
    avatar: teamAvatar(team),
    can_view: canView,
    repo_count: repositories.filter(({ teamPermissions }) => teamPermissions.has(team.name)).length,
    member_count: team.members.size,
    is_synced: false,
  };
}

/** Names of the repositories on which someone has a permission of their own. */
function repositoriesOf(organization: Namespace, member: string): string[] {
  return [...organization.repositories.values()]
    .filter(({ userPermissions }) => userPermissions.has(member))
    .map(({ name }) => name);
}

function memberWithTeams(organization: Namespace, call: Call, name: string) {
  const user = call.state.namespaces.get(name)!;
  return {
    name,
    kind: "user",
    avatar: namespaceAvatar(user, "user"),
    teams: teamsOf(organization, name).map((team) => ({ name: team.name, avatar: teamAvatar(team) })),
    repositories: repositoriesOf(organization, name),
  };
}

/** People in any team, in the order of the teams. */
function humanMembers(organization: Namespace): string[] {
  const names = [...organization.teams.values()].flatMap((team) => [...team.members]);
  return [...new Set(names)].filter((name) => !name.includes("+"));
}

interface Details {
  readonly name?: string;
  readonly email?: string;
  readonly contact_email?: string | null;
  readonly invoice_email?: boolean;
  readonly invoice_email_address?: string | null;
  readonly tag_expiration_s?: number;
}

export const organization: Handlers = {
  createOrganization(call) {
    const { name = "", email, contact_email } = bodyOf<Details>(call);
    if (call.state.namespaces.has(name)) {
      refuse(invalidRequest("A user or organization with this name already exists"));
    }
    const address = contact_email || email || null;
    if (address !== null && !isEmail(address)) refuse(invalidRequest("Invalid email address"));
    checkName(name, `Invalid namespace ${name}`);
    const created = addNamespace(call.state, "organization", name, address);
    addTeam(call.state, created, "owners", "admin").members.add(userOf(call).name);
    record(call, "org_create", name, { email: address, namespace: name });
    return json("Created", 201);
  },

  getOrganization: (call) => json(organizationView(organizationOf(call), call)),

  changeOrganizationDetails(call) {
    const changed = organizationOf(call);
    const body = bodyOf<Details>(call);
    const { name: namespace } = changed;
    if (body.tag_expiration_s !== undefined && !tagExpirations.includes(body.tag_expiration_s)) {
      refuse(message("Invalid tag expiration option"));
    }
    const address = body.contact_email !== undefined ? body.contact_email : body.email;
    if (address && !isEmail(address)) refuse(invalidRequest("Invalid email address"));
    if (body.invoice_email !== undefined) {
      changed.invoiceEmail = body.invoice_email;
      record(call, "org_change_invoicing", namespace, { invoice_email: body.invoice_email, namespace });
    }
    if (body.invoice_email_address !== undefined) {
      changed.invoiceEmailAddress = body.invoice_email_address;
      const { invoice_email_address } = body;
      record(call, "org_change_invoicing", namespace, { invoice_email_address, namespace });
    }
    if (address !== undefined && (address || "") !== (changed.email ?? "")) {
      const old = changed.email ?? "";
      changed.email = address || null;
      record(call, "org_change_email", namespace, { email: address || "", namespace, old_email: old });
    }
    if (body.tag_expiration_s !== undefined) {
      changed.tagExpiration = body.tag_expiration_s;
      record(call, "org_change_tag_expiration", namespace, {
        tag_expiration: body.tag_expiration_s,
        namespace,
      });
    }
    return json(organizationView(changed, call));
  },

  deleteAdminedOrganization(call) {
    const deleted = organizationOf(call);
    record(call, "org_delete", deleted.name, { namespace: deleted.name });
    removeNamespace(call.state, deleted);
    return empty();
  },

  getOrganizationMembers(call) {
    const of = organizationOf(call);
    return json({ members: humanMembers(of).map((name) => memberWithTeams(of, call, name)) });
  },

  getOrganizationMember(call) {
    const of = organizationOf(call);
    const name = param(call, "membername");
    if (!humanMembers(of).includes(name)) refuse(notFound());
    return json(memberWithTeams(of, call, name));
  },

  removeOrganizationMember(call) {
    const of = organizationOf(call);
    const name = param(call, "membername");
    if (findUser(call.state, name) === undefined) refuse(notFound());
    for (const team of of.teams.values()) team.members.delete(name);
    for (const { userPermissions } of of.repositories.values()) userPermissions.delete(name);
    return empty();
  },

  getOrganizationCollaborators(call) {
    const of = organizationOf(call);
    const members = new Set([...of.teams.values()].flatMap((team) => [...team.members]));
    const names = [...of.repositories.values()].flatMap(({ userPermissions }) => [...userPermissions.keys()]);
    const outside = [...new Set(names)].filter((name) => !members.has(name) && !name.includes("+"));
    return json({
      collaborators: outside.map((name) => ({
        kind: "user",
        name,
        avatar: namespaceAvatar(call.state.namespaces.get(name)!, "user"),
        repositories: repositoriesOf(of, name),
      })),
    });
  },
};
