/** What superusers may do with users and organizations, and see of the registry as a whole. */
import { empty, invalidRequest, json, message, notFound, refuse } from "../answers.ts";
import {
  bodyOf,
  type Call,
  checkName,
  flag,
  type Handlers,
  integer,
  isEmail,
  param,
  userOf,
} from "../call.ts";
import { configuration } from "../configuration.ts";
import { namespaceAvatar, quotaFields, repositoryBytes } from "../entities.ts";
import { record } from "../log.ts";
import { becomeOrganization, removeNamespace, renameOrganization } from "../namespaces.ts";
import { page } from "../paging.ts";
import { addNamespace, findOrganization, findUser, itemsOf, type Namespace } from "../state.ts";

/** A user as superusers see them. */
export const accountView = (user: Namespace) => ({
  kind: "user",
  name: user.name,
  username: user.name,
  email: user.email,
  verified: user.verified,
  avatar: namespaceAvatar(user, "user"),
  super_user: user.superuser === "full",
  global_readonly_super_user: user.superuser === "read-only",
  enabled: user.enabled,
  ...quotaFields(user),
});

const organizationView = (organization: Namespace) => ({
  name: organization.name,
  email: organization.email,
  avatar: namespaceAvatar(organization, "org"),
  ...quotaFields(organization),
});

/** A list of namespaces: all of them, unless the call says how many make a page. */
function listed(call: Call, name: string, found: readonly Namespace[], view: (each: Namespace) => unknown) {
  if (!call.query.has("limit")) return json({ [name]: found.map(view) });
  const limit = integer(call, "limit", 0, "Limit to the number of results to return per page. Max 100.");
  if (limit > 100) refuse(invalidRequest("Page limit cannot be above 100"));
  if (limit < 0) throw new Error("Quay fails on a page of less than nothing");
  const { items, next } = page(call, found, limit);
  return json({ [name]: items.map(view), ...next });
}

/** The user of the path; superusers are beyond each other's reach. */
function userInReach(call: Call, deed: string): Namespace {
  const user = findUser(call.state, param(call, "username")) ?? refuse(notFound());
  if (user.superuser === "full") refuse(invalidRequest(`Cannot ${deed} a superuser`));
  return user;
}

const isPassword = (text: string) => text.length >= 8 && !/\s/.test(text);

/** A password as Quay's web interface hands it out for command lines. */
const encryptedPassword = (call: Call) => Buffer.from(call.state.random.hex(80), "hex").toString("base64url");

function log(call: Call, kind: string, namespace: string, metadata: object): void {
  record(call, kind, namespace, { ...metadata, superuser: userOf(call).name });
}

const users: Handlers = {
  listAllUsers(call) {
    const withDisabled = flag(call, "disabled", true);
    const found = [...call.state.namespaces.values()].filter(
      ({ kind, enabled }) => kind === "user" && (enabled || withDisabled),
    );
    return listed(call, "users", found, accountView);
  },

  createInstallUser(call) {
    const { username, email } = bodyOf<{ username: string; email?: string }>(call);
    const { namespaces, random } = call.state;
    if (email === undefined || !isEmail(email)) {
      refuse(message(`Invalid email address: ${email ?? "None"}`));
    }
    checkName(username, `Invalid namespace ${username}`, message);
    const taken = namespaces.get(username);
    if (taken !== undefined) {
      const by = taken.kind === "user" ? "user" : "an organization and";
      refuse(message(`Username has already been taken by ${by} cannot be reused: ${username}`));
    }
    if ([...namespaces.values()].some((other) => other.kind === "user" && other.email === email)) {
      refuse(message(`Email has already been used: ${email}`));
    }
    addNamespace(call.state, "user", username, email, { verified: false });
    log(call, "user_create", username, { email, username });
    const [password, encrypted_password] = [random.code(32), encryptedPassword(call)];
    return json({ username, email, password, encrypted_password });
  },

  /** Answers how the user was before, but for the new address. */
  changeInstallUser(call) {
    const user = userInReach(call, "update");
    const { name: username } = user;
    const { password, email, enabled } = bodyOf<{ password?: string; email?: string; enabled?: boolean }>(
      call,
    );
    const before = accountView(user);
    if (password !== undefined) {
      log(call, "user_change_password", username, { username });
      if (!isPassword(password)) {
        const rule = "password must be at least 8 characters and contain no whitespace.";
        refuse(message(`Invalid password, ${rule}`));
      }
    }
    if (email !== undefined) {
      const others = [...call.state.namespaces.values()].filter((other) => other !== user);
      if (others.some((other) => other.kind === "user" && other.email === email)) {
        refuse(message("E-mail address already used"));
      }
      Object.assign(user, { email, verified: true });
      delete user.avatarHash;
      log(call, "user_change_email", username, { old_email: before.email, email });
    }
    if (enabled !== undefined) {
      log(call, enabled ? "user_enable" : "user_disable", username, { username });
      user.enabled = enabled;
    }
    return json({
      ...before,
      ...(email !== undefined && { email }),
      ...(password !== undefined && { encrypted_password: encryptedPassword(call) }),
    });
  },

  /** Users who are locked stay, without a word about it. */
  deleteInstallUser(call) {
    const user = userInReach(call, "delete");
    record(call, "user_delete", user.name, { username: user.name });
    if (user.enabled) removeNamespace(call.state, user);
    return empty();
  },
};

