/** What tasks read of an organization: its teams with their members, its robots, its default permissions. */
import * as z from "zod";
import { cite } from "../sentences/cite.ts";
import type { Gathering } from "./gather.ts";

const named = z.looseObject({ name: z.string() });

const about = z.looseObject({
  is_admin: z.boolean().default(false),
  teams: z
    .record(
      z.string(),
      z.looseObject({
        role: z.string(),
        repo_count: z.number().optional(),
        can_view: z.boolean().optional(),
      }),
    )
    .optional(),
});

const members = z.looseObject({
  members: z.array(
    z.looseObject({
      name: z.string(),
      teams: z.array(named).default([]),
      repositories: z.array(z.string()).default([]),
    }),
  ),
});

/** Teams and repositories are shown to administrators alone. */
export const robotList = z.looseObject({
  robots: z.array(
    z.looseObject({
      name: z.string(),
      created: z.string().nullish(),
      last_accessed: z.string().nullish(),
      description: z.string().nullish(),
      teams: z.array(named).optional(),
      repositories: z.array(z.string()).optional(),
    }),
  ),
});

const prototypes = z.looseObject({
  prototypes: z.array(
    z.looseObject({
      role: z.string(),
      delegate: z.looseObject({ name: z.string(), kind: z.string(), is_robot: z.boolean().optional() }),
      activating_user: named.nullish(),
    }),
  ),
});

export const permissionList = z.looseObject({
  permissions: z.array(z.looseObject({ repository: named, role: z.string() })),
});

export interface Team {
  readonly name: string;
  /** What its members may do in the organization: `member`, `creator`, `admin`. */
  readonly role: string;
  /** On how many repositories it has a role. */
  readonly repositories: number | undefined;
  /** Users and robots; undefined where they are not shown. */
  readonly members: readonly string[] | undefined;
}

/** Someone with roles of their own on repositories. */
export interface Grantee {
  readonly name: string;
  /** The repositories by name, as Quay tells them: a robot's may be in another namespace. */
  readonly repositories: readonly string[];
}

export interface DefaultPermission {
  readonly to: string;
  readonly kind: "user" | "robot" | "team";
  readonly role: string;
  /** Only for the repositories that this one creates. */
  readonly when_created_by?: string;
}

export interface Organization {
  readonly teams: readonly Team[];
  readonly people: readonly Grantee[];
  readonly robots: readonly Grantee[];
  readonly defaultPermissions: readonly DefaultPermission[];
}

/** What `get_organization` says of the teams. */
export function readAboutOrganization(gathering: Gathering, orgname: string) {
  return gathering.find("get_organization", { orgname }, about);
}

/**
 * Reads an organization in four calls, and in one more for each team where all members together are not shown.
 *
 * @param concerns whether the members of a team matter
 * @returns undefined where there is no organization of that name
 */
export async function readOrganization(
  gathering: Gathering,
  orgname: string,
  concerns: (team: string, role: string) => boolean = () => true,
): Promise<Organization | undefined> {
  const shown = await readAboutOrganization(gathering, orgname);
  if (shown === undefined) return undefined;
  const { read, miss } = gathering;
  const of = { orgname };
  const [people, robots, defaults] = await Promise.all([
    read(["The members of", orgname], "list_organization_members", of, members),
    read(["The robots of", orgname], "list_organization_robots", { ...of, permissions: true }, robotList),
    read(["The default permissions of", orgname], "list_organization_prototypes", of, prototypes),
  ]);
  if (shown.teams === undefined) miss(`The teams of ${cite(orgname)} are shown to its members only.`);
  const whole = people !== undefined && robots?.robots.every(({ teams }) => teams !== undefined) === true;
  const everyone = [...(people?.members ?? []), ...(robots?.robots ?? [])];
  const teams = Object.entries(shown.teams ?? {}).map(async ([name, { role, repo_count, can_view }]) => ({
    name,
    role,
    repositories: repo_count,
    members: whole
      ? everyone.filter(({ teams = [] }) => teams.some((team) => team.name === name)).map(({ name }) => name)
      : concerns(name, role)
        ? await readTeamMembers(gathering, orgname, name, can_view)
        : undefined,
  }));
  return {
    teams: await Promise.all(teams),
    people: people?.members ?? [],
    robots: (robots?.robots ?? []).map(({ name, repositories = [] }) => ({ name, repositories })),
    defaultPermissions: (defaults?.prototypes ?? []).map(({ role, delegate, activating_user }) => ({
      to: delegate.name,
      kind: delegate.kind === "team" ? "team" : delegate.is_robot ? "robot" : "user",
      role,
      ...(activating_user && { when_created_by: activating_user.name }),
    })),
  };
}

async function readTeamMembers(
  { read, miss }: Gathering,
  orgname: string,
  teamname: string,
  isShown = true,
): Promise<string[] | undefined> {
  if (!isShown) {
    miss(`The members of the team ${cite(teamname)} are shown only to themselves and to administrators.`);
    return undefined;
  }
  const subject = ["The members of the team", teamname] as const;
  const team = await read(
    subject,
    "list_team_members",
    { orgname, teamname },
    z.looseObject({ members: z.array(z.looseObject({ name: z.string().optional() })) }),
  );
  return team?.members.flatMap(({ name }) => name ?? []);
}
