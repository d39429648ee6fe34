import { nameIn, placeOf } from "./place.ts";
import { pruned } from "./pruning.ts";
import { createReader, type Found, nowhere, type Reader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { fingerprint, type Item } from "./values.ts";

export const policy: Target = {
  shows: "its rule; of a new rule, the tags that it would remove now (number and first names)",
  name: (given) => nameIn(placeOf(given), "policies", given.policy_uuid),
  async read(given, read) {
    const reader = createReader(read);
    const [{ exists, body }, removed] = await Promise.all([
      given.policy_uuid === undefined ? nowhere : findPolicy(given, reader),
      given.method === undefined ? undefined : pruned(given, reader),
    ]);
    const { uuid, method, value, tagPattern, tagPatternMatches } = body;
    const now: Item = { method, value, tagPattern, tagPatternMatches };
    return reader.state({
      exists,
      identity: fingerprint(uuid, now),
      now,
      preview: { ...now, would_remove_now: removed },
    });
  },
};

function findPolicy({ repository, orgname, policy_uuid }: Given, reader: Reader): Promise<Found> {
  if (repository !== undefined)
    return reader.find("get_repository_autoprune_policy", { repository, policy_uuid });
  if (orgname !== undefined)
    return reader.find("get_organization_autoprune_policy", { orgname, policy_uuid });
  return reader.find("get_my_autoprune_policy", { policy_uuid });
}
