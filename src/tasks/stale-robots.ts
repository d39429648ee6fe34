import * as z from "zod";
import { Name } from "../../tools/parameters.ts";
import { isoTime } from "../targets/values.ts";
import { createGathering, type Gathering } from "./gather.ts";
import { permissionList, readAboutOrganization, robotList } from "./organization.ts";
import { highestRole, namesByRole } from "./roles.ts";
import { defineTask } from "./task.ts";

const day = 86_400_000;

type Robot = z.output<typeof robotList>["robots"][number];

/** Where the robots of a namespace are read: in an organization, or in the caller's own account. */
interface Source {
  readonly list: string;
  readonly permissions: string;
  readonly owner: { readonly orgname?: string };
  /** The role of each team in the organization. */
  readonly teams: Readonly<
    Record<string, { readonly role: string; readonly repo_count?: number | undefined }>
  >;
}

/** What a robot may do, from the most powerful. */
const powers = ["administers_namespace", "admin", "creates_repositories", "write", "read", "unknown", "none"];

interface Reach {
  readonly power: string;
  readonly roles: readonly { readonly name: string; readonly role: string }[];
}

export const staleRobots = defineTask({
  name: "stale_robots",
  title: "Stale robots",
  description:
    "Tell which robots of a namespace nobody used for some days, or ever, and what they can reach, the most powerful first.",
  access: "read",
  everyday: true,
  toolset: "robot",
  scopes: [{ anyOf: ["org:admin", "repo:create", "user:admin"] }],
  arguments: {
    namespace: Name.describe("organization, or your own account"),
    days: z.int().min(1).max(3650).describe("without use; default 90").default(90),
  },
  /** Two calls (three of an account), and one for each stale robot and each of their teams that has roles on repositories. */
  async run(call, { namespace, days }, options = {}) {
    const gathering = createGathering(call, options);
    const now = (options.now ?? Date.now)();
    const source = await sourceOf(gathering, namespace);
    const { robots } = await gathering.need(source.list, { ...source.owner, permissions: true }, robotList);

    const since = now - days * day;
    // A new robot that waits for its first use is not stale yet.
    const lastSign = ({ last_accessed, created }: Robot) => timeOf(last_accessed) ?? timeOf(created) ?? 0;
    const stale = robots.filter((robot) => lastSign(robot) < since);
    const unusedYet = robots.filter((robot) => !robot.last_accessed && lastSign(robot) >= since);
    const reaches = await reachesOf(gathering, source, stale);

    const entries = stale
      .map((robot) => ({ robot, reach: reaches.get(robot.name)!, idle: now - lastSign(robot) }))
      .sort(
        (one, other) =>
          powers.indexOf(one.reach.power) - powers.indexOf(other.reach.power) ||
          other.reach.roles.length - one.reach.roles.length ||
          other.idle - one.idle,
      );
    return {
      namespace,
      days,
      robots: robots.length,
      stale: entries.length,
      stale_robots: entries.map(({ robot, reach, idle }) => view(robot, reach, Math.floor(idle / day))),
      ...(unusedYet.length > 0 && { new_and_not_used_yet: unusedYet.map(({ name }) => name) }),
      ...(robots.length > 1 &&
        robots.every(({ last_accessed }) => !last_accessed) && {
          note: "No robot has a last use. Where FEATURE_USER_LAST_ACCESSED is off, Quay does not record it, and this says nothing.",
        }),
      ...gathering.unread(),
    };
  },
});

async function sourceOf(gathering: Gathering, namespace: string): Promise<Source> {
  const about = await readAboutOrganization(gathering, namespace);
  if (about !== undefined) {
    return {
      list: "list_organization_robots",
      permissions: "list_organization_robot_permissions",
      owner: { orgname: namespace },
      teams: about.teams ?? {},
    };
  }
  const { username } = await gathering.need("get_my_user", {}, z.looseObject({ username: z.string() }));
  // Only their owner is shown the robots of an account: what Quay says of it as an organization is the answer.
  if (username !== namespace) await gathering.need("get_organization", { orgname: namespace }, z.unknown());
  return { list: "list_my_robots", permissions: "list_my_robot_permissions", owner: {}, teams: {} };
}

/** What each of the robots may do: by name, and through its teams. */
async function reachesOf(
  { read, miss }: Gathering,
  { permissions, owner, teams }: Source,
  robots: readonly Robot[],
): Promise<Map<string, Reach>> {
  const rolesOf = async (what: string, name: string, tool: string, given: object) => {
    const shown = await read([what, name], tool, { ...owner, ...given }, permissionList);
    return shown?.permissions.map(({ repository, role }) => ({ name: repository.name, role }));
  };
  const hidden = robots.filter((robot) => robot.repositories === undefined || robot.teams === undefined);
  if (hidden.length > 0)
    miss("What the robots can reach is shown to administrators of the organization only.");

  const concerned = new Set(robots.flatMap((robot) => robot.teams?.map(({ name }) => name) ?? []));
  const ofTeams = new Map(
    await Promise.all(
      [...concerned].map(async (name) => {
        const { role, repo_count } = teams[name] ?? {};
        const needless = role === "admin" || repo_count === 0;
        const roles = needless
          ? []
          : await rolesOf("The roles of the team", name, "list_team_permissions", { teamname: name });
        return [name, roles] as const;
      }),
    ),
  );
  const entries = robots.map(async (robot) => {
    const { name, repositories, teams: joined = [] } = robot;
    const robot_shortname = name.slice(name.indexOf("+") + 1);
    const own =
      repositories?.length === 0
        ? []
        : repositories && (await rolesOf("The roles of the robot", name, permissions, { robot_shortname }));
    const byTeams = joined.map((team) => ofTeams.get(team.name));
    const isKnown = own !== undefined && byTeams.every((roles) => roles !== undefined);
    const known = [own ?? (repositories ?? []).map((each) => ({ name: each, role: "unknown" })), ...byTeams];
    const roles = strongest(known.flatMap((each) => each ?? []));
    const inNamespace = joined.map((team) => teams[team.name]?.role);
    return [name, { power: powerOf(inNamespace, roles, isKnown), roles }] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The strongest role on each repository. */
function strongest(roles: Reach["roles"]): Reach["roles"] {
  const names = [...new Set(roles.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    role: highestRole(roles.filter((each) => each.name === name).map(({ role }) => role)),
  }));
}

function powerOf(
  inNamespace: readonly (string | undefined)[],
  roles: Reach["roles"],
  isKnown: boolean,
): string {
  const candidates = [
    ...(inNamespace.includes("admin") ? ["administers_namespace"] : []),
    ...(inNamespace.includes("creator") ? ["creates_repositories"] : []),
    ...roles.map(({ role }) => role),
    ...(isKnown ? [] : ["unknown"]),
  ];
  return powers.find((power) => candidates.includes(power)) ?? "none";
}

function view({ name, created, last_accessed, description, teams = [] }: Robot, reach: Reach, days: number) {
  return {
    name,
    ...(description && { description }),
    created: isoTime(created),
    last_used: isoTime(last_accessed) ?? "never",
    [last_accessed ? "days_since_use" : "days_since_creation"]: days,
    power: reach.power,
    ...(teams.length > 0 && { teams: teams.map((team) => team.name) }),
    ...(reach.roles.length > 0 && { repositories: namesByRole(reach.roles) }),
  };
}

function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}
