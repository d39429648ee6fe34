/** Repositories: made, listed, shown, changed, deleted. */
import { badRequest, empty, insufficientScope, invalidRequest, json, notFound, refuse } from "../answers.ts";
import {
  hasNamespaceRole,
  hasRepositoryRole,
  isReadOnlySuperuser,
  isSuperuser,
  rolesOn,
} from "../authorization.ts";
import { bodyOf, type Call, flag, type Handlers, namespaceOf, param, repositoryOf, userOf } from "../call.ts";
import { configuredQuota } from "../entities.ts";
import { fromEpoch, rfc2822 } from "../formats.ts";
import { record, recordIn } from "../log.ts";
import { filteredPage, type Page, page } from "../paging.ts";
import {
  addRepository,
  findRepository,
  type Item,
  isLive,
  type Namespace,
  type Repository,
  type Role,
  type State,
} from "../state.ts";

const repositoriesPerPage = 100;
const mostTagsShown = 500;
const daysOfStatistics = 91;
const dayInMilliseconds = 86_400_000;

/** Letters, digits and separators, in segments, as Quay's extended repository names are. */
const namePattern =
  /^(?=.{1,255}$)[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*)*$/;

/** When a tag of the repository was last set, in seconds; null without tags. */
export function lastModified(repository: Repository, state: State): number | null {
  const live = repository.tags.filter((tag) => isLive(tag, state));
  return live.length === 0 ? null : Math.max(...live.map(({ start }) => start));
}

export const pathOf = ({ namespace, name }: Repository): string => `${namespace}/${name}`;

/** Those of one namespace, or of all in the order in which they were made, from a position on. */
function* repositoriesFrom(state: State, namespace: string | null, position: number): Generator<Repository> {
  const namespaces = namespace ? [state.namespaces.get(namespace)] : [...state.namespaces.values()];
  const all = namespaces.flatMap((each) => each?.repositories ?? []);
  const [many, few] = [all.filter(({ from }) => from), all.filter(({ from }) => !from)];
  const listed = few.flatMap((each) => [...each.values()]);
  if (!namespace) listed.sort((one, other) => one.id - other.id);
  yield* listed.slice(position);
  let skip = Math.max(0, position - listed.length);
  for (const each of many) {
    if (skip < each.size) yield* each.from!(skip);
    skip = Math.max(0, skip - each.size);
  }
}

/** Whether the caller's lists show the repository: by a permission of their own, whatever the token's scopes. */
function isListed(call: Call, repository: Repository): boolean {
  const { caller, state } = call;
  if (caller === undefined) return false;
  if (isSuperuser(caller) || isReadOnlySuperuser(caller)) return true;
  return rolesOn(namespaceOf(state, repository), repository, caller.user.name).length > 0;
}

function listView(call: Call, repository: Repository) {
  const { caller, state } = call;
  return {
    namespace: repository.namespace,
    name: repository.name,
    description: repository.description,
    is_public: repository.public,
    kind: "image",
    state: repository.state,
    ...(flag(call, "last_modified") && { last_modified: lastModified(repository, state) }),
    ...(flag(call, "popularity") && { popularity: repository.popularity }),
    ...(caller && { is_starred: caller.user.stars.has(pathOf(repository)) }),
    quota_report: {
      quota_bytes: repository.size,
      configured_quota: configuredQuota(namespaceOf(state, repository)),
    },
  };
}

function listed(call: Call): Page<Repository> {
  const { caller, state, query } = call;
  if (flag(call, "starred")) {
    if (caller === undefined) refuse(badRequest());
    const starred = [...caller.user.stars].flatMap((path) => findRepository(state, path) ?? []);
    return page(call, starred, repositoriesPerPage);
  }
  const namespace = query.get("namespace");
  const withPublic = flag(call, "public");
  return filteredPage(
    call,
    (position) => repositoriesFrom(state, namespace, position),
    repositoriesPerPage,
    (repository) => (withPublic && repository.public) || isListed(call, repository),
  );
}

/** A day's pulls and pushes for the last three months. Quay counts them by night, so today is not among them. */
function statistics(state: State) {
  const now = state.now().getTime();
  return Array.from({ length: daysOfStatistics }, (_, index) => ({
    date: new Date(now - (index + 1) * dayInMilliseconds).toISOString().slice(0, 10),
    count: 0,
  }));
}

function tagsView(call: Call, repository: Repository) {
  const live = repository.tags.filter((tag) => isLive(tag, call.state)).slice(-mostTagsShown);
  return Object.fromEntries(
    live.reverse().map((tag) => [
      tag.name,
      {
        name: tag.name,
        size: repository.manifests.get(tag.digest)?.size ?? null,
        last_modified: rfc2822(fromEpoch(tag.start)),
        manifest_digest: tag.digest,
        ...(tag.end !== null && { expiration: rfc2822(fromEpoch(tag.end)) }),
      },
    ]),
  );
}

