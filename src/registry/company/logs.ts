/** A month of logs: everyday pulls and pushes, and what the facts tell besides. */
import { fromEpoch } from "../formats.ts";
import { findRepository, type Item, type LogEntry, type Repository, type State } from "../state.ts";
import { events } from "./facts.ts";
import { day } from "./repositories.ts";

const days = 30;
const officeHours = 36_000;

/** Adds them, the oldest first. */
export function addLogs(state: State, now: number): void {
  const entries: LogEntry[] = [];
  for (const { repositories } of state.namespaces.values()) {
    for (const repository of repositories.values()) entries.push(...everyday(state, repository, now));
  }
  for (const [daysAgo, kind, performer, place, metadata = {}] of events) {
    const repository = findRepository(state, place);
    const where = repository === undefined ? { namespace: place } : placeOf(repository);
    entries.push(entry(state, at(state, now, daysAgo), kind, performer, { ...where, ...metadata }));
  }
  entries.sort((one, other) => one.time.getTime() - other.time.getTime());
  state.logs.push(...entries);
}

const placeOf = ({ name, namespace }: Repository) => ({ repo: name, namespace });

/** Some time of that day, in seconds since 1970. */
const at = (state: State, now: number, daysAgo: number) =>
  now - daysAgo * day - state.random.integer(1, officeHours);

function entry(
  state: State,
  seconds: number,
  kind: string,
  performer: string | null,
  metadata: Item,
): LogEntry {
  const { namespace, repo = null } = metadata as { namespace: string; repo?: string };
  return {
    kind,
    metadata,
    time: fromEpoch(seconds),
    ip: `10.20.${state.random.integer(0, 3)}.${state.random.integer(2, 250)}`,
    performer,
    namespace,
    // Deleted or made in the meantime: the metadata alone names it.
    repository: repo !== null && findRepository(state, `${namespace}/${repo}`) ? repo : null,
  };
}

/** Who pushes to a repository: the first robot that may, or whoever has a permission. */
function pusher({ userPermissions }: Repository): string {
  const writers = [...userPermissions].filter(([, role]) => role !== "read").map(([name]) => name);
  return writers.find((name) => name.includes("+")) ?? writers[0]!;
}

function everyday(state: State, repository: Repository, now: number): LogEntry[] {
  const place = placeOf(repository);
  const mirror = repository.collections.get("mirror")?.get("");
  const entries: LogEntry[] = [];
  const add = (seconds: number, kind: string, performer: string | null, metadata: Item) =>
    entries.push(entry(state, seconds, kind, performer, { ...place, ...metadata }));

  for (const tag of repository.tags) {
    if (tag.start < now - (days + 1) * day) continue;
    if (repository.manifests.get(tag.digest) === undefined) continue;
    const performer = mirror === undefined ? pusher(repository) : String(mirror.robot_username);
    add(tag.start, "push_repo", performer, { tag: tag.name, username: performer });
  }
  const newest = repository.tags.at(-1);
  // The busy ones are pulled every day, the forgotten ones never.
  const forgotten = newest === undefined || newest.start < now - 300 * day;
  for (let daysAgo = days; daysAgo >= 0; daysAgo -= 1) {
    if (mirror !== undefined && mirror.is_enabled === true) {
      const failed = mirror.sync_status === "FAIL" && daysAgo < 12;
      const seconds = at(state, now, daysAgo);
      const message = failed ? `unauthorized: access to ${mirror.external_reference} denied` : "";
      add(seconds, "repo_mirror_sync_started", null, { message: "" });
      add(seconds + 60, failed ? "repo_mirror_sync_failed" : "repo_mirror_sync_success", null, { message });
    }
    const pulls = forgotten ? 0 : state.random.integer(0, 2);
    for (let pull = 0; pull < pulls; pull += 1) {
      const performer = repository.public ? null : pusher(repository);
      add(at(state, now, daysAgo), "pull_repo", performer, {
        tag: newest!.name,
        ...(performer !== null && { username: performer }),
      });
    }
  }
  return entries;
}
