import { nameIn, placeOf } from "./place.ts";
import { createReader, type Reader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { type Item, itemOf, itemsOf } from "./values.ts";

export const quota: Target = {
  shows: "its size, its limits, and how much of it is used",
  name: (given) => nameIn(placeOf(given), "quota"),
  async read(given, read) {
    const reader = createReader(read);
    const [found, usage] = await Promise.all([findQuota(given, reader), usageOf(given, reader)]);
    const { id, limit_bytes, limit, limits } = found.body;
    const exists = found.exists;
    const steps = itemsOf(limits).map(({ type, limit_percent }) => `${type} at ${limit_percent} %`);
    return reader.state({
      exists,
      identity: `${id} ${limit_bytes}`,
      now: exists === true ? { limit_bytes, without_limits: steps.length === 0 || undefined } : {},
      preview: { limit, limits: exists === true ? steps : undefined, ...usage },
    });
  },
};

export const quotaLimit: Target = {
  shows: "its type and percentage, and how much of the quota is used now",
  name: (given) => nameIn(placeOf(given), "quota/limits", given.limit_id),
  async read(given, read) {
    const reader = createReader(read);
    const [found, usage] = await Promise.all([findQuota(given, reader), usageOf(given, reader)]);
    const { limit_id } = given;
    const limit = itemsOf(found.body.limits).find(({ id }) => String(id) === String(limit_id));
    const exists = limit_id === undefined ? false : found.exists && limit !== undefined;
    return reader.state({
      exists,
      identity: `${limit?.id} ${limit?.type} ${limit?.limit_percent}`,
      now: { type: limit?.type, threshold_percent: limit?.limit_percent },
      preview: {
        quota: found.body.limit,
        type: limit?.type,
        threshold_percent: limit?.limit_percent,
        ...usage,
      },
    });
  },
};

const namespaceOf = ({ orgname, namespace }: Given) => orgname ?? namespace;

/**
 * The quota that is meant, or the only one. Every change of a quota takes a superuser, and superusers read those of
 * organizations and users in the same place.
 */
async function findQuota(given: Given, reader: Reader): Promise<{ exists: boolean | undefined; body: Item }> {
  const listed = await reader.list("superuser_list_organization_quotas", { namespace: namespaceOf(given) });
  const own = listed?.items.filter(({ default_config }) => default_config !== true);
  const found = own?.find(({ id }) => given.quota_id === undefined || String(id) === String(given.quota_id));
  return { exists: listed && found !== undefined, body: found ?? {} };
}

/** How much of the quota is used, where Quay tells: of users it tells nothing here. */
async function usageOf(given: Given, reader: Reader): Promise<Item> {
  const { body } = await reader.find("get_organization", { orgname: namespaceOf(given) });
  const { quota_bytes, configured_quota } = itemOf(body.quota_report);
  const percent =
    typeof quota_bytes === "number" && typeof configured_quota === "number"
      ? Math.round((100 * quota_bytes) / configured_quota)
      : undefined;
  return { used_bytes: quota_bytes, used_percent: percent };
}
