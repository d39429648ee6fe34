/**
 * The start data as a list of facts: Acme Rockets, whose registry has grown for two years, with what such registries have
 * after two years. `fill.ts` makes the registry of it. Times are days before the registry's start: 0 is today.
 */
import type { Event, OrganizationFacts, RepositoryFacts, UserFacts } from "./words.ts";

export const users: Readonly<Record<string, UserFacts>> = {
  ada: { email: "ada@acme.example", superuser: "full", tokens: [["laptop", 400, 0, 200]] },
  bob: { email: "bob@acme.example", robots: { laptop: { made: 300, used: 12 } }, stars: ["acme/app"] },
  carol: { email: "carol@acme.example", stars: ["research/notebooks", "platform/python"] },
  dave: { email: "dave@acme.example", tokens: [["rollout script", 500, 1, null]] },
  erin: { email: "erin@contractors.example", tokens: [["build box", 210, 95, -20]] },
  // Left the company a year ago; the account was closed three weeks ago, after what the events tell.
  frank: { email: "frank@acme.example", disabled: true },
  // Superuser from the days of the setup; nobody knows what for.
  gus: { email: "gus@acme.example", superuser: "full", tokens: [["setup", 720, 610, null]] },
  heidi: { email: "heidi@acme.example" },
  ivan: { email: "ivan@acme.example", quota: { gibibytes: 2, limits: { Warning: 80 } } },
  olivia: { email: "olivia@elsewhere.example" },
  auditor: { email: "auditor@acme.example", superuser: "read-only" },
};

export const organizations: Readonly<Record<string, OrganizationFacts>> = {
  acme: {
    email: "registry@acme.example",
    teams: {
      owners: ["admin", "Run the registry of Acme Rockets", "ada"],
      devs: ["member", "Everyone who builds the launch software", "bob carol acme+ci"],
      ops: ["creator", "Bring it to the launch pads", "dave acme+deploy"],
      contractors: ["member", "For the length of a contract", "erin frank"],
    },
    robots: {
      ci: { about: "Builds and pushes from the pipelines", made: 700, used: 0 },
      deploy: { about: "Pulls on the launch pads", made: 690, used: 1 },
      legacy: { about: "The pipelines of the old data centre", made: 720, used: 410 },
      scanner: { about: "For the trial of a scanner", made: 380, used: null },
    },
    prototypes: [["devs", "write"]],
    applications: { "Launch dashboard": "https://dashboard.acme.example" },
  },
  platform: {
    email: "platform@acme.example",
    teams: {
      // A robot that owns everything, and nobody has used for most of a year.
      owners: ["admin", "", "ada dave platform+jenkins"],
      builders: ["creator", "Maintain the base images", "carol"],
    },
    robots: {
      nightly: { about: "Rebuilds the base images every night", made: 500, used: 0 },
      jenkins: { about: "", made: 710, used: 260 },
      actions: {
        about: "Pipelines on the code host",
        made: 90,
        used: 0,
        trusts: "https://token.actions.githubusercontent.com",
      },
    },
    quota: { gibibytes: 24, limits: { Warning: 80, Reject: 100 } },
    policies: [{ method: "creation_date", value: "730d" }],
  },
  research: {
    email: "research@acme.example",
    teams: {
      owners: ["admin", "", "carol ivan"],
      scientists: ["member", "Try things out", "bob gus"],
    },
    robots: { notebook: { about: "", made: 300, used: null } },
    quota: { gibibytes: 39, limits: { Warning: 80, Reject: 95 } },
    // Keeps two tags, whichever they are: also of what was published.
    policies: [{ method: "number_of_tags", value: 2, pattern: "^trial" }],
  },
  shop: {
    email: "shop@acme.example",
    teams: {
      owners: ["admin", "", "heidi ada"],
      sellers: ["member", "Build the souvenir shop", "erin bob"],
    },
    robots: {
      release: { about: "Tags and ships the releases", made: 640, used: 3 },
      export: { about: "Nightly exports for the agency", made: 330, used: 140 },
    },
    quota: { gibibytes: 12, limits: { Warning: 70, Reject: 100 } },
    policies: [{ method: "number_of_tags", value: 20, pattern: "^pr-" }],
    notifications: [["quota_warning", "email", "heidi@acme.example", 0, "Shop is nearly full"]],
    prototypes: [["sellers", "admin"]],
    tagExpiration: 86_400,
    applications: { "Cart metrics": "https://metrics.shop.example", Prototype: "http://192.0.2.17:3000" },
  },
  vendor: {
    email: "platform@acme.example",
    teams: { owners: ["admin", "Copies of what others publish", "dave"] },
    robots: { mirror: { about: "Fetches the copies", made: 600, used: 0 } },
  },
  upstream: {
    email: null,
    teams: { owners: ["admin", "", "dave"] },
    robots: { sync: { about: "Mirrors the monitoring stack", made: 250, used: 0 } },
    mirror: {
      from: "https://quay.io",
      namespace: "prometheus",
      robot: "sync",
      filters: ["prometheus", "*exporter", "alert*"],
      every: 86_400,
    },
  },
  hub: {
    email: null,
    teams: {
      owners: ["admin", "Cache of Docker Hub", "dave"],
      everyone: ["member", "", "bob carol erin heidi ivan"],
    },
    robots: {},
    proxy: { upstream: "docker.io/library", expiration: 86_400 },
    quota: { gibibytes: 1, limits: { Warning: 70 } },
  },
};

