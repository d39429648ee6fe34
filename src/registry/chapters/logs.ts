/** The action logs: listed, counted and exported, of an organization, a repository, a user or the whole registry. */
import { type Answer, badRequest, invalidRequest, json, message, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, isEmail, param, repositoryOf, userOf } from "../call.ts";
import { findMember, namespaceAvatar } from "../entities.ts";
import { epochSeconds, rfc2822 } from "../formats.ts";
import { record } from "../log.ts";
import { pageStart, pageToken } from "../paging.ts";
import type { LogEntry } from "../state.ts";

const entriesPerPage = 20;
const dayInMilliseconds = 86_400_000;
const longestAggregate = 31 * dayInMilliseconds;

/** What happens to service keys is no business of a user's own logs. */
const serviceKinds = /^service_key_/;

/** Whose logs a call is about. */
interface Place {
  /** Of the whole registry where it is left out; its entries then say their namespace. */
  readonly namespace?: string;
  readonly repository?: string;
  readonly withoutServiceKeys?: true;
}

const ofOrganization = (call: Call): Place => ({ namespace: param(call, "orgname") });
const ofUser = (call: Call): Place => ({ namespace: userOf(call).name, withoutServiceKeys: true });
const ofRepository = (call: Call): Place => {
  const { namespace, name } = repositoryOf(call);
  return { namespace, repository: name };
};

/** A day as the API takes it, MM/DD/YYYY; anything else counts as not given. */
function day(text: string | null): number | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text ?? "");
  if (match === null) return undefined;
  const [month, date, year] = match.slice(1).map(Number) as [number, number, number];
  const time = Date.UTC(year, month - 1, date);
  const real = new Date(time).getUTCMonth() === month - 1 && new Date(time).getUTCDate() === date;
  return real ? time : undefined;
}

/** The days that are asked for, the last one whole; the last day, where none are. */
function period(call: Call): { start: number; end: number } {
  const now = call.state.now().getTime();
  const start = day(call.query.get("starttime")) ?? now - dayInMilliseconds;
  const end = (day(call.query.get("endtime")) ?? now) + dayInMilliseconds;
  if (end < start) refuse(badRequest());
  return { start, end };
}

/** The entries that a call asks for, the newest first. */
function entries(call: Call, place: Place): LogEntry[] {
  const { start, end } = period(call);
  const performer = call.query.get("performer");
  return call.state.logs
    .filter(
      (entry) =>
        entry.time.getTime() >= start &&
        entry.time.getTime() < end &&
        (place.namespace === undefined || entry.namespace === place.namespace) &&
        (place.repository === undefined || entry.repository === place.repository) &&
        (!place.withoutServiceKeys || !serviceKinds.test(entry.kind)) &&
        (!performer || entry.performer === performer),
    )
    .reverse()
    .sort((one, other) => other.time.getTime() - one.time.getTime());
}

function entryView(call: Call, entry: LogEntry, withNamespace: boolean) {
  const performer = entry.performer === null ? undefined : findMember(call.state, entry.performer);
  const namespace = call.state.namespaces.get(entry.namespace ?? "");
  const kind = namespace?.kind === "organization" ? "org" : "user";
  return {
    kind: entry.kind,
    metadata: entry.metadata,
    ip: entry.ip,
    datetime: rfc2822(entry.time),
    ...(performer && {
      performer: {
        kind: "user",
        name: performer.name,
        is_robot: performer.isRobot,
        avatar: performer.avatar,
      },
    }),
    ...(withNamespace && namespace
      ? { namespace: { kind, name: namespace.name, avatar: namespaceAvatar(namespace, kind) } }
      : {}),
  };
}

/** A page of entries. One that shows any has a next one, and the last of all is empty. */
function list(call: Call, place: Place): Answer {
  const { start, end } = period(call);
  const first = pageStart(call);
  const shown = entries(call, place).slice(first, first + entriesPerPage);
  return json({
    start_time: rfc2822(new Date(start)),
    end_time: rfc2822(new Date(end)),
    logs: shown.map((entry) => entryView(call, entry, place.namespace === undefined)),
    ...(shown.length > 0 && { next_page: pageToken(first + entriesPerPage) }),
  });
}

/** How many entries of each kind there are, day by day. */
function aggregate(call: Call, place: Place): Answer {
  const { start, end } = period(call);
  if (end - start > longestAggregate) refuse(message("Invalid date range for logs"));
  const counts = new Map<string, { kind: string; count: number; datetime: string }>();
  for (const { kind, time } of entries(call, place).reverse()) {
    const midnight = new Date(Math.floor(time.getTime() / dayInMilliseconds) * dayInMilliseconds);
    const key = `${kind} ${midnight.getTime()}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { kind, count: 1, datetime: rfc2822(midnight) });
  }
  return json({ aggregated: [...counts.values()] });
}

/** The export itself reaches nobody: nothing leaves this registry. */
function exportLogs(call: Call, place: Place): Answer {
  const { callback_url = null, callback_email = null } = bodyOf<{
    callback_url?: string;
    callback_email?: string;
  }>(call);
  period(call);
  if (callback_url !== null) {
    const scheme = /^([a-z0-9+.-]*):/i.exec(callback_url)?.[1] ?? "";
    if (!/^https?$/i.test(scheme)) {
      refuse(invalidRequest(`Invalid URL scheme '${scheme}': only HTTP and HTTPS are allowed`));
    }
  }
  if (callback_email !== null && !isEmail(callback_email)) refuse(invalidRequest("Invalid callback e-mail"));
  const export_id = call.state.random.uuid();
  const metadata = {
    "date/time": epochSeconds(call.state.now()),
    export_id,
    message: "queued for export",
    url: callback_url,
    email: callback_email,
    ...(place.repository !== undefined && { repo: place.repository }),
  };
  record(call, "export_logs_success", place.namespace ?? null, metadata, place.repository);
  return json({ export_id });
}

export const logs: Handlers = {
  listOrgLogs: (call) => list(call, ofOrganization(call)),
  listRepoLogs: (call) => list(call, ofRepository(call)),
  listUserLogs: (call) => list(call, ofUser(call)),
  listAllLogs: (call) => list(call, {}),
  getAggregateOrgLogs: (call) => aggregate(call, ofOrganization(call)),
  getAggregateRepoLogs: (call) => aggregate(call, ofRepository(call)),
  getAggregateUserLogs: (call) => aggregate(call, ofUser(call)),
  exportOrgLogs: (call) => exportLogs(call, ofOrganization(call)),
  exportRepoLogs: (call) => exportLogs(call, ofRepository(call)),
  exportUserLogs: (call) => exportLogs(call, ofUser(call)),
};
