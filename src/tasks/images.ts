/** The images that tags point at: one for each digest, with all the tags that it has. */
import * as z from "zod";
import { firstNames } from "../sentences/words.ts";

/** How many tags of an image are told. */
const tagsTold = 5;

export const taggedImage = z.looseObject({
  name: z.string(),
  manifest_digest: z.string(),
  is_manifest_list: z.boolean().optional(),
  start_ts: z.number(),
});

export interface Image {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly digest: string;
  /** Names a manifest for each architecture, and is none itself. */
  readonly isIndex: boolean;
  /** When its newest tag was set, in ISO 8601. */
  readonly pushed: string;
}

/** The images of a repository, the newest first, from its tags in any order. */
export function imagesOf(repository: string, tags: readonly z.output<typeof taggedImage>[]): Image[] {
  const byDigest = new Map<string, z.output<typeof taggedImage>[]>();
  for (const tag of tags.toSorted((one, other) => other.start_ts - one.start_ts)) {
    const known = byDigest.get(tag.manifest_digest);
    if (known === undefined) byDigest.set(tag.manifest_digest, [tag]);
    else known.push(tag);
  }
  return [...byDigest].map(([digest, tagged]) => ({
    repository,
    digest,
    tags: firstNames(
      tagged.map(({ name }) => name),
      tagsTold,
    ),
    isIndex: tagged.some(({ is_manifest_list }) => is_manifest_list === true),
    pushed: new Date((tagged[0]?.start_ts ?? 0) * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
  }));
}
