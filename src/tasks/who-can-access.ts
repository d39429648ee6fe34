import * as z from "zod";
import { listRepositories } from "../../tools/repository.ts";
import { cite } from "../sentences/cite.ts";
import { createGathering, type Gathering } from "./gather.ts";
import { type Organization, permissionList, readOrganization, type Team } from "./organization.ts";
import { byRole, highestRole, namesByRole, shortened } from "./roles.ts";
import { defineTask, placeArguments, placeOf } from "./task.ts";

/** How many repositories of a namespace are looked through at most. */
const mostRepositories = 1000;

/** Neither who they are nor whether that is so is told to others than themselves. */
const ofSuperusers =
  "Superusers are not told here: where FEATURE_SUPERUSERS_FULL_ACCESS is on, they can reach everything.";

const repositoryAbout = z.looseObject({ is_public: z.boolean(), is_organization: z.boolean() });
const listedRepository = z.looseObject({ name: z.string(), is_public: z.boolean().optional() });
const userPermissions = z.looseObject({
  permissions: z.record(
    z.string(),
    z.looseObject({ role: z.string(), is_org_member: z.boolean().optional() }),
  ),
});
const teamPermissions = z.looseObject({
  permissions: z.record(z.string(), z.looseObject({ role: z.string() })),
});
const collaboratorList = z.looseObject({
  collaborators: z.array(z.looseObject({ name: z.string(), repositories: z.array(z.string()) })),
});

/** How someone comes to a role: one way of possibly several. */
interface Way {
  readonly by: "direct" | "team" | "admin_team" | "namespace_owner";
  readonly team?: string;
  readonly role: string;
  /** By role, where they are not all of the namespace or those of the team. */
  readonly repositories?: Readonly<Record<string, readonly string[]>>;
}

/** Users and robots with their ways. */
interface AccessBook {
  add(name: string, way?: Way): void;
  /** Whoever is no member of the organization. */
  markOutside(name: string): void;
  /** How many have each role, and who, the most powerful first. */
  entries(): { readonly accounts: Readonly<Record<string, number>>; readonly access: readonly object[] };
}

export const whoCanAccess = defineTask({
  name: "who_can_access",
  title: "Who can access",
  description:
    "Tell who can access a repository or a namespace: users, robots and teams with their role and how they come to it, default permissions, and what is public.",
  access: "read",
  everyday: true,
  toolset: "permission",
  scopes: [{ anyOf: ["repo:admin", "org:admin"] }],
  arguments: {
    ...placeArguments,
    max_repositories: z
      .int()
      .min(1)
      .max(500)
      .describe("of a namespace, whose permissions are read one by one; default 50")
      .default(50),
  },
  async run(call, given, options) {
    const gathering = createGathering(call, options);
    const place = placeOf(given);
    const found =
      "repository" in place
        ? await accessToRepository(gathering, place.repository)
        : await accessToNamespace(gathering, place.namespace, given.max_repositories);
    return { ...place, ...found, note: ofSuperusers, ...gathering.unread() };
  },
});

/** Three calls, and four more in an organization. */
async function accessToRepository(gathering: Gathering, repository: string): Promise<object> {
  const { need, read } = gathering;
  const about = await need("get_repository", { repository, includeTags: false }, repositoryAbout);
  const [users, teams] = await Promise.all([
    readUserPermissions(gathering, repository),
    about.is_organization
      ? read(
          ["The roles of teams on", repository],
          "list_repository_team_permissions",
          { repository },
          teamPermissions,
        )
      : undefined,
  ]);
  const namespace = repository.slice(0, repository.indexOf("/"));
  const roleOf = (team: string, role: string) =>
    role === "admin" ? "admin" : teams?.permissions[team]?.role;
  const organization = about.is_organization
    ? await readOrganization(gathering, namespace, (team, role) => roleOf(team, role) !== undefined)
    : undefined;

  const book = createBook();
  if (!about.is_organization) book.add(namespace, { by: "namespace_owner", role: "admin" });
  for (const [name, { role, is_org_member }] of Object.entries(users?.permissions ?? {})) {
    book.add(name, { by: "direct", role });
    if (is_org_member === false) book.markOutside(name);
  }
  const known = organization?.teams ?? [];
  const unknown = Object.keys(teams?.permissions ?? {}).filter((name) =>
    known.every((team) => team.name !== name),
  );
  const concerned = [...known, ...unknown.map((name) => ({ name, role: "", members: undefined }))].flatMap(
    ({ name, role: inOrganization, members }) => {
      const role = roleOf(name, inOrganization);
      const by = inOrganization === "admin" ? ("admin_team" as const) : ("team" as const);
      return role === undefined ? [] : [{ by, team: name, role, members }];
    },
  );
  for (const { members = [], ...way } of concerned) {
    for (const member of members) book.add(member, way);
  }
  return {
    public: about.is_public,
    ...book.entries(),
    ...(organization !== undefined && {
      teams: concerned
        .toSorted((one, other) => byRole(one.role, other.role))
        .map(({ by, members, ...team }) => ({
          ...team,
          ...(by === "admin_team" && { by }),
          members,
        })),
    }),
    default_permissions: organization?.defaultPermissions,
  };
}

