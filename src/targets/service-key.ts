import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { isoTime, itemOf } from "./values.ts";

export const serviceKey: Target = {
  shows: "its name, service, creation, expiration and approval",
  name: ({ kid, name, service }) => `service-keys/${kid ?? name ?? service}`,
  async read({ kid }, read) {
    const reader = createReader(read);
    if (kid === undefined) return reader.state({ exists: false });
    const { exists, body } = await reader.find("superuser_get_service_key", { kid });
    const { name, service, metadata, created_date, expiration_date, approval } = body;
    const expiration = expiration_date === null ? "never" : isoTime(expiration_date);
    return reader.state({
      exists,
      identity: String(body.kid),
      // Quay leaves metadata as they are where it is sent empty ones.
      now: { name, metadata: Object.keys(itemOf(metadata)).length > 0 ? metadata : undefined, expiration },
      preview: {
        name,
        service,
        created: isoTime(created_date),
        expiration,
        approved: exists === true ? (isoTime(itemOf(approval).approved_date) ?? "not yet") : undefined,
      },
    });
  },
};
