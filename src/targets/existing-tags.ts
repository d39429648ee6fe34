import type { Reader } from "./reader.ts";
import { findTag } from "./tag.ts";

/** A build that names more tags is taken for one that moves some. */
const mostLookedAt = 20;

/** Which of the names are tags of the repository now; undefined where that could not be read. */
export async function existingTags(
  repository: unknown,
  names: readonly string[],
  reader: Reader,
): Promise<string[] | undefined> {
  if (names.length > mostLookedAt) {
    reader.miss(`list_tags: ${names.length} tags are more than are looked at.`);
    return undefined;
  }
  const found = await Promise.all(names.map((name) => findTag(reader, repository, name)));
  if (found.some(({ exists }) => exists === undefined)) return undefined;
  return names.filter((_, index) => found[index]?.exists === true);
}
