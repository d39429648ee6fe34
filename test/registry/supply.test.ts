import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import {
  addNamespace,
  addRepository,
  addRobot,
  addTeam,
  type Item,
  itemsOf,
  type Repository,
} from "../../src/registry/state.ts";

const people = { superuser: "root", member: "mia", outsider: "otto", readonly_superuser: "rob" };
const subject = `sha256:${"a".repeat(64)}`;

/** An organization with what builds, triggers, mirrors and referrers need. */
function fill(state: Registry["state"]) {
  for (const name of Object.values(people)) addNamespace(state, "user", name, `${name}@a.example`);
  state.namespaces.get("root")!.superuser = "full";
  state.namespaces.get("rob")!.superuser = "read-only";
  const shop = addNamespace(state, "organization", "shop", null);
  addTeam(state, shop, "owners", "admin").members.add("mia");
  addNamespace(state, "organization", "copies", null);
  addRobot(state, state.namespaces.get("copies")!, "sync");
  addRobot(state, shop, "ci", {
    token: "ROBOT",
    federation: [{ issuer: "https://ci.example", subject: "main" }],
  });
  addManifests(addRepository(state, shop, "app"));
  addRepository(state, shop, "open", { public: true });
  addTrigger(addRepository(state, shop, "built"));
  return people;
}

function addManifests({ manifests }: Repository): void {
  const plain = {
    isList: false,
    configMediaType: null,
    size: 1,
    layers: [],
    labels: new Map(),
    children: [],
  };
  const signature = { schemaVersion: 2, artifactType: "application/sig", subject: { digest: subject } };
  manifests.set(subject, { ...plain, digest: subject, data: "{}" });
  const digest = `sha256:${"b".repeat(64)}`;
  manifests.set(digest, { ...plain, digest, data: JSON.stringify(signature) });
}

function addTrigger(repository: Repository): void {
  itemsOf(repository, "triggers").set("t1", {
    id: "t1",
    service: "github",
    is_active: false,
    build_source: null,
    repository_url: null,
    config: {},
    can_invoke: true,
    enabled: true,
    disabled_reason: null,
  });
}

const claims = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split(".")[1]!, "base64url").toString()) as Item;
const jwt = (said: object) =>
  `e30.${Buffer.from(JSON.stringify(said)).toString("base64url")}.${Buffer.from("no").toString("base64url")}`;

