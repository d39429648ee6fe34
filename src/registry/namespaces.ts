/** What befalls a whole namespace, and everything elsewhere that is called after it. */
import { addTeam, type Item, type Namespace, type Repository, type State } from "./state.ts";

/** Gives an organization another name, and its repositories, robots and log entries with it. */
export function renameOrganization(state: State, organization: Namespace, name: string): void {
  const { name: old } = organization;
  const renamed = (member: string) =>
    member.startsWith(`${old}+`) ? `${name}${member.slice(old.length)}` : member;

  // A map keeps the order of its making: all of it is made anew, so that the organization keeps its place.
  const all = [...state.namespaces.values()];
  organization.name = name;
  refill(
    state.namespaces,
    all.map((each) => [each.name, each]),
  );
  for (const robot of organization.robots.values()) robot.name = renamed(robot.name);
  for (const { members } of organization.teams.values()) {
    const names = [...members].map(renamed);
    members.clear();
    for (const member of names) members.add(member);
  }
  for (const repository of organization.repositories.values()) {
    repository.namespace = name;
    const entries = [...repository.userPermissions].map(([who, role]) => [renamed(who), role] as const);
    refill(repository.userPermissions, entries);
  }
  renameRobotsIn(organization, renamed);
  renameStars(all, old, name);
  state.logs.forEach((entry, index) => {
    const performer = entry.performer && renamed(entry.performer);
    if (entry.namespace === old) state.logs[index] = { ...entry, namespace: name, performer };
  });
}

function refill<Value>(map: Map<string, Value>, entries: Iterable<readonly [string, Value]>): void {
  const kept = [...entries];
  map.clear();
  for (const [key, value] of kept) map.set(key, value);
}

/** Prototypes and mirrors name robots as well. */
function renameRobotsIn(organization: Namespace, renamed: (member: string) => string): void {
  for (const { delegate, activating_user } of organization.collections.get("prototypes")?.values() ?? []) {
    for (const who of [delegate, activating_user] as (Item | null)[]) {
      if (who !== null) who.name = renamed(String(who.name));
    }
  }
  for (const { collections } of [organization, ...organization.repositories.values()]) {
    for (const mirror of collections.get("mirror")?.values() ?? []) {
      if (typeof mirror.robot_username === "string") mirror.robot_username = renamed(mirror.robot_username);
    }
  }
}

function renameStars(namespaces: readonly Namespace[], old: string, name: string): void {
  for (const { stars } of namespaces) {
    for (const path of [...stars]) {
      if (!path.startsWith(`${old}/`)) continue;
      stars.delete(path);
      stars.add(`${name}${path.slice(old.length)}`);
    }
  }
}

/** Of repositories for load tests there are too many to look at each; a name that stays behind in them harms nobody. */
const lookedAt = ({ repositories }: Namespace): Iterable<Repository> =>
  repositories.from === undefined ? repositories.values() : [];

/** Removes a user or an organization with all that is theirs, and what others had given to them or their robots. */
export function removeNamespace(state: State, { name }: Namespace): void {
  state.namespaces.delete(name);
  const isGone = (member: string) => member === name || member.startsWith(`${name}+`);
  for (const namespace of state.namespaces.values()) {
    for (const { members, invited } of namespace.teams.values()) {
      for (const member of [...members].filter(isGone)) members.delete(member);
      invited.delete(name);
    }
    for (const { userPermissions } of lookedAt(namespace)) {
      for (const member of [...userPermissions.keys()].filter(isGone)) userPermissions.delete(member);
    }
  }
}

/** Makes a user an organization, which somebody else administers and nobody can log in as. */
export function becomeOrganization(state: State, user: Namespace, owner: Namespace): void {
  user.kind = "organization";
  for (const namespace of state.namespaces.values()) {
    for (const { userPermissions } of lookedAt(namespace)) userPermissions.delete(user.name);
  }
  addTeam(state, user, "owners", "admin").members.add(owner.name);
}
