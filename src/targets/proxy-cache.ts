import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, fingerprint, namesOf } from "./values.ts";

export const proxyCache: Target = {
  shows:
    "the registry that it caches, for how long, and the organization's repositories (number and first names)",
  name: ({ orgname }) => nameIn(String(orgname), "proxycache"),
  async read({ orgname }, read) {
    const reader = createReader(read);
    const [found, repositories] = await Promise.all([
      reader.find("get_proxy_cache", { orgname }),
      reader.list("list_repositories", { namespace: orgname }, "repositories"),
    ]);
    const { upstream_registry, expiration_s, insecure } = found.body;
    // Quay answers empty texts where there is none.
    const exists = found.exists === true ? Boolean(upstream_registry) : found.exists;
    const cache = exists === true ? { upstream_registry, expiration_s, insecure } : {};
    return reader.state({
      exists,
      identity: fingerprint(orgname, cache),
      now: cache,
      preview: {
        ...cache,
        repositories: repositories && counted(namesOf(repositories.items), repositories.complete),
      },
    });
  },
};
