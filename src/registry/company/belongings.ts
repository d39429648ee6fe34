/** What hangs on the company's namespaces and repositories: quotas, policies, notifications, mirrors and the like. */
import { createHash } from "node:crypto";
import { findMember, memberView, teamAvatar } from "../entities.ts";
import { fromEpoch, iso8601, iso8601Micro, rfc2822, rfc2822Gmt } from "../formats.ts";
import {
  addRobot,
  findRobot,
  type Item,
  itemsOf,
  type Namespace,
  type Owner,
  type Repository,
  type State,
} from "../state.ts";
import { messages, serviceKeys } from "./facts.ts";
import { uuidOf } from "./images.ts";
import { day } from "./repositories.ts";
import type {
  Notification,
  OrganizationFacts,
  Policy,
  Quota,
  RepositoryFacts,
  RobotFacts,
  SyncStatus,
  UserFacts,
} from "./words.ts";

const gibibyte = 1024 ** 3;

/** Adds an item to a collection of an owner under its key. */
function add(owner: Owner, collection: string, key: string, item: Item): void {
  itemsOf(owner, collection).set(key === "" ? "" : String(item[key]), item);
}

/** Gives a namespace its robots. */
export function addRobots(
  state: State,
  owner: Namespace,
  robots: Readonly<Record<string, RobotFacts>> | undefined,
  now: number,
): void {
  for (const [name, { about = "", made, used, trusts }] of Object.entries(robots ?? {})) {
    addRobot(state, owner, name, {
      description: about,
      created: fromEpoch(now - made * day),
      lastAccessed: used === null ? null : fromEpoch(now - used * day),
      federation: trusts === undefined ? [] : [{ issuer: trusts, subject: `repo:acme-rockets/${name}` }],
    });
  }
}

function addQuota(state: State, owner: Namespace, quota: Quota | undefined): void {
  if (quota === undefined) return;
  add(owner, "quotas", "id", {
    id: state.nextId("quota"),
    limit_bytes: quota.gibibytes * gibibyte,
    limits: Object.entries(quota.limits).map(([type, limit_percent]) => ({
      id: state.nextId("quota limit"),
      type,
      limit_percent,
    })),
  });
}

function addPolicies(state: State, owner: Owner, policies: readonly Policy[] = []): void {
  for (const { method, value, pattern = null } of policies) {
    const tagPatternMatches = pattern === null ? null : true;
    add(owner, "policies", "uuid", {
      uuid: state.random.uuid(),
      method,
      value,
      tagPattern: pattern,
      tagPatternMatches,
    });
  }
}

function addNotifications(state: State, owner: Owner, notifications: readonly Notification[] = []): void {
  for (const [event, method, to, number_of_failures, title] of notifications) {
    add(owner, "notifications", "uuid", {
      uuid: state.random.uuid(),
      title,
      event,
      method,
      config: method === "email" ? { email: to } : { url: to },
      event_config: event === "vulnerability_found" ? { vulnerability: { priority: "High" } } : {},
      number_of_failures,
    });
  }
}

/** Gives a user what hangs on their account. */
export function addUserBelongings(state: State, user: Namespace, facts: UserFacts, now: number): void {
  addRobots(state, user, facts.robots, now);
  addQuota(state, user, facts.quota);
  for (const star of facts.stars ?? []) user.stars.add(star);
  for (const [title, made, used, ends] of facts.tokens ?? []) {
    const date = (days: number | null) => (days === null ? null : rfc2822(fromEpoch(now - days * day)));
    add(user, "tokens", "uuid", {
      uuid: state.random.uuid(),
      title,
      last_accessed: date(used),
      created: date(made),
      expiration: date(ends === null ? null : -ends),
      token_code: state.random.code(120),
    });
  }
}

/** To be called when the organization's teams and robots are there. */
export function addOrganizationBelongings(
  state: State,
  organization: Namespace,
  facts: OrganizationFacts,
  now: number,
): void {
  addQuota(state, organization, facts.quota);
  addPolicies(state, organization, facts.policies);
  addNotifications(state, organization, facts.notifications);
  for (const [team, role] of facts.prototypes ?? []) {
    const delegate = { name: team, kind: "team", avatar: teamAvatar(organization.teams.get(team)!) };
    add(organization, "prototypes", "id", { activating_user: null, delegate, role, id: state.random.uuid() });
  }
  for (const [name, uri] of Object.entries(facts.applications ?? {})) {
    add(organization, "applications", "client_id", {
      name,
      description: "",
      application_uri: uri,
      redirect_uri: `${uri}/oauth/callback`,
      avatar_email: null,
      client_id: state.random.code(20),
      client_secret: state.random.code(40),
    });
  }
  if (facts.proxy !== undefined) {
    const { upstream, expiration } = facts.proxy;
    add(organization, "proxycache", "", {
      upstream_registry: upstream,
      expiration_s: expiration,
      insecure: false,
    });
  }
  if (facts.mirror !== undefined) addOrganizationMirror(organization, facts.mirror, now);
}

const proxyless = { https_proxy: null, http_proxy: null, no_proxy: null };

