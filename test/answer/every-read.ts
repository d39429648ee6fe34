/** Calls of every tool that only reads, about everything that a registry holds. */
import { argumentShape } from "../../src/arguments.ts";
import type { CallableTool } from "../../src/operation.ts";
import type { Item, Namespace, Owner, Repository, State } from "../../src/registry/state.ts";
import type { Given } from "../../src/targets/target.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";

export const readingTools: readonly CallableTool[] = [...catalogue, ...tasks].filter(
  ({ access }) => access === "read",
);

/** Arguments without which a tool shows less. */
const more: Readonly<Record<string, Given>> = {
  get_repository: { includeTags: true, includeStats: true },
  list_repositories: { last_modified: true, popularity: true },
  get_manifest: { include_modelcard: true },
  list_team_members: { includePending: true },
  list_organization_robots: { permissions: true },
  list_my_robots: { permissions: true },
  search_entities: { includeTeams: true, includeOrgs: true },
  search_repositories: { includeUsage: true },
};

/** Arguments that are not needed, and with which a tool shows no more. */
const optional = new Map([
  ["search_entities", ["namespace"]],
  ["who_can_access", ["repository"]],
  ["scan_summary", ["namespace"]],
]);

const logs = { starttime: "2026-10-24", endtime: "2026-11-21" };

/** What there is for an argument, among what the arguments before it name. */
type Values = (state: State, given: Given) => Iterable<unknown>;

const items = (owner: Owner | undefined, collection: string, field: string): unknown[] =>
  [...(owner?.collections.get(collection)?.values() ?? [])].map((item: Item) => item[field]);

const organizations = ({ namespaces }: State) =>
  [...namespaces.values()].filter(({ kind }) => kind === "organization");
const allRepositories = (state: State) =>
  [...state.namespaces.values()].flatMap(({ repositories }) => [...repositories.values()]);

/** The namespace or repository that a call is about; the registry's owner of it, where it is about neither. */
function ownerOf(
  { namespaces }: State,
  { orgname, repository, namespace }: Given,
  me: string,
): Namespace | Repository | undefined {
  if (repository === undefined) return namespaces.get(String(orgname ?? namespace ?? me));
  const [first = "", ...rest] = String(repository).split("/");
  return namespaces.get(first)?.repositories.get(rest.join("/"));
}

/** Manifests of each kind: lists, images, and what refers to them. */
function digestsOf({ tags, manifests }: Repository): string[] {
  const tagged = tags.slice(-2).map(({ digest }) => digest);
  const first = manifests.get(tagged[0] ?? "")?.children.slice(0, 1) ?? [];
  const others = [...manifests.values()].filter(({ data }) => data.includes('"subject"')).slice(0, 1);
  return [...new Set([...tagged, ...first, ...others.map(({ digest }) => digest)])];
}

/**
 * Every call of a tool that makes sense.
 *
 * @param me the account that calls
 */
export function callsOf(state: State, tool: CallableTool, me: string): Given[] {
  const names = Object.keys(argumentShape(tool));
  const owner = (given: Given) => ownerOf(state, given, me);
  const values: Readonly<Record<string, Values>> = {
    orgname: () => organizations(state).map(({ name }) => name),
    namespace: () => state.namespaces.keys(),
    repository: () => allRepositories(state).map(({ namespace, name }) => `${namespace}/${name}`),
    teamname: (_state, given) => {
      const whose = owner(given);
      if (whose === undefined) return [];
      return "teams" in whose ? whose.teams.keys() : whose.teamPermissions.keys();
    },
    username: (_state, given) => {
      const whose = owner(given);
      return whose && "userPermissions" in whose ? whose.userPermissions.keys() : [me];
    },
    membername: (_state, given) => {
      const whose = owner(given) as Namespace;
      return [...whose.teams.values()].flatMap(({ members }) => [...members].slice(0, 1));
    },
    robot_shortname: (_state, given) => (owner(given) as Namespace).robots.keys(),
    client_id: (_state, given) =>
      (given.orgname === undefined ? organizations(state) : [owner(given)]).flatMap((each) =>
        items(each, "applications", "client_id"),
      ),
    manifestref: (_state, given) => digestsOf(owner(given) as Repository),
    digest: (_state, given) => digestsOf(owner(given) as Repository),
    labelid: (_state, given) =>
      (owner(given) as Repository).manifests.get(String(given.manifestref))?.labels.keys() ?? [],
    uuid: (_state, given) => items(owner(given), "notifications", "uuid"),
    policy_uuid: (_state, given) => items(owner(given), "policies", "uuid"),
    quota_id: (_state, given) => items(owner(given), "quotas", "id"),
    limit_id: (_state, given) => {
      const quotas = [...(owner(given)?.collections.get("quotas")?.values() ?? [])];
      return quotas.flatMap(({ limits }) => (limits as Item[]).map(({ id }) => id));
    },
    build_uuid: (_state, given) =>
      (given.repository === undefined ? allRepositories(state) : [owner(given)]).flatMap((each) =>
        items(each, "builds", "id"),
      ),
    trigger_uuid: (_state, given) => items(owner(given), "triggers", "id"),
    token_uuid: (_state, given) => items(owner(given), "tokens", "uuid"),
    kid: () => items(state, "keys", "kid"),
    error_type: () => ["not_found", "invalid_request"],
    prefix: () => ["a", "d", "e", "s"],
    query: () => ["", "a", "obey"],
    starttime: () => [logs.starttime],
    endtime: () => [logs.endtime],
  };
  let calls: Given[] = [
    { ...more[tool.name], ...("paging" in tool && tool.paging !== undefined && { max_items: 1000 }) },
  ];
  for (const name of names) {
    const known = values[name];
    if (known === undefined || optional.get(tool.name)?.includes(name)) continue;
    calls = calls.flatMap((given) => [...known(state, given)].map((value) => ({ ...given, [name]: value })));
  }
  return calls;
}
