/** Mirrors of repositories: a repository that copies one of another registry. Nothing is copied here: a sync waits. */
import {
  type Answer,
  detailOnly,
  empty,
  invalidRequest,
  json,
  message,
  notFound,
  refuse,
} from "../answers.ts";
import { bodyOf, type Call, type Handlers, namespaceOf, repositoryOf } from "../call.ts";
import { epochSeconds, iso8601 } from "../formats.ts";
import { recordIn } from "../log.ts";
import { findRobot, type Item, itemsOf, type Repository } from "../state.ts";
import { checkReference } from "../upstream.ts";

const initialRetries = 3;
const architectures = new Set(["amd64", "arm64", "ppc64le", "s390x"]);

interface Proxy {
  readonly https_proxy?: string | null;
  readonly http_proxy?: string | null;
  readonly no_proxy?: string | null;
}

interface Body {
  readonly is_enabled?: boolean;
  readonly external_reference?: string;
  readonly external_registry_username?: string | null;
  readonly external_registry_password?: string | null;
  readonly external_registry_config?: {
    readonly verify_tls?: boolean;
    readonly unsigned_images?: boolean;
    readonly proxy?: Proxy;
  };
  readonly sync_start_date?: string;
  readonly sync_interval?: number;
  readonly robot_username?: string;
  readonly root_rule?: { readonly rule_kind: string; readonly rule_value: readonly string[] };
  readonly skopeo_timeout_interval?: number;
  readonly architecture_filter?: readonly string[] | null;
}

/** The mirror of a repository, kept as it is shown, but with its password. */
const mirrorOf = (repository: Repository): Item | undefined => itemsOf(repository, "mirror").get("");

const mirrorIn = (call: Call): { repository: Repository; mirror: Item } => {
  const repository = repositoryOf(call);
  return { repository, mirror: mirrorOf(repository) ?? refuse(notFound()) };
};

