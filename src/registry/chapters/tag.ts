/** Tags: listed with their history, moved, expired, locked, deleted and brought back. */
import {
  badRequest,
  empty,
  insufficientScope,
  invalidRequest,
  json,
  message,
  notFound,
  notNormal,
  refuse,
  tagImmutable,
} from "../answers.ts";
import { hasRepositoryRole } from "../authorization.ts";
import {
  bodyOf,
  type Call,
  flag,
  type Handlers,
  integer,
  namespaceOf,
  param,
  repositoryOf,
  userOf,
} from "../call.ts";
import { epochSeconds, fromEpoch, rfc2822 } from "../formats.ts";
import { record } from "../log.ts";
import {
  findRepository,
  type Item,
  isLive,
  liveTag,
  type Manifest,
  type Repository,
  type Tag,
} from "../state.ts";

const tagPattern = /^[\w][\w.-]{0,127}$/;
const limitHelp = "Limit to the number of results to return per page. Max 100.";
const pageHelp = "Page index for the results. Default 1.";

/** A tag as Quay lists it. */
export function tagView(repository: Repository, tag: Tag) {
  const manifest = repository.manifests.get(tag.digest);
  return {
    name: tag.name,
    reversion: tag.reversion,
    immutable: tag.immutable,
    start_ts: tag.start,
    ...(tag.end !== null && { end_ts: tag.end }),
    manifest_digest: tag.digest,
    is_manifest_list: manifest?.isList ?? false,
    size: manifest?.size ?? null,
    last_modified: rfc2822(fromEpoch(tag.start)),
    ...(tag.end !== null && { expiration: rfc2822(fromEpoch(tag.end)) }),
    ...(manifest?.isList && listFields(repository, manifest)),
  };
}

/** Which of the manifests that a list names are there. */
function listFields(repository: Repository, { children }: Manifest) {
  const present = children.filter((digest) => repository.manifests.has(digest));
  return {
    is_sparse: present.length < children.length,
    child_manifest_count: children.length,
    present_child_count: present.length,
    child_manifests_presence: Object.fromEntries(
      children.map((digest) => [digest, repository.manifests.has(digest)]),
    ),
  };
}

/** The name filter `like:x` or `eq:x`; any other operation filters nothing. */
function nameFilter(call: Call): (name: string) => boolean {
  const filter = call.query.get("filter_tag_name");
  if (!filter) return () => true;
  const [operation, name, ...more] = filter.split(":");
  if (name === undefined || more.length > 0) {
    refuse(
      message(
        "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'.",
      ),
    );
  }
  if (operation === "eq") return (each) => each === name;
  return operation === "like" ? (each) => each.includes(name) : () => true;
}

/** Where tags are written to; mirrors and frozen repositories refuse, before anything else is looked at. */
function writable(call: Call): Repository {
  const repository = findRepository(call.state, param(call, "repository")) ?? refuse(notFound());
  if (repository.state !== "NORMAL") refuse(notNormal(repository.state));
  return repository;
}

const nowIn = (call: Call) => epochSeconds(call.state.now());

/** Points a tag at a manifest: the tag that was ends, and a new one begins. */
function retarget(
  call: Call,
  repository: Repository,
  name: string,
  digest: string,
  reversion: boolean,
): void {
  const existing = liveTag(repository, name, call.state);
  if (existing?.immutable) refuse(tagImmutable("overwrite", name));
  if (existing !== undefined) existing.end = nowIn(call);
  repository.tags.push({ name, digest, start: nowIn(call), end: null, reversion, immutable: false });
}

function log(call: Call, repository: Repository, kind: string, tag: string, metadata: Item): void {
  const { name: repo, namespace } = repository;
  const username = userOf(call).name;
  record(call, kind, namespace, { username, repo, tag, namespace, ...metadata }, repo);
}

interface Change {
  readonly manifest_digest?: string | null;
  readonly expiration?: number | null;
  readonly immutable?: boolean;
}

