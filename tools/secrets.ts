/** Where the answers about builds and triggers hold credentials. */
import type { SecretPath } from "../src/operation.ts";

/** What a trigger's configuration says about builds; the rest may hold keys, and a webhook's URL with its token. */
const harmlessTriggerSettings = [
  "branchtag_regex",
  "build_source",
  "context",
  "default_tag_from_ref",
  "dockerfile_path",
  "latest_for_default_branch",
  "subdir",
  "tag_templates",
];

/** The secrets of a trigger that stands at `prefix` in the answer, such as `triggers.*.`. */
export function triggerSecrets(prefix = ""): SecretPath[] {
  return [{ path: `${prefix}config.*`, except: harmlessTriggerSettings }];
}

/** The secrets of a build that stands at `prefix`: the signed URL of its archive, and its trigger's. */
export function buildSecrets(prefix = ""): SecretPath[] {
  return [`${prefix}archive_url`, ...triggerSecrets(`${prefix}trigger.`)];
}
