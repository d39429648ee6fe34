/**
 * What of Quay's answers is noise to an administrator's assistant: said twice, or there for Quay's own pages. Data only;
 * `compact.ts` applies it. Names are of fields; `parent.field` is that field of that parent alone.
 */

/** One set of rules. A field's rule for one operation goes before the general one. */
export interface Noise {
  /** They leave whatever they say. */
  readonly always?: readonly string[];
  /** They leave where they are null, an empty text, `{}` or `[]`: no value says as much. */
  readonly whenEmpty?: readonly string[];
  /** They leave where they have the value that nearly everything has. */
  readonly whenUsual?: Readonly<Record<string, string | number | boolean | null>>;
  /** They leave where the field beside them has the same value. */
  readonly repeats?: Readonly<Record<string, string>>;
  /** They leave where this field, which says the same in other words, stands beside them. */
  readonly restates?: Readonly<Record<string, string>>;
  /** Of these lists the elements leave in which this field is 0. */
  readonly zeros?: Readonly<Record<string, string>>;
  /** They stay, against the general rules. */
  readonly keeps?: readonly string[];
}

/** Objects whose keys are names that people gave, not fields: in a team called `avatar` nothing is noise. */
export const maps: ReadonlySet<string> = new Set([
  "child_manifests_presence",
  "metadata",
  "permissions",
  "tags",
  "teams",
]);

/** Objects that Quay keeps for its users as they are: whatever is inside stays. */
export const keptAsTheyAre: ReadonlySet<string> = new Set([
  "annotations",
  "env",
  "event_config",
  "unstructured_metadata",
]);

export const everywhere: Noise = {
  always: [
    // Pictures, and what Quay's pages show or hide.
    "avatar",
    "author.avatar_url",
    "can_view",
    "committer.avatar_url",
    "is_free_account",
    "is_starred",
    "is_writer",
    "preferred_namespace",
    "prompts",
    "status_token",
    // The version of the table by which Quay found out where an address is.
    "resolved_ip.sync_token",
  ],
  whenEmpty: [
    "description",
    "disabled_reason",
    "error",
    "event_config",
    "metadata",
    "pull_robot",
    "resolved_ip.aws_region",
    "resolved_ip.continent",
    "resolved_ip.country_iso_code",
    "resolved_ip.service",
    "unstructured_metadata",
  ],
  whenUsual: {
    default_config: false,
    default_config_exists: false,
    global_readonly_super_user: false,
    // The account that did something is always called a user; whether it is a robot is said beside it.
    "performer.kind": "user",
    is_robot: false,
    is_sparse: false,
    reversion: false,
    trust_enabled: false,
  },
  repeats: {
    end_ts: "expiration",
    name: "username",
    running_backfill: "backfill_status",
    start_ts: "last_modified",
  },
  restates: { limit: "limit_bytes", ordered_teams: "teams" },
};

const search: Noise = { always: ["href", "score", "title"] };

/** A build repeats its repository, which was asked for, and the whole of its trigger, which get_build_trigger shows. */
const build: Noise = {
  always: ["trigger.can_invoke", "trigger.config", "trigger.is_active", "trigger.repository_url"],
  whenEmpty: [
    "archive_url",
    "context",
    "dockerfile_path",
    "manual_user",
    "resource_key",
    "status",
    "subdirectory",
    "trigger",
    "trigger_metadata",
  ],
};
const buildOfRepository: Noise = { ...build, always: [...(build.always ?? []), "repository"] };

/** The public key is for Quay to check signatures with, `kid` is its fingerprint; who approved it needs no account details. */
const serviceKey: Noise = {
  always: [
    "approver.email",
    "approver.enabled",
    "approver.global_readonly_super_user",
    "approver.kind",
    "approver.quota_report",
    "approver.quotas",
    "approver.super_user",
    "approver.verified",
    "jwk",
  ],
};

const user: Noise = {
  whenEmpty: ["company", "family_name", "given_name", "invoice_email_address", "location"],
};

/** By operationId. */
export const ofOperation: Readonly<Record<string, Noise>> = {
  conductRepoSearch: search,
  conductSearch: search,
  getConfigDump: { keeps: ["description", "error", "limit", "name"], always: ["schema"] },
  getLoggedInUser: user,
  // Of the last 90 days, those on which something happened.
  getRepo: { whenUsual: { kind: "image" }, zeros: { stats: "count" } },
  getRepoBuild: buildOfRepository,
  getRepoBuilds: buildOfRepository,
  getRepoBuildStatus: buildOfRepository,
  getRepoBuildStatusSuperUser: build,
  getRepoBuildSuperUser: build,
  getRepoManifest: { whenEmpty: ["author", "comment", "urls"], whenUsual: { is_remote: false } },
  getRepoManifestSecurity: {
    // The names of the vulnerabilities and their scores stand with the vulnerabilities.
    always: ["BaseScores", "CVEIds"],
    whenEmpty: ["NamespaceName", "ParentName", "RepoLink", "Score", "Vectors", "VersionFormat"],
    restates: { NamespaceName: "Metadata" },
  },
  getServiceKey: serviceKey,
  listAllUsers: { always: ["users.kind"] },
  listRepos: { whenUsual: { kind: "image" } },
  listServiceKeys: serviceKey,
  listTriggerRecentBuilds: buildOfRepository,
  manuallyStartBuildTrigger: buildOfRepository,
  requestRepoBuild: buildOfRepository,
  updateServiceKey: serviceKey,
};
