/** How users, organizations, robots and teams are shown wherever they are named. */
import { type Avatar, avatar } from "./formats.ts";
import { findRobot, type Namespace, type Robot, type State, type Team } from "./state.ts";

/** The picture of a user or an organization. */
export function namespaceAvatar(namespace: Namespace, kind: "user" | "org"): Avatar {
  return avatar(namespace.name, namespace.email, kind, namespace.avatarHash);
}

export const robotAvatar = (robot: Robot): Avatar => avatar(robot.name, null, "robot", robot.avatarHash);
export const teamAvatar = (team: Team): Avatar => avatar(team.name, team.name, "team");

/** Someone who can be given a permission: a user or a robot. */
export interface Member {
  readonly name: string;
  readonly isRobot: boolean;
  readonly avatar: Avatar;
}

/** A user or robot by name. */
export function findMember(state: State, name: string): Member | undefined {
  const robot = findRobot(state, name);
  if (robot !== undefined) return { name, isRobot: true, avatar: robotAvatar(robot) };
  const user = state.namespaces.get(name);
  return user?.kind === "user" ? { name, isRobot: false, avatar: namespaceAvatar(user, "user") } : undefined;
}

/** Whether a user or robot belongs to an organization: by a team, or as its robot. */
export function isMember(organization: Namespace, name: string): boolean {
  if (name.startsWith(`${organization.name}+`)) return true;
  return [...organization.teams.values()].some((team) => team.members.has(name));
}

/** A user or robot as prototypes, logs and searches show it. */
export function memberView(member: Member, organization?: Namespace) {
  return {
    name: member.name,
    kind: "user",
    is_robot: member.isRobot,
    avatar: member.avatar,
    ...(organization?.kind === "organization" && { is_org_member: isMember(organization, member.name) }),
  };
}

/** The quotas of a namespace as it shows them itself, and how much of them is used. */
export function quotaFields(namespace: Namespace) {
  const quotas = [...(namespace.collections.get("quotas")?.values() ?? [])];
  return {
    quotas: quotas.map(({ id, limit_bytes, limits }) => ({ id, limit_bytes, limits })),
    quota_report: quotaReport(namespace),
  };
}

/** The bytes of a namespace's quota; null without one. */
export function configuredQuota(namespace: Namespace): number | null {
  const [quota] = [...(namespace.collections.get("quotas")?.values() ?? [])];
  return (quota?.limit_bytes as number | undefined) ?? null;
}

/** Bytes that all repositories of a namespace take. */
export function repositoryBytes({ repositories }: Namespace): number {
  return repositories.bytes ?? [...repositories.values()].reduce((sum, { size }) => sum + size, 0);
}

/** What Quay says of a namespace's quota and how much of it is used. */
export function quotaReport(namespace: Namespace) {
  const bytes = repositoryBytes(namespace);
  const backfill = bytes > 0 ? "complete" : "waiting";
  return {
    quota_bytes: bytes,
    configured_quota: configuredQuota(namespace),
    running_backfill: backfill,
    backfill_status: backfill,
  };
}
