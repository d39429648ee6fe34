/** Fills a registry with what a real Quay held before the first recording: its answers to a superuser's reads. */
import type { People } from "../../src/registry/people.ts";
import {
  addNamespace,
  addRepository,
  addRobot,
  addTeam,
  type Item,
  itemsOf,
  type Namespace,
  type Owner,
  type Repository,
  type Role,
  type State,
  type TeamRole,
} from "../../src/registry/state.ts";
import reads from "../data/start.json" with { type: "json" };
import { addArtifacts } from "./artifacts.ts";

type Json = { readonly [field: string]: Json } & readonly Json[] & Item;

/** The answer to a read, or undefined where it was not 200. */
function read(path: string): Json | undefined {
  const body = (reads as unknown as Record<string, Json>)[`/api/v1/${path}`];
  return body === undefined || "_status" in Object(body) ? undefined : body;
}

/** Ordinary collections: what follows the owner's path, what the answer and the collection call them, and their key. */
const collections: readonly (readonly [suffix: string, name: string, key: string])[] = [
  ["prototypes", "prototypes", "id"],
  ["applications", "applications", "client_id"],
  ["autoprunepolicy/", "policies", "uuid"],
  ["quota", "quotas", "id"],
  ["notification/", "notifications", "uuid"],
  ["trigger/", "triggers", "id"],
  ["build/", "builds", "id"],
  ["messages", "messages", "uuid"],
  ["superuser/keys", "keys", "kid"],
  ["apptoken", "tokens", "uuid"],
];

/** Things of which an owner has one or none; kept as a collection of one, under the key "". */
const singles: readonly string[] = ["mirror", "proxycache"];

function loadCollections(owner: Owner, prefix: string): void {
  for (const [suffix, name, key] of collections) {
    const answer = read(`${prefix}${suffix}`);
    const items = Array.isArray(answer) ? answer : answer?.[name];
    for (const item of items ?? []) itemsOf(owner, name).set(String(item[key]), structuredClone(item));
  }
  for (const name of singles) {
    const item = read(`${prefix}${name}`);
    if (item && !Object.values(item as Item).every((value) => value === "")) {
      itemsOf(owner, name).set("", structuredClone(item) as Item);
    }
  }
}

function loadRobots(state: State, namespace: Namespace, answer: Json | undefined): void {
  for (const robot of (answer?.robots ?? []) as Json[]) {
    addRobot(state, namespace, String(robot.name).split("+")[1]!, {
      created: new Date(String(robot.created)),
      description: String(robot.description ?? ""),
    });
  }
}

function loadOrganization(state: State, name: string): void {
  const view = read(`organization/${name}`)!;
  const organization = addNamespace(state, "organization", name, view.email as unknown as string, {
    tagExpiration: Number(view.tag_expiration_s),
    freeAccount: Boolean(view.is_free_account),
  });
  for (const teamName of view.ordered_teams as unknown as string[]) {
    const shown = view.teams![teamName]!;
    const team = addTeam(
      state,
      organization,
      teamName,
      shown.role as unknown as TeamRole,
      String(shown.description),
    );
    const answer = read(`organization/${name}/team/${teamName}/members?includePending=true`);
    for (const member of (answer?.members ?? []) as Json[]) {
      (member.invited ? team.invited : team.members).add(String(member.name ?? member.email));
    }
  }
  loadRobots(state, organization, read(`organization/${name}/robots?permissions=true&token=false`));
  loadCollections(organization, `organization/${name}/`);
}

function loadRepository(state: State, namespace: Namespace, listed: Json): void {
  const name = String(listed.name);
  const path = `repository/${namespace.name}/${name}`;
  const view = read(`${path}?includeTags=true&includeStats=true`)!;
  const repository = addRepository(state, namespace, name, {
    description: view.description as unknown as string | null,
    public: Boolean(view.is_public),
    state: view.state as unknown as Repository["state"],
    trust: Boolean(view.trust_enabled),
    size: Number(listed.quota_report!.quota_bytes),
    popularity: Number(listed.popularity),
  });
  const tags = read(`${path}/tag/?limit=100`)!.tags as unknown as Item[];
  for (const tag of tags.toReversed()) {
    repository.tags.push({
      name: String(tag.name),
      digest: String(tag.manifest_digest),
      start: Number(tag.start_ts),
      end: (tag.end_ts as number | undefined) ?? null,
      reversion: Boolean(tag.reversion),
      immutable: Boolean(tag.immutable),
    });
  }
  loadManifests(repository, path, tags);
  for (const kind of ["user", "team"] as const) {
    const permissions = read(`${path}/permissions/${kind}/`)!.permissions!;
    for (const [who, { role }] of Object.entries(permissions as unknown as Record<string, { role: Role }>)) {
      repository[`${kind}Permissions`].set(who, role);
    }
  }
  loadCollections(repository, `${path}/`);
}