/** What the prototypes of an organization give away with each new repository. */
function applyPrototypes(namespace: Namespace, repository: Repository, creator: string): void {
  for (const prototype of namespace.collections.get("prototypes")?.values() ?? []) {
    const activating = prototype.activating_user as Item | null;
    if (activating !== null && activating.name !== creator) continue;
    const delegate = prototype.delegate as Item;
    const permissions = delegate.kind === "team" ? repository.teamPermissions : repository.userPermissions;
    permissions.set(String(delegate.name), prototype.role as Role);
  }
}

export const repository: Handlers = {
  listRepos(call) {
    if (!call.query.get("namespace") && !flag(call, "starred") && !flag(call, "public")) {
      refuse(invalidRequest("namespace, starred or public are required for this API call"));
    }
    const { items, next } = listed(call);
    return json({ repositories: items.map((each) => listView(call, each)), ...next });
  },

  createRepo(call) {
    const creator = userOf(call).name;
    const body = bodyOf<{ namespace?: string; repository: string; visibility: string; description: string }>(
      call,
    );
    const { namespace: owner = creator, repository: name, visibility, description } = body;
    const namespace = call.state.namespaces.get(owner);
    if (!hasNamespaceRole(call.caller, namespace, "creator")) refuse(insufficientScope());
    if (namespace?.repositories.has(name)) refuse(invalidRequest("Repository already exists"));
    if (!namePattern.test(name)) refuse(invalidRequest("Invalid repository name"));
    if (namespace?.collections.get("mirror")?.size) {
      refuse(
        invalidRequest("Cannot create repository: organization is managed by organization-level mirroring"),
      );
    }
    // A superuser may create one in a namespace that is not there: Quay fails on it, and so does this.
    const created = addRepository(call.state, namespace!, name, {
      description,
      public: visibility === "public",
    });
    created.userPermissions.set(creator, "admin");
    applyPrototypes(namespace!, created, creator);
    recordIn(call, created, "create_repo");
    return json({ namespace: owner, name, kind: "image" }, 201);
  },

  getRepo(call) {
    const { state, caller } = call;
    const shown = repositoryOf(call);
    const namespace = namespaceOf(state, shown);
    const mayWrite = shown.state === "NORMAL" && hasRepositoryRole(state, caller, shown, "write");
    return json({
      namespace: shown.namespace,
      name: shown.name,
      kind: "image",
      description: shown.description,
      is_public: shown.public,
      is_organization: namespace.kind === "organization",
      is_starred: caller?.user.stars.has(pathOf(shown)) ?? false,
      status_token: shown.public ? "" : shown.statusToken,
      trust_enabled: shown.trust,
      tag_expiration_s: namespace.tagExpiration,
      is_free_account: namespace.freeAccount,
      state: shown.state,
      ...(flag(call, "includeTags", true) && { tags: tagsView(call, shown) }),
      can_write: mayWrite,
      can_admin: isReadOnlySuperuser(caller) || hasRepositoryRole(state, caller, shown, "admin"),
      ...(flag(call, "includeStats") && { stats: statistics(state) }),
    });
  },

  updateRepo(call) {
    const changed = repositoryOf(call);
    const { description } = bodyOf<{ description: string }>(call);
    changed.description = description;
    recordIn(call, changed, "set_repo_description", { description });
    return json({ success: true });
  },

  /** Also where there is none: a superuser is told nothing. */
  deleteRepository(call) {
    const path = param(call, "repository");
    const [owner = "", ...rest] = path.split("/");
    const name = rest.join("/");
    call.state.namespaces.get(owner)!.repositories.delete(name);
    for (const { stars } of call.state.namespaces.values()) stars.delete(path);
    record(call, "delete_repo", owner, { repo: name, namespace: owner });
    return empty();
  },

  changeRepoVisibility(call) {
    const changed = findRepository(call.state, param(call, "repository"));
    if (changed === undefined) return notFound();
    const { visibility } = bodyOf<{ visibility: string }>(call);
    changed.public = visibility === "public";
    recordIn(call, changed, "change_repo_visibility", { visibility });
    return json({ success: true });
  },

  changeRepoState(call) {
    const changed = repositoryOf(call);
    const { state } = bodyOf<{ state: Repository["state"] }>(call);
    changed.state = state;
    recordIn(call, changed, "change_repo_state", { state_changed: state });
    return json({ success: true });
  },
};