/** A time as mirrors take it, to the second and in UTC; undefined for anything else. */
export function mirrorTime(text: string): Date | undefined {
  const time = new Date(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(time.getTime());
  return isTime && iso8601(time) === text ? time : undefined;
}

/** Where a whole organization is mirrored, its repositories are not managed one by one. */
function refuseInMirroredOrganization(call: Call, repository: Repository): void {
  if (itemsOf(namespaceOf(call.state, repository), "mirror").size === 0) return;
  refuse(
    invalidRequest(
      "Repository mirror configuration cannot be managed when organization-level mirroring is configured",
    ),
  );
}

/** Refuses settings that will not do, before any of them is applied. */
function checkSettings(body: Body): void {
  if (body.external_reference !== undefined) checkReference(body.external_reference);
  const unknown = (body.architecture_filter ?? []).filter((each) => !architectures.has(each)).sort();
  if (unknown.length > 0) {
    refuse(detailOnly(`Invalid architectures: ${[...new Set(unknown)].join(", ")}`));
  }
  if (body.sync_start_date !== undefined && mirrorTime(body.sync_start_date) === undefined) {
    refuse(detailOnly("Incorrect DateTime format for sync_start_date."));
  }
  if (body.external_registry_password !== undefined) checkCredentials(body);
  if (body.root_rule?.rule_value.length === 0) {
    refuse(
      invalidRequest("validation failed: rule_value for TAG_GLOB_CSV must be a list with at least one rule"),
    );
  }
}

function checkCredentials({ external_registry_username: username, external_registry_password }: Body): void {
  if (username === undefined) {
    refuse(detailOnly("Unable to set a new password without also specifying a username."));
  }
  if (username === null && external_registry_password !== null) {
    refuse(detailOnly("Unable to delete username while setting a password."));
  }
}

function checkRobot(call: Call, { namespace }: Repository, name: string): void {
  if (findRobot(call.state, name) === undefined) {
    refuse(message("Could not find robot with specified username"));
  }
  if (!name.startsWith(`${namespace}+`)) refuse(message("Invalid robot"));
}

/** A mirror's robot has to push: it is given the role where it has less. */
function admitRobot(repository: Repository, name: string): void {
  const role = repository.userPermissions.get(name);
  if (role === undefined || role === "read") repository.userPermissions.set(name, "write");
}

/** Writes down one changed setting, with the surroundings that Quay notes for pulls and pushes. */
function note(call: Call, repository: Repository, changed: string, to: unknown): void {
  recordIn(call, repository, "repo_mirror_config_changed", {
    "user-agent": call.userAgent,
    changed,
    to,
    username: call.caller?.user.name,
    resolved_ip: {
      provider: "internet",
      service: null,
      sync_token: "1645662201",
      country_iso_code: null,
      aws_region: null,
      continent: null,
    },
  });
}

/** The settings that are changed as they come, in Quay's order, and what the log says of each. */
const plainSettings: readonly (readonly [field: keyof Body & string, shown?: (value: unknown) => unknown])[] =
  [
    ["is_enabled"],
    ["external_reference"],
    ["robot_username"],
    ["sync_start_date", (value) => epochSeconds(mirrorTime(String(value))!)],
    ["sync_interval"],
    ["skopeo_timeout_interval"],
    ["architecture_filter"],
    ["external_registry_username"],
    ["external_registry_password", (value) => (value === null ? null : "********")],
  ];

function applyRegistryConfig(call: Call, repository: Repository, mirror: Item, body: Body): void {
  const { proxy, ...settings } = body.external_registry_config ?? {};
  const kept = (mirror.external_registry_config ?? {}) as Item;
  for (const field of ["verify_tls", "unsigned_images"] as const) {
    if (settings[field] === undefined) continue;
    kept[field] = settings[field];
    note(call, repository, field, settings[field]);
  }
  for (const field of ["http_proxy", "https_proxy", "no_proxy"] as const) {
    if (proxy?.[field] === undefined) continue;
    kept.proxy = { ...(kept.proxy as Proxy | undefined), [field]: proxy[field] };
    note(call, repository, field, proxy[field]);
  }
  mirror.external_registry_config = kept;
}

export const mirror: Handlers = {
  getRepoMirrorConfig(call) {
    const { external_registry_password, ...shown } = mirrorIn(call).mirror;
    return json(shown);
  },

  createRepoMirrorConfig(call) {
    const repository = repositoryOf(call);
    const body = bodyOf<Body>(call);
    refuseInMirroredOrganization(call, repository);
    if (mirrorOf(repository) !== undefined) {
      const { namespace, name } = repository;
      refuse(detailOnly(`Mirror configuration already exits for repository ${namespace}/${name}`, 409));
    }
    // Only a change minds which of the two credentials come.
    const { external_registry_password = null, ...rest } = body;
    checkSettings(rest);
    // Without a robot Quay fails: its schema does not ask for one.
    const robot = body.robot_username!.toString();
    checkRobot(call, repository, robot);
    admitRobot(repository, robot);
    itemsOf(repository, "mirror").set("", {
      is_enabled: body.is_enabled ?? true,
      mirror_type: "PULL",
      external_reference: body.external_reference,
      external_registry_username: body.external_registry_username || null,
      external_registry_config: structuredClone(body.external_registry_config ?? {}),
      sync_interval: body.sync_interval,
      sync_start_date: body.sync_start_date,
      sync_expiration_date: null,
      sync_retries_remaining: initialRetries,
      sync_status: "NEVER_RUN",
      root_rule: body.root_rule,
      robot_username: robot,
      skopeo_timeout_interval: body.skopeo_timeout_interval,
      architecture_filter: body.architecture_filter ?? [],
      external_registry_password,
    });
    repository.state = "MIRROR";
    note(call, repository, "external_reference", body.external_reference);
    return json("", 201);
  },

  changeRepoMirrorConfig(call) {
    const repository = repositoryOf(call);
    const body = bodyOf<Body>(call);
    refuseInMirroredOrganization(call, repository);
    const changed = mirrorOf(repository) ?? refuse(notFound());
    checkSettings(body);
    if (body.robot_username !== undefined) {
      checkRobot(call, repository, body.robot_username);
      admitRobot(repository, body.robot_username);
    }
    for (const [field, shown] of plainSettings) {
      const value = body[field];
      if (value === undefined) continue;
      changed[field] = field === "architecture_filter" ? (value ?? []) : value;
      note(call, repository, field, shown?.(value) ?? value);
    }
    applyRegistryConfig(call, repository, changed, body);
    if (body.root_rule !== undefined) {
      changed.root_rule = body.root_rule;
      note(call, repository, "mirror_rule", body.root_rule.rule_value);
    }
    return json("", 201);
  },

  syncNow: (call) =>
    setStatus(
      call,
      "SYNC_NOW",
      (status) => status !== "SYNCING",
      (retries) => Math.max(retries, 1),
    ),

  /** Only what waits or runs can be cancelled. */
  syncCancel: (call) =>
    setStatus(
      call,
      "CANCEL",
      (status) => ["SYNCING", "SYNC_NOW"].includes(status),
      () => 0,
    ),
};

function setStatus(
  call: Call,
  status: "SYNC_NOW" | "CANCEL",
  may: (status: string) => boolean,
  retries: (remaining: number) => number,
): Answer {
  const { repository, mirror: changed } = mirrorIn(call);
  if (!may(String(changed.sync_status))) return notFound();
  changed.sync_status = status;
  changed.sync_expiration_date = null;
  changed.sync_retries_remaining = retries(Number(changed.sync_retries_remaining));
  note(call, repository, "sync_status", status === "CANCEL" ? "SYNC_CANCEL" : status);
  return empty();
}