const organizations: Handlers = {
  listAllOrganizations(call) {
    const found = [...call.state.namespaces.values()].filter(({ kind }) => kind === "organization");
    return listed(call, "organizations", found, organizationView);
  },

  /** What was tried is logged, also where it fails. */
  changeOrganization(call) {
    const { state } = call;
    const name = param(call, "name");
    const { name: newName } = bodyOf<{ name?: string }>(call);
    const logged = { old_name: name, new_name: newName ?? null };
    log(call, "org_change_name", state.namespaces.get(name)!.name, logged);
    const organization =
      findOrganization(state, name) ?? refuse(message(`Organization does not exist: ${name}`));
    if (newName !== undefined && newName !== name) {
      checkName(newName, `Invalid username ${newName}`, message);
      if (state.namespaces.has(newName)) throw new Error("Quay leaves this to its database, which fails");
      renameOrganization(state, organization, newName);
    }
    return json(organizationView(organization));
  },

  deleteOrganization(call) {
    const { state } = call;
    const organization = findOrganization(state, param(call, "name")) ?? refuse(notFound());
    record(call, "org_delete", organization.name, { namespace: organization.name });
    removeNamespace(state, organization);
    return empty();
  },

  /** A user becomes an organization by it. */
  takeOwnership(call) {
    const me = userOf(call);
    const taken = call.state.namespaces.get(param(call, "namespace")) ?? refuse(notFound());
    if (taken.superuser === "full") refuse(invalidRequest("Cannot take ownership of a superuser"));
    const { id: entity_id, name: namespace } = taken;
    const was_user = taken.kind === "user";
    if (was_user) becomeOrganization(call.state, taken, me);
    else [...taken.teams.values()].find(({ role }) => role === "admin")!.members.add(me.name);
    log(call, "take_ownership", me.name, { entity_id, namespace, was_user });
    return json({ namespace });
  },
};

/** Quay's worker looks once a minute whether a calculation is asked for. */
const workerPeriodInMilliseconds = 60_000;

interface RegistrySize {
  readonly size_bytes: number;
  /** Milliseconds since 1970. */
  readonly last_ran: number | null;
  /** Milliseconds since 1970; null where nothing is queued. */
  readonly queued: number | null;
}

/** The registry's size as it was calculated last, the calculation that is due by now included. */
function registrySize({ state }: Call): RegistrySize {
  const kept = itemsOf(state, "registrysize");
  const size = { size_bytes: 0, last_ran: null, queued: null, ...kept.get("") } as RegistrySize;
  const due = size.queued === null ? Number.POSITIVE_INFINITY : size.queued + workerPeriodInMilliseconds;
  if (due > state.now().getTime()) return size;
  const size_bytes = [...state.namespaces.values()].reduce((sum, each) => sum + repositoryBytes(each), 0);
  const calculated = { size_bytes, last_ran: due, queued: null };
  kept.set("", calculated);
  return calculated;
}

const registry: Handlers = {
  getRegistrySize(call) {
    const { queued, ...size } = registrySize(call);
    return json({ ...size, queued: queued !== null, running: false });
  },

  postRegistrySize(call) {
    const size = registrySize(call);
    if (size.queued !== null) return json("", 202);
    itemsOf(call.state, "registrysize").set("", { ...size, queued: call.state.now().getTime() });
    return json("", 201);
  },

  getConfigDump({ state }) {
    const named = (superuser: Namespace["superuser"]) =>
      [...state.namespaces.values()].filter((each) => each.superuser === superuser).map(({ name }) => name);
    const users = { SUPER_USERS: named("full"), GLOBAL_READONLY_SUPER_USERS: named("read-only") };
    const dump = { ...configuration, config: { ...configuration.config, ...users } };
    return json(itemsOf(state, "configuration").get("") ?? dump);
  },
};

export const superuser: Handlers = { ...users, ...organizations, ...registry };