describe("builds, mirrors and the registry's own API", () => {
  let registry: Registry;
  const now = new Date("2026-11-21T09:00:00Z");
  beforeAll(async () => {
    registry = await startRegistry({ fill, now: () => now });
  });
  afterAll(() => registry.close());

  const ask = async (method: string, path: string, body?: unknown, authorization?: string) => {
    const answer = await fetch(`${registry.url}${path}`, {
      method,
      headers: {
        Authorization: authorization ?? `Bearer ${registry.tokens.member}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === "" ? null : JSON.parse(text)) as Item };
  };
  const basic = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const exchange = (scope: string, authorization = "") =>
    ask("GET", `/v2/auth?service=x${scope && `&scope=${scope}`}`, undefined, authorization);
  const granted = async (scope: string, authorization?: string) =>
    (claims((await exchange(scope, authorization)).body.token).access as Item[]).map(
      ({ actions }) => actions,
    );

  it("gives a registry token for what the credentials may do, and a useless one for the rest", async () => {
    const scope = "repository:shop/app:pull,push";
    const reader = registry.addToken({ user: "mia", scopes: ["repo:read"] });
    expect(await granted(scope, basic("mia", "password"))).toEqual([["push", "pull"]]);
    expect(await granted(scope, basic("$oauthtoken", reader))).toEqual([["pull"]]);
    expect(await granted(scope, basic("otto", "password"))).toEqual([[]]);
    expect(await granted(scope)).toEqual([[]]);
    expect(await granted("repository:shop/open:pull")).toEqual([["pull"]]);
    expect(await granted("repository:nowhere/x:pull", basic("root", "password"))).toEqual([[]]);
    expect(await granted("", basic("shop+ci", "ROBOT"))).toEqual([]);
  });

  it("refuses wrong credentials and scopes in the words of the recordings", async () => {
    const scope = "repository:shop/app:pull";
    const error = async (answer: ReturnType<typeof ask>) => {
      const { status, body } = await answer;
      return [status, (body.errors as Item[])[0]!.message];
    };
    expect(await error(exchange(scope, basic("mia", "wrong")))).toEqual([
      401,
      "Invalid Username or Password",
    ]);
    expect(await error(exchange(scope, `Bearer ${registry.tokens.member}`))).toEqual([
      401,
      "Specified credentials are invalid",
    ]);
    for (const wrong of ["bogus", "registry:catalog:*"]) {
      expect(await error(exchange(wrong, basic("mia", "password")))).toEqual([
        400,
        `Unable to decode repository and actions: ${wrong}`,
      ]);
    }
  });

  it("shows referrers to a registry token, not to an OAuth token", async () => {
    const path = `/v2/shop/app/referrers/${subject}`;
    const { token } = (await exchange("repository:shop/app:pull", basic("mia", "password"))).body;
    const { body } = await ask("GET", path, undefined, `Bearer ${token}`);
    expect(body.manifests).toMatchObject([{ artifactType: "application/sig" }]);
    expect((await ask("GET", path)).body).toEqual({ error: "Invalid bearer token format" });
    expect((await ask("GET", path, undefined, "")).status).toBe(401);
    const useless = (await exchange("repository:shop/app:pull")).body.token;
    expect((await ask("GET", path, undefined, `Bearer ${useless}`)).status).toBe(401);
    expect((await ask("GET", path, undefined, `Bearer ${String(token).slice(0, -4)}AAAA`)).body).toEqual({
      error: "Signature verification failed",
    });
  });

  it("exchanges an identity provider's token for one that the robot can log in with", async () => {
    const path = "/oauth2/federation/robot/token";
    const federated = (said: object, robot = "shop+ci") =>
      ask("GET", path, undefined, basic(robot, jwt(said)));
    const good = await federated({ iss: "https://ci.example", sub: "main" });
    expect(good.status).toBe(200);
    expect((await exchange("", basic("shop+ci", String(good.body.token)))).status).toBe(200);
    expect(await federated({ iss: "https://ci.example", sub: "other" })).toEqual({
      status: 400,
      body: { message: "Token does not match robot" },
    });
    expect((await federated({ iss: "https://else.example", sub: "main" })).body).toEqual({
      message: "issuer https://else.example not configured for this robot",
    });
    expect((await federated({ iss: "https://ci.example", sub: "main", exp: 1 })).body).toEqual({
      message: "Invalid token: Signature has expired",
    });
    expect(await federated({}, "mia")).toEqual({ status: 401, body: { error: "Invalid robot" } });
    expect(await ask("GET", path, undefined, "")).toEqual({ status: 401, body: { error: "No auth header" } });
  });

  it("queues a build, cancels it once, and keeps it", async () => {
    const builds = "/api/v1/repository/shop/app/build/";
    const made = await ask("POST", builds, { archive_url: "https://src.example/a.tar.gz", context: "/app" });
    expect(made).toMatchObject({
      status: 201,
      body: { phase: "waiting", dockerfile_path: "/app/Dockerfile", context: "/app", tags: ["latest"] },
    });
    const one = `${builds}${made.body.id}`;
    expect(await ask("DELETE", one)).toEqual({ status: 201, body: "Okay" });
    expect((await ask("DELETE", one)).body.detail).toBe("Build is currently running or has finished");
    expect((await ask("GET", one)).body.phase).toBe("cancelled");
    expect((await ask("GET", `${one}/logs`)).body).toEqual({ start: 0, total: 0, logs: [] });
  });

  it("says in different ways that a build is not there", async () => {
    const of = (path: string) => ask("GET", `/api/v1/repository/shop/app/build/${path}`);
    const words = { message: "Unable to locate a build by id: nosuch" };
    expect((await of("nosuch")).status).toBe(404);
    expect(await of("nosuch/status")).toEqual({ status: 400, body: words });
    const bySuperuser = (path: string) =>
      ask("GET", `/api/v1/superuser/${path}`, undefined, `Bearer ${registry.tokens.superuser}`);
    expect((await bySuperuser("nosuch/build")).status).toBe(404);
    expect((await bySuperuser("nosuch/status")).body).toMatchObject({
      error_type: "invalid_response",
      detail: words.message,
    });
  });

  it("starts builds from a trigger once it is active and enabled", async () => {
    const trigger = "/api/v1/repository/shop/built/trigger/t1";
    expect((await ask("POST", `${trigger}/start`, {})).body.detail).toBe("Trigger is not active.");
    const config = { build_source: "shop/built", dockerfile_path: "/Dockerfile", context: "/" };
    const active = await ask("POST", `${trigger}/activate`, { config, pull_robot: "shop+ci" });
    expect(active.body).toMatchObject({
      is_active: true,
      repository_url: "https://github.com/shop/built",
      pull_robot: { name: "shop+ci" },
    });
    const started = await ask("POST", `${trigger}/start`, { branch_name: "feature/x" });
    expect(started).toMatchObject({ status: 201, body: { tags: ["feature_x"], trigger: { id: "t1" } } });
    expect((await ask("GET", `${trigger}/builds`)).body.builds).toHaveLength(1);
    const off = await ask("PUT", trigger, { enabled: false });
    expect(off.body).toMatchObject({ enabled: false, disabled_reason: "user_toggled", config: {} });
    expect((await ask("POST", `${trigger}/start`, {})).body.detail).toBe("Trigger is not enabled.");
    expect((await ask("DELETE", trigger)).status).toBe(204);
    const { builds } = (await ask("GET", "/api/v1/repository/shop/built/build/")).body as { builds: Item[] };
    expect(builds.map((build) => build.trigger)).toEqual([null]);
  });

  it("makes a mirror of a repository, which then takes no writes, and lets its robot write", async () => {
    const mirror = "/api/v1/repository/shop/open/mirror";
    const settings = {
      external_reference: "quay.io/app/source",
      robot_username: "shop+ci",
      root_rule: { rule_kind: "tag_glob_csv", rule_value: ["*"] },
      sync_start_date: "2026-11-21T09:00:00Z",
      sync_interval: 3600,
      skopeo_timeout_interval: 300,
    };
    for (const [wrong, detail] of [
      ["10.0.0.7/a/b", "The provided registry location is not allowed"],
      ["https://quay.io/a/b", "External registry reference must not include a URL scheme"],
      ["registry.invalid/a/b", "Cannot resolve hostname 'registry.invalid'"],
    ]) {
      const answer = await ask("POST", mirror, { ...settings, external_reference: wrong });
      expect([answer.status, answer.body.detail]).toEqual([400, detail]);
    }
    expect((await ask("POST", mirror, settings)).status).toBe(201);
    expect((await ask("GET", "/api/v1/repository/shop/open")).body.state).toBe("MIRROR");
    const permission = await ask("GET", "/api/v1/repository/shop/open/permissions/user/shop+ci");
    expect(permission.body.role).toBe("write");
    const tag = await ask("PUT", "/api/v1/repository/shop/open/tag/x", { manifest_digest: subject });
    expect(tag.status).toBe(503);
    expect((await ask("PUT", mirror, { external_registry_config: { verify_tls: false } })).status).toBe(201);
    expect((await ask("GET", mirror)).body).toMatchObject({
      sync_status: "NEVER_RUN",
      external_registry_config: { verify_tls: false },
    });
  });

  it("never shows the password of a mirror", async () => {
    const mirror = "/api/v1/repository/shop/open/mirror";
    const credentials = { external_registry_username: "u", external_registry_password: "hidden-word" };
    expect((await ask("PUT", mirror, credentials)).status).toBe(201);
    const shown = [
      (await ask("GET", mirror)).body,
      (await ask("GET", "/api/v1/organization/shop/logs")).body,
    ];
    expect(shown[0]).toMatchObject({ external_registry_username: "u" });
    expect(JSON.stringify(shown)).not.toContain("hidden-word");
  });

  it("mirrors only an empty organization, and verifies where the copies come from", async () => {
    const root = `Bearer ${registry.tokens.superuser}`;
    const at = (organization: string) => `/api/v1/organization/${organization}/mirror`;
    const settings = {
      external_registry_type: "quay",
      external_registry_url: "http://127.0.0.1:5000",
      external_namespace: "nobody",
      robot_username: "shop+ci",
      visibility: "private",
      sync_interval: 3600,
      sync_start_date: "2026-11-21T09:00:00Z",
    };
    const full = await ask("POST", at("shop"), settings);
    expect(full.body.detail).toMatch(/^Cannot create organization mirror: the organization already contains/);
    const made = await ask("POST", at("copies"), { ...settings, robot_username: "copies+sync" }, root);
    expect(made.status).toBe(201);
    const verified = await ask("POST", `${at("copies")}/verify`, undefined, root);
    expect(verified.body).toEqual({ success: false, message: "Namespace 'nobody' not found" });
    expect((await ask("POST", `${at("copies")}/sync-now`, undefined, root)).status).toBe(204);
    expect((await ask("GET", at("copies"), undefined, root)).body).toMatchObject({ sync_status: "SYNC_NOW" });
    const listed = await ask("GET", `${at("copies")}/repositories?status=bogus`, undefined, root);
    expect(listed.body.detail).toBe(
      "Invalid status filter 'bogus'. Valid values: CANCEL, FAIL, NEVER_RUN, SUCCESS, SYNCING, SYNC_NOW, SKIP",
    );
  });
});
