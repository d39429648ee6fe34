import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { fingerprint, type Item, itemOf } from "./values.ts";

export const mirror: Target = {
  shows:
    "where it copies from, which tags, its robot, whether enabled and how the last sync went; the repository's state",
  name: ({ repository }) => nameIn(String(repository), "mirror"),
  async read({ repository }, read) {
    const reader = createReader(read);
    const [{ exists, body }, copy] = await Promise.all([
      reader.find("get_repository_mirror", { repository }),
      reader.find("get_repository", { repository, includeTags: false }),
    ]);
    const { external_reference, sync_status, is_enabled, robot_username, root_rule } = body;
    return reader.state({
      exists,
      identity: fingerprint(repository, external_reference, sync_status, body.sync_start_date),
      now: { repository_state: copy.body.state, ...(exists === true ? argumentsOf(body) : {}) },
      preview: {
        repository_state: copy.body.state,
        source: external_reference,
        source_username: body.external_registry_username,
        tags: itemOf(root_rule).rule_value,
        robot: robot_username,
        enabled: is_enabled,
        sync_status,
      },
    });
  },
};

/** As `update_repository_mirror` takes them. The password is shown to nobody. */
function argumentsOf(body: Item): Item {
  const { external_reference, sync_start_date, sync_interval, skopeo_timeout_interval, is_enabled } = body;
  const { root_rule, robot_username, external_registry_config, architecture_filter } = body;
  return {
    external_reference,
    root_rule,
    robot_username,
    sync_start_date,
    sync_interval,
    skopeo_timeout_interval,
    is_enabled,
    external_registry_username: body.external_registry_username ?? "none",
    external_registry_config: configurationOf(external_registry_config),
    architecture_filter: architecture_filter ?? [],
  };
}

/** The way to a mirror's source as an argument: where there is no proxy, the word for it. */
export function configurationOf(configuration: unknown): Item {
  const { proxy, ...rest } = itemOf(configuration);
  if (proxy === undefined || proxy === null) return rest;
  const values = Object.entries(itemOf(proxy)).map(([field, value]) => [field, value ?? "none"]);
  return { ...rest, proxy: Object.fromEntries(values) };
}