// biome-ignore format: a repository on a line or two can be read as a list
export const repositories: Readonly<Record<string, RepositoryFacts>> = {
  "acme/app": { about: "The launch control application.", tags: "v1.{0..5}@700/90 v2.{0..4}@230/50",
    previews: "pr-{311..318}@12/1", megabytes: 84, built: "base java", architectures: "amd64 arm64",
    locked: "v2.0 v2.1", signed: true, labels: { "org.opencontainers.image.vendor": "Acme Rockets",
    maintainer: "devs@acme.example" }, roles: { "@devs": "write", "@ops": "read", "acme+ci": "write" },
    policies: [{ method: "creation_date", value: "30d", pattern: "^pr-" }], notifications: [["repo_push", "webhook",
    "https://pipelines.acme.example/hooks/push", 0, "Start the rollout"], ["vulnerability_found", "slack",
    "https://hooks.slack.com/services/T0ACME/B0APP/rotated", 3, "Tell #launch"]] },
  "acme/telemetry": { about: "Collects what the rockets report.", tags: "v0.{6..9}@560/110 v1.{0..3}@130/39",
    megabytes: 112, built: "base go", roles: { "@devs": "write", "acme+ci": "write", erin: "read" },
    notifications: [["repo_push", "webhook", "http://10.20.0.9:8080/old-jenkins", 3, null]] },
  // Still ships what the world patched long ago, and the robot of the closed data centre administers it.
  "acme/guidance": { about: "Where up is. Handle with care.", tags: "v3.2@390 v3.3@190 v3.4@9", megabytes: 41,
    built: "base java log4j", behind: 2, roles: { "@ops": "admin", "acme+legacy": "admin" }, frozen: true },
  "acme/website": { about: "What the public sees of us.", public: true, tags: "2024@600 2025@330 2026.{1..8}@60/8",
    megabytes: 23, built: "base node", roles: { "@devs": "write" } },
  "acme/launchpad": { about: "What runs beside the rocket.", tags: "{12..24}@610/50", megabytes: 67,
    built: "base go", architectures: "arm64 amd64", roles: { "@ops": "admin", "acme+deploy": "write" } },
  "acme/fuel-planner": { about: "How much of what, and when.", tags: "1.{0..13}@690/52", megabytes: 150,
    built: "base python", roles: { "@devs": "write", "acme+ci": "write" } },
  "acme/crew-roster": { about: "Who flies.", tags: "1.0@520 1.1@470 1.2@455", megabytes: 95, built: "base java",
    behind: 1, roles: { "@devs": "write", frank: "admin" } },
  "acme/weather": { about: "Whether to fly.", tags: "v1.{0..9}@480/53", megabytes: 48, built: "base go",
    roles: { "@devs": "write", "acme+ci": "write" }, build: "github.com/acme-rockets/weather" },
  "acme/uplink": { about: "Talks to the rocket.", tags: "v2.{0..6}@340/55", megabytes: 39, built: "base go",
    architectures: "amd64 arm64", roles: { "@devs": "write", "@ops": "read" } },
  "acme/uplink-legacy": { about: "", tags: "v1.{0..4}@720/40", megabytes: 44, built: "base", behind: 2,
    roles: { "acme+legacy": "write" } },
  "acme/docs": { about: "How everything works.", public: true, tags: "{201..212}@360/30", megabytes: 18,
    built: "base node", roles: { "@devs": "write" } },
  "acme/release-tool": { about: "Ships the others.", tags: "0.{1..6}@260/45", megabytes: 31, built: "base go",
    roles: { "acme+ci": "admin", "acme+deploy": "admin" } },

  "platform/base": { about: "The base image of everything.", public: true,
    tags: "9.{2..5}@680/180 nightly-{1..9}@9/1", megabytes: 76, built: "base", architectures: "amd64 arm64 s390x",
    signed: true, roles: { "platform+nightly": "write" } },
  "platform/base-minimal": { about: "The same without a shell.", public: true, tags: "9.{2..5}@680/180",
    megabytes: 14, built: "base", architectures: "amd64 arm64", roles: { "platform+nightly": "write" } },
  "platform/builder": { about: "Compilers and tools.", tags: "9.{2..5}@670/180", megabytes: 520,
    built: "base tools", roles: { "@builders": "admin" } },
  "platform/java": { about: "Base and Java.", tags: "17-{1..6}@690/110 21-{1..3}@190/80", megabytes: 210,
    built: "base java", architectures: "amd64 arm64", roles: { "@builders": "write",
    "platform+nightly": "write" } },
  "platform/python": { about: "Base and Python.", tags: "3.{9..12}@650/190", megabytes: 180, built: "base python",
    architectures: "amd64 arm64", roles: { "@builders": "write" } },
  "platform/node": { about: "Base and Node.js.", tags: "18@620 20@380 22@70", megabytes: 160, built: "base node",
    architectures: "amd64 arm64", roles: { "@builders": "write" } },
  "platform/ci-runner": { about: "What the pipelines run in.", tags: "{40..52}@330/26", megabytes: 740,
    built: "base tools", roles: { "acme+ci": "read", "platform+actions": "write" } },
  // Built by hand from a rolling distribution, in the one month in which that was a bad idea.
  "platform/toolbox": { about: "Handy things.", tags: "trial@410 today@0", latest: false, megabytes: 330,
    built: "base xz", roles: { "@builders": "admin" } },

  "research/notebooks": { about: "Notebooks with everything in them.", tags: "spring@410 summer@330 winter@180",
    megabytes: 6900, built: "huge", roles: { "@scientists": "write" } },
  "research/simulation/engine": { about: "The flight simulation.", tags: "trial-{1..6}@400/40 good@35",
    megabytes: 1350, built: "base python", behind: 1, roles: { "@scientists": "write" } },
  "research/simulation/worker": { about: "A part of it, many times over.", tags: "trial-{1..4}@390/60",
    megabytes: 900, built: "base python", behind: 1, roles: { "@scientists": "write" } },
  "research/datasets/wind-tunnel": { about: "Measurements, as an artifact.", tags: "2025-06@500 2026-02@260",
    latest: false, megabytes: 2400, built: "", roles: { "research+notebook": "read" } },
  "research/paper-figures": { about: "", public: true, tags: "submitted@280 accepted@205", latest: false,
    megabytes: 410, built: "base python", behind: 2, roles: {} },

  "shop/storefront": { about: "Souvenirs for everyone.", tags: "{1..22}@660/30", previews: "pr-{88..94}@9/1",
    megabytes: 120, built: "base node", roles: { "@sellers": "write", "shop+release": "write" } },
  "shop/checkout": { about: "Where it gets expensive.", tags: "{1..16}@650/42", megabytes: 140, built: "base java",
    behind: 1, roles: { "@sellers": "write", "shop+release": "admin", erin: "admin" } },
  "shop/payments": { about: "Talks to the bank.", tags: "3.{0..11}@560/48", megabytes: 96,
    built: "base java spring", behind: 1, roles: { "shop+release": "admin", heidi: "admin" },
    notifications: [["vulnerability_found", "email", "payments@acme.example", 1, null]] },
  // Public since nine days ago, see the events.
  "shop/customer-export": { about: "Hands customer data to the agency.", public: true, tags: "{1..9}@320/36",
    megabytes: 88, built: "base python", roles: { "shop+export": "admin", erin: "admin" } },
  "shop/catalog": { about: "What there is.", tags: "1.{0..10}@540/50", megabytes: 110, built: "base go",
    roles: { "@sellers": "write", "shop+release": "write" } },
  "shop/search": { about: "Where it is.", tags: "1.{0..6}@430/66", megabytes: 310, built: "base java text",
    roles: { "@sellers": "write" } },
  "shop/mailer": { about: "Your order has launched.", tags: "0.{1..8}@400/50", megabytes: 60, built: "base node",
    roles: { "@sellers": "write" } },
  "shop/legacy-cart": { about: "Not in use any more?", tags: "final@600", megabytes: 205, built: "base java log4j",
    behind: 2, roles: { "@sellers": "read", frank: "write" } },

  "vendor/postgres": { about: "Copy of the official image.", tags: "15@500 16@300 17@100", latest: false,
    megabytes: 150, built: "base", mirror: { of: "docker.io/library/postgres", tags: ["15", "16", "17"],
    robot: "mirror", status: "FAIL", user: "acmerockets" } },
  "vendor/redis": { about: "", tags: "7.0@560 7.2@310 7.4@90", latest: false, megabytes: 45, built: "base",
    mirror: { of: "docker.io/library/redis", tags: ["7.*"], robot: "mirror", status: "SUCCESS" } },
  "vendor/grafana": { about: "", tags: "10.4@340 11.2@160", megabytes: 140, built: "base go",
    mirror: { of: "docker.io/grafana/grafana", tags: ["1?.*", "latest"], robot: "mirror", status: "SUCCESS" } },
  "vendor/keycloak": { about: "", tags: "22.0@480", latest: false, megabytes: 430, built: "base java", behind: 1,
    mirror: { of: "quay.io/keycloak/keycloak", tags: ["22.*"], robot: "mirror", status: "NEVER_RUN", off: true } },

  "upstream/prometheus": { about: "", tags: "v2.{50..53}@240/60", megabytes: 105, built: "base go",
    architectures: "amd64 arm64", roles: { "upstream+sync": "write" }, mirrored: "SUCCESS" },
  "upstream/node-exporter": { about: "", tags: "v1.{7..9}@235/90", megabytes: 13, built: "base go",
    architectures: "amd64 arm64", roles: { "upstream+sync": "write" }, mirrored: "SUCCESS" },
  "upstream/alertmanager": { about: "", tags: "v0.26@230 v0.27@120", megabytes: 32, built: "base go",
    architectures: "amd64 arm64", roles: { "upstream+sync": "write" }, mirrored: "FAIL" },

  "hub/nginx": { about: "", tags: "1.27@3 stable@2", megabytes: 70, built: "base", roles: { "@everyone": "read" } },
  "hub/alpine": { about: "", tags: "3.20@5", megabytes: 4, built: "base", roles: { "@everyone": "read" } },
  "hub/golang": { about: "", tags: "1.22@40 1.23@1", megabytes: 310, built: "base go",
    roles: { "@everyone": "read" } },

  "bob/sandbox": { about: "Trying things out.", tags: "test@75", latest: false, megabytes: 12,
    built: "base python" },
  "carol/thesis": { about: "Do not look yet.", tags: "draft-{1..7}@300/40", megabytes: 90, built: "base",
    roles: { bob: "read" } },
  "erin/scratch": { about: "", public: true, tags: "acme-app-copy@110", latest: false, megabytes: 84,
    built: "base java", behind: 1 },
  "ivan/models": { about: "Weights.", tags: "a@200 b@150 c@20", latest: false, megabytes: 640, built: "" },
};