function loadManifests(repository: Repository, path: string, tags: readonly Item[]): void {
  for (const key of Object.keys(reads)) {
    const digest = new RegExp(`^/api/v1/${path}/manifest/(sha256:[0-9a-f]+)$`).exec(key)?.[1];
    const view = digest === undefined ? undefined : read(`${path}/manifest/${digest}`);
    if (digest === undefined || view === undefined) continue;
    const labels = (read(`${path}/manifest/${digest}/labels`)?.labels ?? []) as Json[];
    const tag = tags.find((each) => each.manifest_digest === digest);
    repository.manifests.set(digest, {
      digest,
      data: String(view.manifest_data),
      isList: Boolean(view.is_manifest_list),
      configMediaType: view.config_media_type as unknown as string | null,
      size: view.is_manifest_list ? null : ((tag?.size ?? view.layers_compressed_size) as number | null),
      layers: view.layers as unknown as Item[] | null,
      labels: new Map(labels.map((label) => [String(label.id), structuredClone(label) as Item])),
      children: Object.keys((tag?.child_manifests_presence ?? {}) as object),
    });
  }
  addChildren(repository);
}

/** The manifests that a list names, which nobody read one by one: known by their digest alone. */
function addChildren(repository: Repository): void {
  for (const list of [...repository.manifests.values()]) {
    for (const digest of list.children) {
      if (repository.manifests.has(digest)) continue;
      repository.manifests.set(digest, {
        digest,
        data: "{}",
        isList: false,
        configMediaType: "application/vnd.oci.image.config.v1+json",
        size: 0,
        layers: [],
        labels: new Map(),
        children: [],
      });
    }
  }
}

/** The recorded configuration was shortened. */
const configuration = {
  config: { PREFERRED_URL_SCHEME: "http", FEATURE_ORG_MIRROR: true, SECRET_KEY: "(masked)" },
  warning: {},
  env: { PATH: "/usr/bin:/bin", QUAY_EXAMPLE_SECRET: "hunter2" },
  schema: {},
};

function loadLogs(state: State): void {
  const entries = read("superuser/logs?starttime=01/01/2020")!.logs as unknown as Json[];
  for (const entry of entries.toReversed()) {
    state.logs.push({
      kind: String(entry.kind),
      metadata: entry.metadata as unknown as Item,
      time: new Date(String(entry.datetime)),
      ip: entry.ip as unknown as string | null,
      performer: (entry.performer?.name as unknown as string | undefined) ?? null,
      namespace: (entry.namespace?.name as unknown as string | undefined) ?? null,
      repository: (entry.metadata?.repo as unknown as string | undefined) ?? null,
    });
  }
}

/** Fills an empty registry. */
export function fillWithStart(state: State): People {
  for (const user of read("superuser/users/")!.users as unknown as Json[]) {
    const name = String(user.name);
    const added = addNamespace(state, "user", name, String(user.email), {
      enabled: Boolean(user.enabled),
      verified: Boolean(user.verified),
      ...(user.super_user ? { superuser: "full" as const } : {}),
      ...(user.global_readonly_super_user ? { superuser: "read-only" as const } : {}),
    });
    for (const quota of user.quotas as unknown as Item[]) {
      itemsOf(added, "quotas").set(String(quota.id), structuredClone(quota));
    }
  }
  for (const organization of read("superuser/organizations/")!.organizations as unknown as Json[]) {
    loadOrganization(state, String(organization.name));
  }
  const me = state.namespaces.get("devtable")!;
  me.freeAccount = false;
  loadRobots(state, me, read("user/robots?permissions=true&token=false"));
  loadCollections(me, "user/");
  for (const { namespace, name } of read("user/starred")!.repositories as unknown as Repository[]) {
    me.stars.add(`${namespace}/${name}`);
  }
  for (const namespace of state.namespaces.values()) {
    const listed = read(
      `repository?namespace=${namespace.name}&last_modified=true&popularity=true&quota=true`,
    );
    for (const repository of (listed?.repositories ?? []) as Json[])
      loadRepository(state, namespace, repository);
  }
  loadCollections(state, "");
  itemsOf(state, "configuration").set("", configuration);
  loadLogs(state);
  addArtifacts(state);
  // What Quay counts up goes on behind the numbers that are taken.
  for (const counted of ["quota", "quota limit"]) {
    while (state.nextId(counted) < 3);
  }
  return {
    superuser: "devtable",
    member: "reader",
    outsider: "freshuser",
    readonly_superuser: "globalreadonlysuperuser",
  };
}
