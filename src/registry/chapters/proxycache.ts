/** Proxy caches: an organization that hands on what another registry has. */
import { invalidRequest, json, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, organizationOf } from "../call.ts";
import { record } from "../log.ts";
import { type Item, itemsOf, type Namespace } from "../state.ts";
import { hasNoAddress, isLoopback } from "../upstream.ts";

const oneDay = 86_400;

interface Body {
  readonly upstream_registry: string;
  readonly expiration_s?: number;
  readonly insecure?: boolean;
  readonly upstream_registry_username?: string;
  readonly upstream_registry_password?: string;
}

const cacheOf = (organization: Namespace) => itemsOf(organization, "proxycache");

/** Tries what a cache would do; see upstream.ts on what can be reached. */
function check(call: Call): { organization: Namespace; body: Body } {
  const organization = organizationOf(call);
  const body = bodyOf<Body>(call);
  if (cacheOf(organization).size > 0) refuse(invalidRequest("Proxy Cache Configuration already exists"));
  const host = body.upstream_registry.split("/")[0]!.split(":")[0]!;
  if (hasNoAddress(host)) refuse(invalidRequest(`Cannot resolve hostname '${host}'`));
  const password = body.upstream_registry_password;
  if (isLoopback(host) && password !== undefined && password !== "password") {
    refuse(invalidRequest("Failed login to remote registry. Please verify entered details and try again."));
  }
  return { organization, body };
}

const shown = ({ upstream_registry, expiration_s, insecure }: Item) => ({
  upstream_registry,
  expiration_s,
  insecure,
});

export const proxycache: Handlers = {
  /** Without one, its fields are there and empty. */
  getProxyCacheConfig(call) {
    const [cache] = cacheOf(organizationOf(call)).values();
    return json(shown(cache ?? { upstream_registry: "", expiration_s: "", insecure: "" }));
  },

  validateProxyCacheConfig(call) {
    const { body } = check(call);
    return json(body.upstream_registry_username === undefined ? "Anonymous" : "Valid", 202);
  },

  createProxyCacheConfig(call) {
    const { organization, body } = check(call);
    const { upstream_registry, expiration_s = oneDay, insecure = false } = body;
    cacheOf(organization).set("", { ...body, upstream_registry, expiration_s, insecure });
    record(call, "create_proxy_cache_config", organization.name, { upstream_registry });
    return json("Created", 201);
  },

  deleteProxyCacheConfig(call) {
    const organization = organizationOf(call);
    if (!cacheOf(organization).delete("")) refuse(notFound());
    record(call, "delete_proxy_cache_config", organization.name, {});
    return json("Deleted", 201);
  },
};
