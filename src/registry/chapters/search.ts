/** Searches: for anything, for repositories, and for whom a permission may be given to. */
import { json } from "../answers.ts";
import { hasNamespaceRole, hasUserScope, rolesOn } from "../authorization.ts";
import { type Call, flag, type Handlers, integer, namespaceOf, param } from "../call.ts";
import { findMember, isMember, memberView, namespaceAvatar, teamAvatar } from "../entities.ts";
import { findOrganization, type Namespace, type Repository } from "../state.ts";
import { lastModified, pathOf } from "./repository.ts";

const hitsOfAKind = 5;
const mostEntities = 10;
const repositoriesPerPage = 10;
const mostPages = 10;

const scores = { namespace: 1, team: 2, repository: 4 } as const;

/** How close a name is to what was searched for; Quay scores by where the letters stand. */
function closeness(name: string, query: string): number {
  const [text, sought] = [name.toLowerCase(), query.toLowerCase()];
  if (text === sought) return 1;
  if (text.startsWith(sought)) return 0.9;
  return text.includes(sought) ? 0.7 : 0.5;
}

function namespaceHit(namespace: Namespace) {
  const isOrganization = namespace.kind === "organization";
  return {
    title: isOrganization ? "org" : "user",
    kind: isOrganization ? "organization" : "user",
    avatar: namespaceAvatar(namespace, isOrganization ? "org" : "user"),
    name: namespace.name,
    score: scores.namespace as number,
    href: `/${isOrganization ? "organization" : "user"}/${namespace.name}`,
  };
}

function repositoryHit(call: Call, repository: Repository) {
  return {
    kind: "repository",
    title: "repo",
    namespace: namespaceHit(namespaceOf(call.state, repository)),
    name: repository.name,
    description: repository.description,
    is_public: repository.public,
    score: scores.repository as number,
    href: `/repository/${pathOf(repository)}`,
  };
}

/** Repositories by name or description that are public or the caller's, the names that match first; no more than `most`. */
function matchingRepositories(call: Call, query: string, most: number): Repository[] {
  const sought = query.toLowerCase();
  const me = call.caller?.user.name;
  const byName = ({ name }: Repository) => name.includes(sought);
  const byDescription = (repository: Repository) =>
    !byName(repository) && repository.description?.toLowerCase().includes(sought) === true;
  const found: Repository[] = [];
  for (const matches of [byName, byDescription]) {
    for (const namespace of call.state.namespaces.values()) {
      for (const repository of namespace.repositories.values()) {
        if (found.length === most) return found;
        if (!matches(repository)) continue;
        if (repository.public || (me !== undefined && rolesOn(namespace, repository, me).length > 0)) {
          found.push(repository);
        }
      }
    }
  }
  return found;
}

/** Teams of the caller's organizations, robots of the namespaces they administer, and those namespaces. */
function ownHits(call: Call, query: string) {
  const me = call.caller?.user;
  if (me === undefined) return [];
  const mine = [...call.state.namespaces.values()].filter((each) => each === me || isMember(each, me.name));
  const teams = mine.flatMap((organization) =>
    [...organization.teams.values()]
      .filter((team) => team.name.startsWith(query))
      .map((team) => ({
        kind: "team",
        name: team.name,
        organization: namespaceHit(organization),
        avatar: teamAvatar(team),
        score: scores.team as number,
        href: `/organization/${organization.name}/teams/${team.name}`,
      })),
  );
  const robots = mine.flatMap((owner) =>
    [...owner.robots]
      .filter(([shortname]) => shortname.includes(query))
      .map(([shortname, { name }]) => ({
        title: "robot",
        kind: "robot",
        avatar: null,
        name,
        score: scores.namespace as number,
        href: `/${owner === me ? "user" : "organization"}/${owner.name}?tab=robots&showRobot=${name}`,
        short_name: shortname,
      })),
  );
  return [...teams.slice(0, hitsOfAKind), ...robots.slice(0, hitsOfAKind)];
}

function matchingNamespaces(call: Call, query: string) {
  const me = call.caller?.user;
  return [...call.state.namespaces.values()]
    .filter((each) => each.name.startsWith(query) && (each === me || isMember(each, me?.name ?? "")))
    .slice(0, hitsOfAKind)
    .map(namespaceHit);
}

function entityTeams(call: Call, organization: Namespace, prefix: string) {
  const found = [...organization.teams.values()].filter(({ name }) => name.startsWith(prefix));
  return flag(call, "includeTeams")
    ? found.map((team) => ({ name: team.name, kind: "team", is_org_member: true, avatar: teamAvatar(team) }))
    : [];
}

export const search: Handlers = {
  conductSearch(call) {
    const query = call.query.get("query") ?? "";
    if (query === "") return json({ results: [] });
    const repositories = matchingRepositories(call, query, hitsOfAKind);
    const results = [
      ...ownHits(call, query),
      ...repositories.map((repository) => repositoryHit(call, repository)),
      ...matchingNamespaces(call, query),
    ].map((hit) => ({
      ...hit,
      score: hit.score * closeness("short_name" in hit ? hit.short_name : hit.name, query),
    }));
    return json({ results: results.sort((one, other) => other.score - one.score) });
  },

  conductRepoSearch(call) {
    const page = Math.min(Math.max(1, integer(call, "page", 1, "The page.")), mostPages);
    const start = (page - 1) * repositoriesPerPage;
    const found = matchingRepositories(call, call.query.get("query") ?? "", start + repositoriesPerPage + 1);
    const stars = (path: string) =>
      [...call.state.namespaces.values()].filter((each) => each.stars.has(path)).length;
    return json({
      results: found.slice(start, start + repositoriesPerPage).map((repository) => {
        const modified = lastModified(repository, call.state);
        return {
          ...repositoryHit(call, repository),
          ...(flag(call, "includeUsage") && {
            ...(modified !== null && { last_modified: modified }),
            stars: stars(pathOf(repository)),
            popularity: repository.popularity,
          }),
        };
      }),
      has_additional: found.length > start + repositoriesPerPage,
      page,
      page_size: repositoriesPerPage,
      start_index: start,
    });
  },

  getMatchingEntities(call) {
    const prefix = param(call, "prefix").replaceAll(" ", "").toLowerCase();
    const name = call.query.get("namespace") ?? "";
    const organization = findOrganization(call.state, name);
    const seesInside = organization !== undefined && hasNamespaceRole(call.caller, organization, "member");
    const isOwn = call.caller?.user.name === name && hasUserScope(call.caller, "user:admin");
    const teams = seesInside ? entityTeams(call, organization, prefix) : [];
    const withRobots = seesInside || isOwn ? call.state.namespaces.get(name) : undefined;
    const robots = [...(withRobots?.robots ?? [])]
      .filter(([shortname]) => shortname.startsWith(prefix))
      .map(([, robot]) => robot.name);
    const users = [...call.state.namespaces.values()]
      .filter((each) => each.kind === "user" && each.name.startsWith(prefix))
      .map((each) => each.name)
      .sort((one, other) => Number(other === prefix) - Number(one === prefix));
    const members = [...robots, ...users].slice(0, mostEntities);
    const withOrganization = seesInside && flag(call, "includeOrgs") && name.startsWith(prefix);
    return json({
      results: [
        ...teams,
        ...members.flatMap((each) => {
          const member = findMember(call.state, each);
          return member === undefined ? [] : memberView(member, organization);
        }),
        ...(withOrganization
          ? [{ name, kind: "org", is_org_member: true, avatar: namespaceAvatar(organization, "org") }]
          : []),
      ],
    });
  },
};
