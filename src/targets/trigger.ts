import { existingTags } from "./existing-tags.ts";
import { nameIn, placeOf } from "./place.ts";
import { createReader, type Reader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { fingerprint, type Item, itemOf } from "./values.ts";

export const trigger: Target = {
  shows:
    "its service, source, whether active and enabled; whether a build of it could move a tag that exists",
  name: (given) => nameIn(placeOf(given), "triggers", given.trigger_uuid),
  async read(given, read) {
    const reader = createReader(read);
    const { repository, trigger_uuid } = given;
    const { exists, body } = await reader.find("get_build_trigger", { repository, trigger_uuid });
    const { service, build_source, enabled, is_active, pull_robot } = body;
    const moves = exists === true ? await movesTag(given, body, reader) : undefined;
    return reader.state({
      exists,
      identity: fingerprint(body.id, is_active, enabled, build_source),
      now: { enabled, moves_tag: moves },
      preview: {
        service,
        source: build_source,
        active: is_active,
        enabled,
        pull_robot: itemOf(pull_robot).name,
        build_may_move_a_tag: moves,
      },
    });
  },
};

/**
 * Whether a build that is started like this would, or might, move a tag that exists. Quay names the tags after what is
 * built and adds `latest` for the default branch, which only the host of the sources knows; a configuration with
 * templates for tags can name any.
 */
async function movesTag(
  given: Given,
  { config, service }: Item,
  reader: Reader,
): Promise<boolean | undefined> {
  const { default_tag_from_ref, latest_for_default_branch, tag_templates } = itemOf(config);
  const reference = itemOf(given.refs).name || given.branch_name || undefined;
  // Other services build what the reference names, whatever commit is given.
  const commit = service === "custom-git" ? given.commit_sha : undefined;
  const fromReference = default_tag_from_ref !== false;
  const templates =
    tag_templates !== undefined && (!Array.isArray(tag_templates) || tag_templates.length > 0);
  if (templates || (fromReference && reference === undefined && commit === undefined)) return true;
  const names = [
    ...(fromReference && reference !== undefined ? [tagNamed(String(reference))] : []),
    ...(latest_for_default_branch !== false ? ["latest"] : []),
    ...(commit === undefined ? [] : [String(commit).slice(0, 7)]),
  ];
  if (names.length === 0) return true;
  const existing = await existingTags(given.repository, names, reader);
  return existing && existing.length > 0;
}

/** As Quay makes a tag's name of a branch's. */
function tagNamed(reference: string): string {
  return reference
    .replace(/[^\w.-]/g, "_")
    .replace(/^[.-]/, "_")
    .slice(0, 128);
}
