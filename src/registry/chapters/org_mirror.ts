/** Mirrors of organizations: a namespace of another registry, copied repository by repository. Nothing is copied here. */
import { empty, invalidRequest, json, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, organizationOf } from "../call.ts";
import { iso8601Micro } from "../formats.ts";
import { record } from "../log.ts";
import { findRobot, type Item, itemsOf, type Namespace } from "../state.ts";
import { checkRegistryUrl, hostOf, isLoopback, judge } from "../upstream.ts";
import { mirrorTime } from "./mirror.ts";

const initialRetries = 3;
const usualTimeout = 300;
const usualLimit = 100;
const highestLimit = 500;

/** The states of a repository that a mirror found, in Quay's order. */
const repositoryStates = ["CANCEL", "FAIL", "NEVER_RUN", "SUCCESS", "SYNCING", "SYNC_NOW", "SKIP"] as const;
/** In these a repository still has something before it. */
const activeStates: readonly unknown[] = ["SYNCING", "SYNC_NOW"];

interface Body {
  readonly external_registry_type: string;
  readonly external_registry_url: string;
  readonly external_namespace: string;
  readonly robot_username: string;
  readonly visibility: string;
  readonly sync_interval: number;
  readonly sync_start_date: string;
  readonly is_enabled?: boolean;
  readonly external_registry_username?: string | null;
  readonly external_registry_password?: string | null;
  readonly external_registry_config?: Item;
  readonly repository_filters?: readonly string[];
  readonly skopeo_timeout?: number;
}

/** The mirror of an organization, kept as it is shown, but with its password. */
const mirrorIn = (call: Call): { organization: Namespace; mirror: Item } => {
  const organization = organizationOf(call);
  return { organization, mirror: itemsOf(organization, "mirror").get("") ?? refuse(notFound()) };
};

/** The repositories that an organization's mirror found at its source, by name, kept as they are shown but for the copy here. */
const foundIn = (organization: Namespace): Item[] => [...itemsOf(organization, "mirrored").values()];

const referenceOf = (mirror: Item) => `${mirror.external_registry_url}/${mirror.external_namespace}`;

/** Refuses settings that will not do, before any of them is applied. */
function checkSettings(call: Call, organization: Namespace, body: Partial<Body>): void {
  const { robot_username: robot, sync_start_date: start, external_registry_url: url } = body;
  if (robot !== undefined) {
    if (findRobot(call.state, robot) === undefined) {
      refuse(invalidRequest(`Invalid robot account: ${robot}`));
    }
    if (!robot.startsWith(`${organization.name}+`)) {
      refuse(invalidRequest("Robot account must belong to the organization"));
    }
  }
  if (start !== undefined && mirrorTime(start) === undefined) {
    refuse(invalidRequest("Invalid sync_start_date format. Use ISO 8601: YYYY-MM-DDTHH:MM:SSZ"));
  }
  if (url !== undefined) checkRegistryUrl(url);
}

/** A mirror wants an organization of its own. */
function checkOrganization(organization: Namespace): void {
  if (organization.repositories.size > 0) {
    refuse(
      invalidRequest(
        "Cannot create organization mirror: the organization already contains repositories. Organization mirroring requires an empty organization.",
      ),
    );
  }
  if (itemsOf(organization, "proxycache").size > 0) {
    refuse(
      invalidRequest(
        "Cannot create organization mirror: the organization has a proxy cache configuration. Remove the proxy cache configuration first.",
      ),
    );
  }
  if (itemsOf(organization, "mirror").size > 0) {
    refuse(invalidRequest("Mirror configuration already exists for this organization"));
  }
}

/** Whether the source answers, and what it says: see upstream.ts on what can be reached. */
function verify(call: Call, mirror: Item): { success: boolean; message: string } {
  const host = hostOf(String(mirror.external_registry_url));
  if (host === "" || judge(host) !== "good") {
    return { success: false, message: "The provided URL is not allowed" };
  }
  if (isLoopback(host)) {
    const { external_registry_password: password, external_namespace: namespace } = mirror;
    if (password && password !== "password") return { success: false, message: "Authentication failed" };
    if (!call.state.namespaces.has(String(namespace))) {
      return { success: false, message: `Namespace '${namespace}' not found` };
    }
  }
  return { success: true, message: "Connection successful" };
}

/** A number of the query; whatever is none counts as left out. */
function number(call: Call, name: string, otherwise: number): number {
  const value = call.query.get(name) ?? "";
  const read = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : otherwise;
  return read < 1 ? otherwise : read;
}

