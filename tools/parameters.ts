/**
 * Arguments that recur. Descriptions are listed to the assistant each time they are used, so they say only what the
 * argument's name does not.
 */
import * as z from "zod";

/** A name that fills one segment of a path: of an organization, a user, a team, … */
export const Name = z.string().min(1);

/** `namespace/name`; Quay allows further slashes in the name. */
export const Repository = z
  .string()
  .regex(/^[^/]+(\/[^/]+)+$/, 'must be written as "namespace/name"')
  .describe("namespace/name");

/** A robot account without its namespace: `ci`, not `acme+ci`. */
export const RobotShortname = z
  .string()
  .min(1)
  .regex(/^[^+]*$/, 'must be the part after the "+": "ci" for the robot acme+ci');

/** The robot account that Quay itself shall use, with its namespace. */
export const RobotUsername = z
  .string()
  .regex(/^[^+]+\+[^+]+$/, 'must be written as "namespace+shortname"')
  .describe("namespace+shortname");

/** `sha256:` and 64 hexadecimal digits; Quay does not take a tag's name in its place. */
export const Digest = z
  .string()
  .regex(
    /^[a-z0-9+._-]+:[0-9a-fA-F]{32,}$/,
    'must be a digest such as "sha256:…", not a tag: list_tags shows the digest',
  )
  .describe("digest");

export const Uuid = z.string().min(1);

/** Identifiers that Quay counts up: of quotas, limits, … */
export const NumericId = z.int().nonnegative().transform(String);

export const RepositoryRole = z.enum(["read", "write", "admin"]);

/** From the gravest; Quay stores and compares a severity's place in this list. */
export const severities = ["Critical", "High", "Medium", "Low", "Negligible", "Unknown"] as const;

/** Pages from 1. */
export const Page = z.int().min(1);

/** The opaque `next_page` of the answer before; Quay answers a damaged one with the first page. */
export const NextPage = z.string().min(1);

const dateOnly = /^(\d{4})-(\d\d)-(\d\d)(T.*)?$/;
const quayDate = /^(\d\d)\/(\d\d)\/(\d{4})$/;

/** Also that the day exists: `Date.parse` takes 30 February for 2 March. */
const isDay = (value: string) => {
  const day = value.replace(quayDate, "$3-$1-$2");
  if (!dateOnly.test(day)) return false;
  const time = Date.parse(day.slice(0, 10));
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day.slice(0, 10));
};

/** A day of the logs. Quay takes MM/DD/YYYY and silently reads anything else as the last day. */
export const LogDate = z
  .string()
  .refine(isDay, 'must be a day such as "2026-11-21"')
  .transform((value) => value.replace(dateOnly, "$2/$3/$1"));

const isTime = (value: string) => /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value));
const timeMessage = 'must be a time such as "2026-11-21T09:00:00Z"';

/** A moment in ISO 8601, sent as seconds since 1970. */
export const EpochTime = z
  .string()
  .refine(isTime, timeMessage)
  .transform((value) => Math.floor(Date.parse(value) / 1000))
  .describe("ISO 8601");

/** A moment in ISO 8601, or `never`, sent as seconds since 1970 or as null. */
export const EpochTimeOrNever = z
  .string()
  .refine((value) => value === "never" || isTime(value), `${timeMessage} or "never"`)
  .transform((value) => (value === "never" ? null : Math.floor(Date.parse(value) / 1000)))
  .describe('ISO 8601, or "never"');

/** A moment in ISO 8601, sent in the only form that mirrors take: `YYYY-MM-DDTHH:MM:SSZ`. */
export const MirrorTime = z
  .string()
  .refine(isTime, timeMessage)
  .transform((value) => new Date(value).toISOString().replace(/\.\d+Z$/, "Z"))
  .describe("ISO 8601");

const clearable = z.string().transform((value) => (value === "none" ? null : value));

/** A text that can be cleared: the word `none` is sent as null. */
export const TextOrNone = clearable.describe('"none" clears it');

/** The proxy by which a mirror reaches its source. */
export const RegistryProxy = z
  .strictObject({
    https_proxy: clearable.optional(),
    http_proxy: clearable.optional(),
    no_proxy: clearable.optional(),
  })
  .describe('"none" clears a value');

/** A storage quota; Quay wants either this or `QuotaSize`. */
export const QuotaBytes = z.int().min(1);

/** A storage quota as text with a unit. */
export const QuotaSize = z
  .string()
  .regex(/^\d+\s?(B|[KMGTPEZY](i?B?)?)?$/, 'must be a size such as "10 GiB"')
  .describe("10 GiB");

/** An object whose keys Quay keeps as they are. */
export const JsonObject = z.record(z.string(), z.unknown());
