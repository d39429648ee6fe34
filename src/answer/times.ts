/** Quay writes times in four ways; here each becomes ISO 8601 in UTC. */

/** Fields that hold a moment, whatever way it is written in. Lengths of time (`tag_expiration_s`) are none. */
const timeFields: ReadonlySet<string> = new Set([
  "approved_date",
  "created",
  "created_date",
  "created_datetime",
  "creation_date",
  "date",
  "date/time",
  "datetime",
  "discovery_date",
  "end_time",
  "end_ts",
  "expiration",
  "expiration_date",
  "last_accessed",
  "last_modified",
  "last_ran",
  "last_sync_date",
  "old_expiration_date",
  "start_time",
  "start_ts",
  "started",
  "sync_expiration_date",
  "sync_start_date",
]);

/** Numbers count seconds since 1970, but for these. */
const inMilliseconds: ReadonlySet<string> = new Set(["last_ran"]);

/** A field whose meaning another one names: the log of a changed mirror says `"changed": "sync_start_date", "to": …`. */
const namedBeside: ReadonlyMap<string, string> = new Map([["to", "changed"]]);

/** `Sat, 21 Nov 2026 07:16:40 -0000`, also with `GMT`. */
const rfc2822 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})$/;

/** `2026-11-21T07:31:51.521048Z`, and what Python prints for a time in UTC: `2026-11-21 07:31:51.521048`. */
const iso8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A field's value with its time, if it is one, as `2026-11-21T07:31:51Z`; anything else unchanged.
 *
 * @param beside the object that the field belongs to
 */
export function inUtc(field: string, value: unknown, beside: Readonly<Record<string, unknown>>): unknown {
  const naming = namedBeside.get(field);
  const named = naming === undefined ? field : beside[naming];
  if (typeof named !== "string" || !timeFields.has(named)) return value;
  const time = milliseconds(named, value);
  const date = new Date(time ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? value : `${date.toISOString().slice(0, -".000Z".length)}Z`;
}

function milliseconds(field: string, value: unknown): number | undefined {
  if (typeof value === "number") return inMilliseconds.has(field) ? value : value * 1000;
  if (typeof value !== "string") return undefined;
  if (rfc2822.test(value)) return Date.parse(value);
  const [, day, clock, zone = "Z"] = iso8601.exec(value) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${clock}${zone}`);
}
