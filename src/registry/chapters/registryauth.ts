/** The exchange of credentials for a token of the registry's own API (`/v2/auth`). */
import { json, refuse, registryError } from "../answers.ts";
import { isReadOnlySuperuser } from "../authorization.ts";
import type { Call, Handlers } from "../call.ts";
import { basicCredentials, type Identity, identify, identityHasRole } from "../credentials.ts";
import { type Access, hostOfRegistry, signToken } from "../registry-token.ts";
import { findRepository, itemsOf, type Repository } from "../state.ts";

/** Where to get a token, and for what: in every refusal of the registry's own API. */
export function challenge(call: Call, scope?: string) {
  const wanted = scope === undefined ? "" : `,scope="${scope}"`;
  return {
    "WWW-Authenticate": `Bearer realm="${call.url}/v2/auth",service="${hostOfRegistry(call)}"${wanted}`,
    "Docker-Distribution-API-Version": "registry/2.0",
  };
}

export const notAuthorized = "access to the requested resource is not authorized";

/** Refuses as the registry's own API does. */
export function refuseUnauthorized(call: Call, text: string, scope?: string): never {
  refuse({ ...registryError(401, "UNAUTHORIZED", text), headers: challenge(call, scope) });
}

function identityOf(call: Call): Identity | undefined {
  const header = call.authorization;
  if (!header) return undefined;
  const credentials = basicCredentials(header);
  // A header of another kind counts as wrong credentials.
  const identity =
    typeof credentials === "string" ? "Specified credentials are invalid" : identify(call, ...credentials);
  return typeof identity === "string" ? refuseUnauthorized(call, identity) : identity;
}

/** Mirrors are pushed to by their robot only, frozen repositories by nobody. */
function mayPush(call: Call, identity: Identity | undefined, path: string, repository: Repository): boolean {
  if (!identityHasRole(call, identity, path, "write")) return false;
  if (repository.state === "NORMAL") return true;
  const owner =
    repository.state === "ORG_MIRROR" ? call.state.namespaces.get(repository.namespace)! : repository;
  if (repository.state === "READ_ONLY") return false;
  return itemsOf(owner, "mirror").get("")?.robot_username === identity?.name;
}

function mayPull(call: Call, identity: Identity | undefined, path: string): boolean {
  if (findRepository(call.state, path)?.public || isReadOnlySuperuser(identity?.caller)) return true;
  return identityHasRole(call, identity, path, "read");
}

const scopePattern =
  /^([.\w-]+(?::\d+)?\/)?((?:[.\w-]+\/)*[.\w-]+):((?:push|pull|\*)(?:,(?:push|pull|\*))*)$/;

/** What of a scope is granted: perhaps nothing, and that is no error. Pushing makes no repositories here. */
function accessFor(call: Call, identity: Identity | undefined, scope: string): Access | undefined {
  if (scope === "") return identity === undefined ? refuseUnauthorized(call, notAuthorized) : undefined;
  const host = `${hostOfRegistry(call)}/`;
  const wanted = scope.startsWith("repository:") ? scope.slice("repository:".length) : "";
  const match = scopePattern.exec(wanted.startsWith(host) ? wanted.slice(host.length) : wanted);
  if (match === null || match[1]?.includes(":")) {
    refuse(registryError(400, "INVALID_REQUEST", `Unable to decode repository and actions: ${scope}`));
  }
  const path = `${match[1] ?? ""}${match[2]}`;
  const asked = match[3]!.split(",");
  const access = (actions: readonly string[]): Access => ({
    type: "repository",
    name: wanted.startsWith(host) ? `${host}${path}` : path,
    actions,
  });
  if (!call.state.namespaces.has(path.split("/")[0]!)) return access([]);
  const repository = findRepository(call.state, path);
  const granted: Readonly<Record<string, () => boolean>> = {
    push: () => repository !== undefined && mayPush(call, identity, path, repository),
    pull: () => mayPull(call, identity, path),
    // Of a repository that is not there Quay expects a state, and fails.
    "*": () => identityHasRole(call, identity, path, "admin") && repository!.state === "NORMAL",
  };
  return access(Object.keys(granted).filter((action) => asked.includes(action) && granted[action]!()));
}

export const registryauth: Handlers = {
  generateRegistryToken(call) {
    const identity = identityOf(call);
    const scopes = call.query.getAll("scope");
    if (identity === undefined && scopes.length === 0) refuseUnauthorized(call, notAuthorized);
    const access = scopes.flatMap((scope) => accessFor(call, identity, scope) ?? []);
    const kind = identity === undefined ? "anonymous" : identity.caller === undefined ? "robot" : "user";
    return json({ token: signToken(call, identity?.name ?? "(anonymous)", kind, access) });
  },
};
