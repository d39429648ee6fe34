import * as z from "zod";
import { Name, Repository } from "../../tools/parameters.ts";
import { deleteTag } from "../../tools/tag.ts";
import { ArgumentError, RefusedError } from "../errors.ts";
import { compileCaseSensitivePattern } from "../guard/patterns.ts";
import type { TakingBack } from "../guard/undo.ts";
import { cite } from "../sentences/cite.ts";
import { firstNames } from "../sentences/words.ts";
import { ageSeconds } from "../targets/pruning.ts";
import { createReader, type Listed, type Reader } from "../targets/reader.ts";
import { findTag, restorable, tagIdentity, tagNow } from "../targets/tag.ts";
import type { Given, Read } from "../targets/target.ts";
import { fingerprint, type Item, isoTime } from "../targets/values.ts";
import type { RepeatedCall, RepeatingTask } from "./repeating.ts";

/** How many tags are deleted at once. */
const most = 200;
const tagsPerPage = 100;
const tagPages = 50;
/** How many names a refusal tells. */
const namesTold = 10;

export const deleteTags: RepeatingTask = {
  name: "delete_tags",
  title: "Delete tags",
  description:
    "Delete many tags, confirmed once: those named, or all that match pattern and are olderThan an age.",
  toolset: "tag",
  access: deleteTag.access as "destructive",
  scopes: deleteTag.scopes,
  repeats: deleteTag.name,
  shows:
    "each tag with its digest and since when, the digests that lose their last tag, what is left alone and why, how long they can be restored",
  arguments: {
    repository: Repository,
    tags: z.array(Name).min(1).max(most).optional(),
    pattern: z
      .string()
      .regex(/^[\w.*-]{1,128}$/, 'must be made of at most 128 characters of tags and "*"')
      .describe("pr-*")
      .optional(),
    olderThan: z
      .string()
      .regex(/^\d+[smhdw]$/, 'must be an age such as "30d"')
      .describe("30d")
      .optional(),
  },
  check({ tags, pattern, olderThan }) {
    const isByName = tags !== undefined && pattern === undefined && olderThan === undefined;
    const isByPattern = tags === undefined && pattern !== undefined && olderThan !== undefined;
    if (!isByName && !isByPattern) {
      throw new ArgumentError(
        'delete_tags was not called. It takes either "tags", or "pattern" and "olderThan".',
      );
    }
  },
  targetName({ repository, tags, pattern }) {
    if (pattern !== undefined) return `${repository}:${pattern}`;
    const [first, ...more] = namesIn(tags);
    return more.length === 0 ? `${repository}:${first}` : `${repository}: ${more.length + 1} tags`;
  },
  async look(given, read) {
    const { repository } = given;
    const reader = createReader(read);
    const query = { repository, onlyActiveTags: true, limit: tagsPerPage };
    const [listed, about] = await Promise.all([
      reader.list("list_tags", query, "tags", tagPages),
      reader.find("get_repository", { repository, includeTags: false }),
    ]);
    const { unread } = reader.state({ exists: true });
    if (listed === undefined)
      throw refused(`the tags of ${cite(String(repository))} could not be read. ${unread.join(" ")}`);
    const { chosen, skipped } = await choose(given, listed, reader);
    if (chosen.length === 0) throw refused(nothingToDo(given, skipped));
    if (chosen.length > most) {
      throw refused(
        `${chosen.length} tags match, and it deletes at most ${most} at once. Narrow pattern, or raise olderThan.`,
      );
    }
    if (!listed.complete) {
      reader.miss(
        `Only the newest ${listed.items.length} tags were read, so others may match or share a digest.`,
      );
    }
    return {
      state: reader.state({
        exists: true,
        identity: fingerprint(chosen.map((tag) => [tag.name, tagIdentity(tag)])),
        preview: {
          number: chosen.length,
          tags: chosen.map(({ name, manifest_digest, last_modified }) => ({
            tag: name,
            digest: short(manifest_digest),
            since: isoTime(last_modified),
          })),
          digests_left_untagged: lastOf(chosen, listed).map(short),
          ...(isEmpty(skipped) ? {} : { skipped }),
          restorable: restorable(about.body.tag_expiration_s),
        },
      }),
      calls: chosen.map((tag) => callFor(String(repository), tag)),
      skipped,
    };
  },
  takenBackBy,
  report(given, { skipped }, { done, failed, untried, stopped }) {
    const deleted = Object.fromEntries(done.map(({ name, now }) => [name, now.manifest_digest]));
    return {
      deleted,
      ...(isEmpty(failed) ? {} : { failed }),
      ...(isEmpty(skipped) ? {} : { skipped }),
      ...(stopped === undefined ? {} : { stopped, not_tried: untried }),
      ...(done.length === 0 ? {} : { undo: takenBackBy(given) }),
    };
  },
};