function addOrganizationMirror(
  organization: Namespace,
  { from, namespace, robot, filters, every }: NonNullable<OrganizationFacts["mirror"]>,
  now: number,
): void {
  add(organization, "mirror", "", {
    is_enabled: true,
    external_registry_type: "quay",
    external_registry_url: from,
    external_namespace: namespace,
    external_registry_username: null,
    external_registry_config: { verify_tls: true, proxy: proxyless },
    repository_filters: filters,
    robot_username: `${organization.name}+${robot}`,
    visibility: "private",
    sync_interval: every,
    sync_start_date: iso8601(fromEpoch(now + 3 * 3600)),
    sync_expiration_date: null,
    sync_status: "SUCCESS",
    sync_retries_remaining: 3,
    skopeo_timeout: 300,
    creation_date: iso8601Micro(fromEpoch(now - 250 * day)),
  });
}

/** Gives a repository what hangs on it. */
export function addRepositoryBelongings(
  state: State,
  repository: Repository,
  facts: RepositoryFacts,
  now: number,
): void {
  addPolicies(state, repository, facts.policies);
  addNotifications(state, repository, facts.notifications);
  if (facts.mirror !== undefined) addMirror(repository, facts.mirror, now);
  if (facts.mirrored !== undefined) addMirrored(state, repository, facts.mirrored, now);
  if (facts.build !== undefined) addBuilds(state, repository, facts.build, now);
}

function addMirror(
  repository: Repository,
  { of, tags, robot, status, user, off }: NonNullable<RepositoryFacts["mirror"]>,
  now: number,
): void {
  add(repository, "mirror", "", {
    is_enabled: off !== true,
    mirror_type: "PULL",
    external_reference: of,
    external_registry_username: user ?? null,
    external_registry_password: user === undefined ? null : uuidOf(`${of} password`),
    external_registry_config: { verify_tls: true, unsigned_images: false, proxy: proxyless },
    sync_interval: day,
    sync_start_date: iso8601(fromEpoch(now + 4 * 3600)),
    sync_expiration_date: null,
    sync_retries_remaining: status === "FAIL" ? 0 : 3,
    sync_status: status,
    root_rule: { rule_kind: "tag_glob_csv", rule_value: tags },
    robot_username: `${repository.namespace}+${robot}`,
    skopeo_timeout_interval: 300,
    architecture_filter: [],
  });
}

/** What the mirror of the organization found at its source, and how it fared with it. */
function addMirrored(
  state: State,
  { namespace, name }: Repository,
  sync_status: SyncStatus,
  now: number,
): void {
  add(state.namespaces.get(namespace)!, "mirrored", "name", {
    name,
    sync_status,
    status_message: sync_status === "FAIL" ? "toomanyrequests: rate limit exceeded" : null,
    discovery_date: iso8601Micro(fromEpoch(now - 240 * day)),
    last_sync_date: iso8601Micro(fromEpoch(now - day)),
  });
}

/** A trigger that gave up, and the builds before: the last ones failed. */
function addBuilds(state: State, repository: Repository, source: string, now: number): void {
  const [host = "", ...rest] = source.split("/");
  const build_source = rest.join("/");
  const trigger = {
    id: state.random.uuid(),
    service: host.split(".")[0],
    is_active: true,
    build_source,
    repository_url: `https://${source}`,
    config: { build_source, subdir: "", dockerfile_path: "Dockerfile", context: "/" },
    can_invoke: true,
    enabled: false,
    disabled_reason: "successive_build_failures",
  };
  const robot = findRobot(state, `${repository.namespace}+ci`);
  const pull_robot = robot && memberView(findMember(state, robot.name)!);
  add(repository, "triggers", "id", { ...trigger, ...(pull_robot && { pull_robot }) });
  for (const daysAgo of [31, 29, 28, 27]) {
    const commit = state.random.hex(40);
    const error = daysAgo > 30 ? null : "toomanyrequests: You have reached your pull rate limit";
    add(repository, "builds", "id", {
      id: state.random.uuid(),
      phase: error === null ? "complete" : "error",
      started: rfc2822(fromEpoch(now - daysAgo * day)),
      display_name: commit.slice(0, 7),
      status: {},
      subdirectory: "/Dockerfile",
      dockerfile_path: "/Dockerfile",
      context: "/",
      tags: ["latest"],
      manual_user: null,
      is_writer: true,
      trigger,
      trigger_metadata: { commit, ref: "refs/heads/main", default_branch: "main" },
      resource_key: null,
      pull_robot: pull_robot ?? null,
      repository: { namespace: repository.namespace, name: repository.name },
      error,
      log: [{ type: "command", message: "Step 1/6 : FROM docker.io/library/golang:1.23" }].concat(
        error === null ? [] : { type: "error", message: error },
      ),
      archive_url: null,
    });
  }
}

/** What belongs to the registry as a whole. */
export function addRegistryBelongings(state: State, now: number): void {
  for (const message of messages) add(state, "messages", "uuid", { uuid: state.random.uuid(), ...message });
  for (const [name, [service, ends, approved]] of Object.entries(serviceKeys)) {
    const n = Buffer.from(state.random.hex(512), "hex").toString("base64url");
    const kid = createHash("sha256")
      .update(JSON.stringify({ e: "AQAB", kty: "RSA", n }))
      .digest("base64url");
    const made = rfc2822Gmt(fromEpoch(now - 300 * day));
    add(state, "keys", "kid", {
      name,
      kid,
      service,
      jwk: { e: "AQAB", kid, kty: "RSA", n },
      metadata: {},
      created_date: made,
      expiration_date: ends === null ? null : rfc2822Gmt(fromEpoch(now + ends * day)),
      rotation_duration: null,
      approval: approved
        ? {
            approval_type: "ServiceKeyApprovalType.SUPERUSER",
            approved_date: made,
            approver: "ada",
            notes: "",
          }
        : null,
    });
  }
}
