/** Names and passwords: the API takes none, but the registry's own API and the exchange of robots' tokens do. */
import { scopes as allScopes } from "../operation.ts";
import { type Caller, callerOf, hasRepositoryRole, rolesOn } from "./authorization.ts";
import type { Call } from "./call.ts";
import { isJwt, readToken } from "./registry-token.ts";
import { findRepository, findRobot, findUser, type Namespace, type Role } from "./state.ts";

/** Every user's password, as in Quay's own test data. */
const password = "password";

/** Who showed credentials. */
export interface Identity {
  readonly name: string;
  /** A user, as far as the credentials let them act; a robot has its own roles only. */
  readonly caller?: Caller;
}

/** Name and password of an `Authorization: Basic` header, or in words why there are none. */
export function basicCredentials(header: string): readonly [name: string, password: string] | string {
  const parts = header.split(" ").filter(Boolean);
  if (parts.length !== 2 || parts[0]!.toLowerCase() !== "basic") return "Invalid basic auth header";
  const text = Buffer.from(parts[1]!, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return "Unexpected number of credentials found in basic auth header";
  return [text.slice(0, colon), text.slice(colon + 1)];
}

/** Who the credentials belong to, or in words why they are not taken. */
export function identify(call: Call, name: string, secret: string): Identity | string {
  if (name === "$oauthtoken") return byOAuthToken(call, secret);
  if (name === "$app") return byAppToken(call, secret);
  if (name === "$token") return "Invalid access token";
  if (name.includes("+")) return byRobotToken(call, name, secret);
  const user = findUser(call.state, name);
  return user?.enabled && secret === password ? asUser(user) : "Invalid Username or Password";
}

function asUser(user: Namespace): Identity {
  const token = { id: 0, user: user.name, scopes: allScopes, expired: false };
  return { name: user.name, caller: { user, scopes: new Set(allScopes), token } };
}

function byOAuthToken(call: Call, secret: string): Identity | string {
  if (call.state.tokens.get(secret)?.expired) return "OAuth access token has expired";
  const caller = callerOf(call.state, `Bearer ${secret}`);
  return caller === undefined
    ? "OAuth access token could not be validated"
    : { name: caller.user.name, caller };
}

function byAppToken(call: Call, secret: string): Identity | string {
  for (const owner of call.state.namespaces.values()) {
    const found = [...(owner.collections.get("tokens")?.values() ?? [])];
    if (!found.some(({ token_code }) => token_code === secret)) continue;
    return owner.enabled ? asUser(owner) : "This user has been disabled. Please contact your administrator.";
  }
  return "Invalid token";
}

function byRobotToken(call: Call, name: string, secret: string): Identity | string {
  const robot = findRobot(call.state, name);
  if (robot === undefined) return "Could not find robot with specified username";
  if (isJwt(secret)) {
    const claims = readToken(call, secret);
    if (typeof claims === "string") return claims;
    return claims.sub === name ? { name } : "Token does not match robot";
  }
  return robot.token === secret
    ? { name }
    : `Could not find robot with username: ${name} and supplied password.`;
}

const atLeast: Readonly<Record<Role, readonly Role[]>> = {
  read: ["read", "write", "admin"],
  write: ["write", "admin"],
  admin: ["admin"],
};

/** Whether someone has at least this role on a repository; that it may be public does not count. */
export function identityHasRole(
  call: Call,
  identity: Identity | undefined,
  path: string,
  role: Role,
): boolean {
  if (identity === undefined) return false;
  if (identity.caller !== undefined) return hasRepositoryRole(call.state, identity.caller, path, role);
  const repository = findRepository(call.state, path);
  const namespace = call.state.namespaces.get(path.slice(0, path.indexOf("/")));
  if (repository === undefined || namespace === undefined) return false;
  return rolesOn(namespace, repository, identity.name).some((each) => atLeast[role].includes(each));
}