function changeExpiration(call: Call, repository: Repository, tag: Tag, expiration: number | null): void {
  if (expiration !== null && expiration <= nowIn(call)) refuse(badRequest());
  if (tag.immutable && expiration !== null) refuse(tagImmutable("set expiration on", tag.name));
  const old = tag.end;
  tag.end = expiration;
  if (old === null && expiration === null) return;
  log(call, repository, "change_tag_expiration", tag.name, {
    expiration_date: expiration,
    old_expiration_date: old,
  });
}

export const tag: Handlers = {
  listRepoTags(call) {
    const repository = repositoryOf(call);
    const limit = Math.min(100, Math.max(1, integer(call, "limit", 50, limitHelp)));
    const page = Math.max(1, integer(call, "page", 1, pageHelp));
    const specific = call.query.get("specificTag");
    const onlyLive = flag(call, "onlyActiveTags");
    const matches = nameFilter(call);
    const oldest = nowIn(call) - namespaceOf(call.state, repository).tagExpiration;
    const found = repository.tags
      .toReversed()
      .filter(
        (each) =>
          (!specific || each.name === specific) &&
          matches(each.name) &&
          (isLive(each, call.state) || (!onlyLive && each.end! > oldest)),
      )
      .sort((one, other) => other.start - one.start);
    const first = (page - 1) * limit;
    return json({
      tags: found.slice(first, first + limit).map((each) => tagView(repository, each)),
      page,
      has_additional: found.length > first + limit,
    });
  },

  /** Expiration, lock and manifest are changed one after the other, each on its own. */
  changeTag(call) {
    const repository = writable(call);
    const name = param(call, "tag");
    const body = bodyOf<Change>(call);
    if (!tagPattern.test(name)) {
      refuse(
        message(
          'Invalid tag: must match [A-Za-z0-9_.-], NOT start with "." or "-", and can contain 1-128 characters',
        ),
      );
    }
    const existing = liveTag(repository, name, call.state);
    if (body.expiration !== undefined) {
      changeExpiration(call, repository, existing ?? refuse(notFound()), body.expiration);
    }
    if (body.immutable !== undefined) {
      const locked = existing ?? refuse(notFound());
      const previous = locked.immutable;
      if (previous && !body.immutable && !hasRepositoryRole(call.state, call.caller, repository, "admin")) {
        refuse(insufficientScope());
      }
      locked.immutable = body.immutable;
      const metadata = { immutable: body.immutable, previous_immutable: previous };
      log(call, repository, "change_tag_immutability", name, metadata);
    }
    if (body.manifest_digest !== undefined) {
      const digest = body.manifest_digest ?? "";
      if (!repository.manifests.has(digest)) refuse(notFound());
      retarget(call, repository, name, digest, false);
      const metadata = { manifest_digest: digest, original_manifest_digest: existing?.digest ?? null };
      log(call, repository, existing ? "move_tag" : "create_tag", name, metadata);
    }
    return json("Updated", 201);
  },

  /** The tag ends now; its manifest stays until the time machine window is over. */
  deleteFullTag(call) {
    const repository = writable(call);
    const name = param(call, "tag");
    const deleted = liveTag(repository, name, call.state) ?? refuse(notFound());
    if (deleted.immutable) refuse(tagImmutable("delete", name));
    deleted.end = nowIn(call);
    log(call, repository, "delete_tag", name, {});
    return empty();
  },

  /** Any manifest of the repository will do, and the tag need never have been. */
  restoreTag(call) {
    const repository = writable(call);
    const name = param(call, "tag");
    const { manifest_digest: digest } = bodyOf<{ manifest_digest?: string }>(call);
    if (digest === undefined) refuse(invalidRequest("Missing manifest_digest"));
    if (!repository.manifests.has(digest)) refuse(notFound());
    retarget(call, repository, name, digest, true);
    // The only entry about tags that does not name the namespace.
    const metadata = {
      username: userOf(call).name,
      repo: repository.name,
      tag: name,
      manifest_digest: digest,
    };
    record(call, "revert_tag", repository.namespace, metadata, repository.name);
    return json({});
  },
};
