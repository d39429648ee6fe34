import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { isoTime } from "./values.ts";

export const registry: Target = {
  shows: "its size as last calculated, and when that was",
  name: () => "registry",
  async read(_given, read) {
    const reader = createReader(read);
    const { exists, body } = await reader.find("superuser_get_registry_size", {});
    const { size_bytes, last_ran } = body;
    const calculated = typeof last_ran === "number" ? new Date(last_ran).toISOString() : isoTime(last_ran);
    return reader.state({ exists, identity: "registry", preview: { size_bytes, calculated } });
  },
};
