/** Prototypes: what every new repository of an organization gives to a user or a team. */
import { invalidRequest, json, message, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, organizationOf } from "../call.ts";
import { type Collection, collection, ofOrganization } from "../collection.ts";
import { findMember, memberView, teamAvatar } from "../entities.ts";
import type { Item } from "../state.ts";

interface Body {
  readonly role: string;
  readonly activating_user?: { readonly name: string };
  readonly delegate: { readonly kind: "user" | "team"; readonly name: string };
}

function userView(call: Call, name: string): Item | undefined {
  const member = findMember(call.state, name);
  return member && memberView(member, organizationOf(call));
}

function delegateOf(call: Call, { kind, name }: Body["delegate"]): Item {
  const organization = organizationOf(call);
  if (kind === "user") return userView(call, name) ?? refuse(invalidRequest("Missing delegate user or team"));
  const team = organization.teams.get(name);
  // The data model's message lacks its formatting in Quay as well.
  if (team === undefined)
    refuse(message(`('Team does not exist: %s/%s', '${organization.name}', '${name}')`));
  return { name, kind: "team", avatar: teamAvatar(team) };
}

const nameOf = (item: unknown) => (item as Item | null)?.name;

const prototypes: Collection = {
  name: "prototypes",
  parameter: "prototypeid",
  key: "id",
  /** The same one again is answered as if it were new. */
  make(call) {
    const { role, activating_user, delegate } = bodyOf<Body>(call);
    const activating = activating_user === undefined ? null : userView(call, activating_user.name);
    if (activating === undefined) refuse(invalidRequest("Unknown activating user"));
    return {
      activating_user: activating,
      delegate: delegateOf(call, delegate),
      role,
      id: call.state.random.uuid(),
    };
  },
  change(item, call) {
    item.role = bodyOf<Body>(call).role;
  },
  created: (item) => json(item),
  logs: {
    create: "create_prototype_permission",
    update: "modify_prototype_permission",
    delete: "delete_prototype_permission",
  },
  logged: (item, call) => {
    const delegate = item.delegate as Item;
    const who = delegate.kind === "team" ? "delegate_team" : "delegate_user";
    return {
      prototypeid: item.id,
      username: call.caller?.user.name,
      activating_username: nameOf(item.activating_user) ?? null,
      role: item.role,
      [who]: delegate.name,
    };
  },
};

export const prototype: Handlers = collection(prototypes, {
  of: ofOrganization,
  list: "getOrganizationPrototypePermissions",
  create: "createOrganizationPrototypePermission",
  update: "updateOrganizationPrototypePermission",
  delete: "deleteOrganizationPrototypePermission",
});
