import { createReader, type Found, type Reader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, type Item, isoTime, itemsOf } from "./values.ts";

export const tag: Target = {
  shows:
    "its digest, since when, its expiration and lock, the other tags with the same digest, how long it can be restored",
  name: ({ repository, tag }) => `${repository}:${tag}`,
  async read({ repository, tag }, read) {
    const reader = createReader(read);
    const [{ exists, body }, siblings] = await Promise.all([
      findTag(reader, repository, tag),
      reader.find("get_repository", { repository }),
    ]);
    const { manifest_digest, last_modified, expiration, immutable, size } = body;
    const others = itemsOf(siblings.body.tags).filter(
      (each) => each.manifest_digest === manifest_digest && each.name !== tag,
    );
    return reader.state({
      exists,
      identity: tagIdentity(body),
      now: exists === true ? tagNow(body) : {},
      preview: {
        digest: manifest_digest,
        since: isoTime(last_modified),
        expiration: isoTime(expiration),
        immutable: immutable || undefined,
        size_bytes: size,
        other_tags_of_this_digest:
          exists === true ? counted(others.map(({ name }) => String(name))) : undefined,
        restorable: restorable(siblings.body.tag_expiration_s),
      },
    });
  },
};

/** What tells a tag from others of its name. One that is set anew to the same image is another: it has another start. */
export function tagIdentity({ manifest_digest, start_ts }: Item): string {
  return `${manifest_digest} ${start_ts}`;
}

/** A tag's state as arguments. */
export function tagNow({ manifest_digest, expiration, immutable }: Item): Item {
  return { manifest_digest, expiration: isoTime(expiration) ?? "never", immutable };
}

/** The tag as it is now, without its history. A repository that is not there has no tags either. */
export async function findTag(reader: Reader, repository: unknown, name: unknown): Promise<Found> {
  const given = { repository, specificTag: name, onlyActiveTags: true };
  const { exists, body } = await reader.find("list_tags", given);
  const found = itemsOf(body.tags).find((each) => each.name === name);
  return exists === true ? { exists: found !== undefined, body: found ?? {} } : { exists, body: {} };
}

const day = 86_400;

/** The time machine's window of the namespace, as the preview of a deletion says it. */
export function restorable(seconds: unknown): string | undefined {
  if (typeof seconds !== "number") return undefined;
  if (seconds === 0) return "not at all: the namespace keeps nothing that was deleted or moved";
  const span = seconds % day === 0 ? `${seconds / day} days` : `${seconds} seconds`;
  return `for ${span} after it is deleted or moved`;
}
