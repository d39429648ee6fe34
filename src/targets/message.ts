import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { fingerprint } from "./values.ts";

export const message: Target = {
  shows: "its text, severity and format",
  name: ({ uuid }) => (uuid === undefined ? "messages" : `messages/${uuid}`),
  async read({ uuid }, read) {
    const reader = createReader(read);
    if (uuid === undefined) return reader.state({ exists: false });
    const messages = await reader.list("list_global_messages", {}, "messages");
    const found = messages?.items.find((each) => each.uuid === uuid);
    if (found === undefined) return reader.state({ exists: messages && false });
    const { content, severity, media_type } = found;
    const shown = { content, media_type, severity };
    return reader.state({
      exists: true,
      identity: fingerprint(uuid, shown),
      now: { message: shown },
      preview: shown,
    });
  },
};