export const orgMirror: Handlers = {
  getOrgMirrorConfig(call) {
    const { organization, mirror } = mirrorIn(call);
    const found = foundIn(organization);
    const { external_registry_password, ...shown } = mirror;
    return json({
      ...shown,
      has_external_registry_password: Boolean(external_registry_password),
      repo_sync_status_counts: Object.fromEntries(
        repositoryStates.map((state) => [
          state,
          found.filter(({ sync_status }) => sync_status === state).length,
        ]),
      ),
    });
  },

  createOrgMirrorConfig(call) {
    const organization = organizationOf(call);
    const body = bodyOf<Body>(call);
    checkSettings(call, organization, body);
    checkOrganization(organization);
    const { external_registry_type, external_registry_url, external_namespace, sync_interval } = body;
    const { robot_username } = body;
    itemsOf(organization, "mirror").set("", {
      is_enabled: body.is_enabled ?? true,
      external_registry_type,
      external_registry_url,
      external_namespace,
      external_registry_username: body.external_registry_username || null,
      external_registry_password: body.external_registry_password || null,
      external_registry_config: body.external_registry_config ?? {},
      repository_filters: body.repository_filters ?? [],
      robot_username,
      visibility: body.visibility,
      sync_interval,
      sync_start_date: body.sync_start_date,
      sync_expiration_date: null,
      sync_status: "NEVER_RUN",
      sync_retries_remaining: initialRetries,
      skopeo_timeout: body.skopeo_timeout ?? usualTimeout,
      creation_date: iso8601Micro(call.state.now()),
    });
    record(call, "org_mirror_enabled", organization.name, {
      external_registry_type,
      external_registry_url,
      external_namespace,
      sync_interval,
      robot_username,
    });
    return json("", 201);
  },

  updateOrgMirrorConfig(call) {
    const { organization, mirror } = mirrorIn(call);
    const body = bodyOf<Partial<Body>>(call);
    checkSettings(call, organization, body);
    const old = referenceOf(mirror);
    const { external_registry_type, ...changes } = body;
    Object.assign(mirror, changes);
    for (const field of ["external_registry_username", "external_registry_password"]) {
      mirror[field] = mirror[field] || null;
    }
    record(call, "org_mirror_config_changed", organization.name, {
      updated_fields: Object.keys(body),
      old_external_reference: old,
      external_reference: referenceOf(mirror),
    });
    return json("");
  },

  /** What was mirrored stays, and is an ordinary repository again. */
  deleteOrgMirrorConfig(call) {
    const { organization, mirror } = mirrorIn(call);
    for (const repository of organization.repositories.values()) {
      if (repository.state === "ORG_MIRROR") repository.state = "NORMAL";
    }
    itemsOf(organization, "mirrored").clear();
    itemsOf(organization, "mirror").clear();
    record(call, "org_mirror_disabled", organization.name, { external_reference: referenceOf(mirror) });
    return empty();
  },

  syncOrgMirrorNow(call) {
    const { organization, mirror } = mirrorIn(call);
    if (mirror.sync_status === "SYNCING") {
      refuse(invalidRequest("Cannot trigger sync: discovery is currently in progress."));
    }
    if (foundIn(organization).some(({ sync_status }) => activeStates.includes(sync_status))) {
      refuse(
        invalidRequest(
          "Cannot trigger sync: repositories are still syncing. Cancel the current sync and wait for all repositories to reach a terminal state before triggering a new sync.",
        ),
      );
    }
    Object.assign(mirror, {
      sync_status: "SYNC_NOW",
      sync_start_date: iso8601Micro(call.state.now()),
      sync_expiration_date: null,
      sync_retries_remaining: Math.max(Number(mirror.sync_retries_remaining), 1),
    });
    record(call, "org_mirror_sync_now_requested", organization.name, {
      external_reference: referenceOf(mirror),
    });
    return empty();
  },

  /** From any state but one; Quay's worker would clear the expiration when it has seen it. */
  cancelOrgMirrorSync(call) {
    const { organization, mirror } = mirrorIn(call);
    if (mirror.sync_status === "CANCEL") {
      refuse(invalidRequest("Cannot cancel: mirror is already cancelled"));
    }
    Object.assign(mirror, {
      sync_status: "CANCEL",
      sync_expiration_date: iso8601Micro(call.state.now()),
      sync_retries_remaining: 0,
    });
    record(call, "org_mirror_sync_cancelled", organization.name, { external_reference: referenceOf(mirror) });
    return empty();
  },

  verifyOrgMirrorConnection: (call) => json(verify(call, mirrorIn(call).mirror)),

  listOrgMirrorRepositories(call) {
    const { organization } = mirrorIn(call);
    const page = number(call, "page", 1);
    const limit = Math.min(highestLimit, number(call, "limit", usualLimit));
    const status = call.query.get("status");
    if (status !== null && !repositoryStates.some((state) => state === status.toUpperCase())) {
      const valid = repositoryStates.join(", ");
      refuse(invalidRequest(`Invalid status filter '${status}'. Valid values: ${valid}`));
    }
    const found = foundIn(organization).filter(
      ({ sync_status }) => status === null || sync_status === status.toUpperCase(),
    );
    return json({
      repositories: found.slice((page - 1) * limit, page * limit).map((each) => ({
        ...each,
        quay_repository: organization.repositories.has(String(each.name))
          ? `${organization.name}/${each.name}`
          : null,
      })),
      page,
      limit,
      total: found.length,
      has_next: page * limit < found.length,
    });
  },
};