function takenBackBy({ repository }: Given): TakingBack {
  const each = { tag: "EACH_TAG", manifest_digest: "ITS_DIGEST" };
  return { tool: "restore_tag", arguments: { repository, ...each } };
}

interface Choice {
  readonly chosen: readonly Item[];
  readonly skipped: Readonly<Record<string, string>>;
}

/** The tags that the arguments mean and that can be deleted, by name. */
async function choose(
  { repository, tags, pattern, olderThan }: Given,
  listed: Listed,
  reader: Reader,
): Promise<Choice> {
  const meant = new Map<string, Item | undefined>();
  if (tags === undefined) {
    const before = Date.now() / 1000 - ageSeconds(String(olderThan));
    const named = compileCaseSensitivePattern(String(pattern));
    for (const tag of listed.items) {
      if (named.test(String(tag.name)) && Number(tag.start_ts) < before) meant.set(String(tag.name), tag);
    }
  } else {
    const known = new Map(listed.items.map((tag) => [String(tag.name), tag]));
    for (const name of namesIn(tags)) {
      const tag = known.get(name) ?? (listed.complete ? undefined : await beyond(reader, repository, name));
      meant.set(name, tag);
    }
  }
  const byName = [...meant].sort(([one], [other]) => (one < other ? -1 : 1));
  const reasons = byName.flatMap(([name, tag]) => {
    if (tag === undefined) return [[name, "is not there"]];
    return tag.immutable === true ? [[name, "is immutable"]] : [];
  });
  const chosen = byName.flatMap(([, tag]) => (tag === undefined || tag.immutable === true ? [] : [tag]));
  return { chosen, skipped: Object.fromEntries(reasons) };
}

/** A tag that stands behind the pages that were read. */
async function beyond(reader: Reader, repository: unknown, name: string): Promise<Item | undefined> {
  const { exists, body } = await findTag(reader, repository, name);
  return exists === true ? body : undefined;
}

function callFor(repository: string, tag: Item): RepeatedCall {
  const name = String(tag.name);
  return {
    name,
    given: { repository, tag: name },
    now: tagNow(tag),
    async changed(read: Read) {
      const { exists, body } = await findTag(createReader(read), repository, name);
      const isSame = exists === true && tagIdentity(body) === tagIdentity(tag);
      if (isSame) return undefined;
      const now =
        exists === undefined ? "could not be read again" : "is no longer what it was when it was confirmed";
      return `${cite(`${repository}:${name}`)} was not deleted: it ${now}.`;
    },
  };
}

/** The digests that no tag would be left for. */
function lastOf(chosen: readonly Item[], { items }: Listed): string[] {
  const gone = new Set(chosen.map(({ name }) => name));
  const kept = new Set(items.filter(({ name }) => !gone.has(name)).map((tag) => tag.manifest_digest));
  const digests = new Set(chosen.map((tag) => String(tag.manifest_digest)));
  return [...digests].filter((digest) => !kept.has(digest));
}

function nothingToDo({ repository, pattern, olderThan }: Given, skipped: Choice["skipped"]): string {
  const left = Object.entries(skipped).map(([name, why]) => `${cite(name)} ${why}`);
  const told = left.length === 0 ? "" : ` ${firstNames(left, namesTold).join(", ")}.`;
  const [where, like, age] = [repository, pattern, olderThan].map((argument) => cite(String(argument)));
  if (pattern === undefined) return `none of these tags of ${where} can be deleted.${told}`;
  return `no tag of ${where} that can be deleted matches ${like} and is older than ${age}.${told}`;
}

/** As many characters of a digest as people compare. */
const short = (digest: unknown) => String(digest).slice(0, "sha256:".length + 12);

const namesIn = (tags: unknown) => [...new Set((tags as readonly unknown[]).map(String))];

const isEmpty = (entries: object) => Object.keys(entries).length === 0;

function refused(why: string): RefusedError {
  return new RefusedError(`delete_tags was not sent: ${why}`);
}
