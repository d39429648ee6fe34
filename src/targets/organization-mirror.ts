import { configurationOf } from "./mirror.ts";
import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { fingerprint, type Item } from "./values.ts";

export const organizationMirror: Target = {
  shows:
    "where it copies from, which repositories, its robot, whether enabled, and how many repositories are in which state",
  name: ({ orgname }) => nameIn(String(orgname), "mirror"),
  async read({ orgname }, read) {
    const reader = createReader(read);
    const { exists, body } = await reader.find("get_organization_mirror", { orgname });
    const { external_registry_url, external_namespace, repository_filters, creation_date } = body;
    return reader.state({
      exists,
      identity: fingerprint(
        orgname,
        creation_date,
        external_registry_url,
        external_namespace,
        body.sync_status,
      ),
      now: exists === true ? argumentsOf(body) : {},
      preview: {
        source: exists === true ? `${external_registry_url}/${external_namespace}` : undefined,
        source_username: body.external_registry_username,
        repositories: repository_filters,
        robot: body.robot_username,
        enabled: body.is_enabled,
        sync_status: body.sync_status,
        repositories_by_status: body.repo_sync_status_counts,
      },
    });
  },
};

/** As `update_organization_mirror` takes them. The password is shown to nobody. */
function argumentsOf(body: Item): Item {
  const { external_registry_url, external_namespace, robot_username } = body;
  const { visibility, sync_interval, sync_start_date, is_enabled, repository_filters, skopeo_timeout } = body;
  return {
    external_registry_url,
    external_namespace,
    robot_username,
    visibility,
    sync_interval,
    sync_start_date,
    is_enabled,
    external_registry_username: body.external_registry_username ?? "none",
    external_registry_config: configurationOf(body.external_registry_config),
    repository_filters,
    skopeo_timeout,
  };
}