/** Single things that people and robots did in the last month, besides everyday pulls and pushes. */
// biome-ignore format: an event a line
export const events: readonly Event[] = [
  [29, "org_add_team_member", "ada", "acme", { team: "contractors", member: "erin" }],
  [28, "create_repo", "dave", "hub/alpine"],
  [27, "org_set_team_role", "heidi", "shop", { team: "sellers", role: "member" }],
  [26, "regenerate_robot_token", "ada", "acme", { robot: "ci" }],
  [25, "repo_mirror_config_changed", "dave", "vendor/postgres", { changed: "external_registry_username", to: "acmerockets" }],
  [24, "create_app_specific_token", "dave", "dave", { app_specific_token_title: "rollout script" }],
  [22, "change_repo_permission", "heidi", "shop/checkout", { username: "erin", role: "admin" }],
  [21, "delete_repo", "frank", "acme", { repo: "orbit-experiments" }],
  [20, "user_disable", "ada", "frank", { username: "frank", superuser: "ada" }],
  [20, "add_repo_notification", "bob", "acme/telemetry", { event: "repo_push", method: "webhook" }],
  [18, "create_robot", "ada", "acme", { robot: "scanner", description: "For the trial of a scanner" }],
  [16, "delete_tag", "carol", "research/simulation/engine", { username: "carol", tag: "trial-0" }],
  [15, "org_create_quota", "ada", "research", { limit: "39.0 GiB" }],
  [14, "export_logs_success", "auditor", "acme", { message: "queued for export", email: "auditor@acme.example", url: null }],
  [12, "change_tag_expiration", "bob", "acme/app", { username: "bob", tag: "pr-311", expiration_date: null }],
  [11, "manifest_label_add", "dave", "acme/guidance", { key: "approved-by", value: "dave" }],
  [10, "change_repo_state", "dave", "acme/guidance", { state_changed: "READ_ONLY" }],
  [9, "change_repo_visibility", "erin", "shop/customer-export", { visibility: "public" }],
  [9, "create_robot_federation", "dave", "platform", { robot: "actions" }],
  [8, "take_ownership", "gus", "research", { was_user: false, superuser: "gus" }],
  [8, "org_remove_team_member", "carol", "research", { team: "owners", member: "gus" }],
  [6, "create_namespace_autoprune_policy", "ivan", "research", { method: "number_of_tags", value: 2, tag_pattern: "^trial" }],
  [5, "change_tag_immutability", "dave", "acme/app", { username: "dave", tag: "v2.1", immutable: true, previous_immutable: false }],
  [3, "revert_tag", "carol", "platform/python", { username: "carol", tag: "latest" }],
  [2, "delete_robot", "dave", "vendor", { robot: "old-mirror" }],
  [1, "reset_application_client_secret", "heidi", "shop", { application_name: "Cart metrics" }],
];

/** Shown to everyone. */
export const messages = [
  {
    severity: "warning",
    content: "The registry is read-only on **Sunday** from 02:00 to 04:00 UTC.",
    media_type: "text/markdown",
  },
  { severity: "info", content: "Base images before 9.4 are no longer rebuilt.", media_type: "text/plain" },
] as const;

/** Keys of the services beside the registry: the service, and the days until they end; null never ends. */
export const serviceKeys: Readonly<
  Record<string, readonly [service: string, ends: number | null, approved: boolean]>
> = {
  "Registry signing": ["quay", 60, true],
  Scanner: ["clair", 6, true],
  "Old scanner": ["clair", -3, true],
  "Nobody asked for this": ["clair", null, false],
};
