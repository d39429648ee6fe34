import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { isoTime } from "./values.ts";

export const appToken: Target = {
  shows: "its title, creation, last use and expiration",
  name: ({ token_uuid, title }) => nameIn("my", "app-tokens", token_uuid ?? title),
  async read({ token_uuid }, read) {
    const reader = createReader(read);
    if (token_uuid === undefined) return reader.state({ exists: false });
    const tokens = await reader.list("list_app_tokens", {}, "tokens");
    const found = tokens?.items.find(({ uuid }) => uuid === token_uuid);
    return reader.state({
      exists: tokens && found !== undefined,
      identity: String(token_uuid),
      preview: {
        title: found?.title,
        created: isoTime(found?.created),
        last_used: found?.last_accessed === null ? "never" : isoTime(found?.last_accessed),
        expiration: isoTime(found?.expiration),
      },
    });
  },
};
