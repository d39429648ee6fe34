import { severities } from "../../tools/parameters.ts";
import { nameIn, placeOf } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { type Item, itemOf } from "./values.ts";

export const notification: Target = {
  shows: "its event, title, way of delivery and, where that is no secret, to whom; how often it failed",
  name: (given) => nameIn(placeOf(given), "notifications", given.uuid ?? given.title),
  async read({ repository, uuid }, read) {
    const reader = createReader(read);
    if (uuid === undefined) return reader.state({ exists: false });
    const { exists, body } = await reader.find("get_repository_notification", { repository, uuid });
    const { event, method, title, config, event_config, number_of_failures } = body;
    const { email, target } = itemOf(config);
    return reader.state({
      exists,
      identity: String(body.uuid),
      now: exists === true ? { event, method, title, config, eventConfig: eventConfigOf(event_config) } : {},
      // Whoever knows a webhook's address can post to it: it is never shown.
      preview: { event, title, method, sent_to: email ?? target, failures: number_of_failures },
    });
  },
};

/** As an argument: Quay keeps a severity as its place in the list. */
function eventConfigOf(configuration: unknown): Item {
  const { level, ...rest } = itemOf(configuration);
  return level === undefined ? rest : { ...rest, level: severities[Number(level)] ?? level };
}