/** A few calls, and one for each team and each repository that has roles to tell of. */
async function accessToNamespace(gathering: Gathering, namespace: string, most: number): Promise<object> {
  const [organization, repositories] = await Promise.all([
    readOrganization(gathering, namespace),
    gathering.list(
      ["The repositories of", namespace],
      listRepositories,
      { namespace },
      { field: "repositories", item: listedRepository, maxItems: mostRepositories },
    ),
  ]);
  if (organization === undefined)
    await gathering.need("get_user", { username: namespace }, z.looseObject({ username: z.string() }));
  const listed = repositories?.items ?? [];
  const names = listed.map(({ name }) => name);
  if (repositories?.isWhole === false)
    gathering.miss(
      `${cite(namespace)} has more repositories than the ${names.length} that were looked through.`,
    );

  const book = createBook();
  if (organization === undefined) book.add(namespace, { by: "namespace_owner", role: "admin" });
  for (const { name } of organization?.robots ?? []) book.add(name);
  const [teams] = await Promise.all([
    teamsOf(gathering, namespace, organization, book),
    addDirectRoles(gathering, { namespace, organization, names, most }, book),
  ]);
  return {
    kind: organization === undefined ? "user" : "organization",
    repositories: names.length,
    public: shortened(listed.filter(({ is_public }) => is_public === true).map(({ name }) => name)),
    ...book.entries(),
    teams,
    default_permissions: organization?.defaultPermissions,
  };
}

/** The teams with what each can reach; their members go into the book. */
async function teamsOf(
  { read }: Gathering,
  orgname: string,
  organization: Organization | undefined,
  book: AccessBook,
): Promise<object[] | undefined> {
  const rolesOf = async ({ name, role, repositories }: Team) => {
    if (role === "admin" || repositories === 0) return [];
    const shown = await read(
      ["The roles of the team", name],
      "list_team_permissions",
      { orgname, teamname: name },
      permissionList,
    );
    return shown?.permissions.map((each) => ({ name: each.repository.name, role: each.role }));
  };
  const teams = organization?.teams.map(async (team) => {
    const { name, role: organization_role, members } = team;
    const roles = await rolesOf(team);
    const isAdmin = organization_role === "admin";
    const role = isAdmin
      ? "admin"
      : roles === undefined
        ? "unknown"
        : highestRole(roles.map((each) => each.role));
    for (const member of members ?? [])
      book.add(member, { by: isAdmin ? "admin_team" : "team", team: name, role });
    const repositories = isAdmin ? "all" : roles && namesByRole(roles);
    return { team: name, organization_role, repositories, members };
  });
  return teams && (await Promise.all(teams));
}

interface Reach {
  readonly namespace: string;
  readonly organization: Organization | undefined;
  /** Of the repositories that were listed. */
  readonly names: readonly string[];
  /** Of how many of them the permissions are read. */
  readonly most: number;
}

/** The roles that users and robots have by name. Beyond `most` repositories it is known who has some, and not which. */
async function addDirectRoles(
  gathering: Gathering,
  { namespace, organization, names, most }: Reach,
  book: AccessBook,
): Promise<void> {
  const grants = new Map<string, { name: string; role: string }[]>();
  const grant = (grantee: string, name: string, role: string) => {
    const known = grants.get(grantee) ?? [];
    known.push({ name, role });
    grants.set(grantee, known);
  };
  const unreadNames = new Set(names.slice(most));
  await Promise.all(
    names.slice(0, most).map(async (name) => {
      const users = await readUserPermissions(gathering, `${namespace}/${name}`);
      if (users === undefined) unreadNames.add(name);
      for (const [grantee, { role, is_org_member }] of Object.entries(users?.permissions ?? {})) {
        grant(grantee, name, role);
        if (is_org_member === false) book.markOutside(grantee);
      }
    }),
  );
  if (names.length > most) {
    gathering.miss(
      `The roles given by name on ${names.length - most} of ${names.length} repositories were not read: raise max_repositories, or ask for one repository.`,
    );
  }
  if (organization !== undefined && unreadNames.size > 0) {
    const outside = await gathering.read(
      ["The outside collaborators of", namespace],
      "list_organization_collaborators",
      { orgname: namespace },
      collaboratorList,
    );
    for (const { name } of outside?.collaborators ?? []) book.markOutside(name);
    const grantees = [...organization.people, ...organization.robots, ...(outside?.collaborators ?? [])];
    for (const { name: grantee, repositories } of grantees) {
      for (const name of repositories) if (unreadNames.has(name)) grant(grantee, name, "unknown");
    }
  }
  for (const [grantee, roles] of grants) {
    const role = highestRole(roles.map((each) => each.role));
    book.add(grantee, { by: "direct", role, repositories: namesByRole(roles) });
  }
}

function readUserPermissions({ read }: Gathering, repository: string) {
  return read(
    ["The roles of users and robots on", repository],
    "list_repository_user_permissions",
    { repository },
    userPermissions,
  );
}

function createBook(): AccessBook {
  const ways = new Map<string, Way[]>();
  const outside = new Set<string>();
  return {
    add: (name, way) => void ways.set(name, [...(ways.get(name) ?? []), ...(way === undefined ? [] : [way])]),
    markOutside: (name) => void outside.add(name),
    entries() {
      const access = [...ways]
        .map(([name, via]) => ({
          name,
          kind: name.includes("+") ? "robot" : "user",
          role: highestRole(via.map(({ role }) => role)),
          ...(outside.has(name) && { outside: true }),
          via,
        }))
        .sort((one, other) => byRole(one.role, other.role) || (one.name < other.name ? -1 : 1));
      const accounts: Record<string, number> = {};
      for (const { role } of access) accounts[role] = (accounts[role] ?? 0) + 1;
      return { accounts, access };
    },
  };
}
