import { createPublicKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { addNamespace, addRepository, addRobot, addTeam, type State } from "../../src/registry/state.ts";

const start = Date.parse("2026-11-21T09:00:00Z");

/** Two superusers, two people, an organization with a robot, and a user's repository. */
function fill(state: State) {
  for (const name of ["root", "auditor", "ann", "bob"]) {
    addNamespace(state, "user", name, `${name}@acme.example`);
  }
  state.namespaces.get("root")!.superuser = "full";
  state.namespaces.get("auditor")!.superuser = "read-only";
  const acme = addNamespace(state, "organization", "acme", "acme@acme.example");
  addTeam(state, acme, "owners", "admin").members.add("ann").add("acme+ci");
  addRobot(state, acme, "ci");
  const app = addRepository(state, acme, "app", { size: 3_000_000 });
  app.userPermissions.set("acme+ci", "write").set("bob", "read");
  addNamespace(state, "organization", "zeta", null);
  addRepository(state, state.namespaces.get("bob")!, "toys", { size: 1000 });
  state.namespaces.get("bob")!.stars.add("acme/app");
  return { superuser: "root", member: "ann", outsider: "bob", readonly_superuser: "auditor" };
}

describe("the embedded registry's superuser", () => {
  let registry: Registry;
  let time = start;
  beforeEach(async () => {
    time = start;
    registry = await startRegistry({ fill, now: () => new Date(time) });
  });
  afterEach(() => registry.close());

  const ask = async (method: string, path: string, body?: unknown, token = registry.tokens.superuser) => {
    const answer = await fetch(`${registry.url}/api/v1${path}`, {
      method,
      redirect: "manual",
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type") === "application/json" && text !== "";
    return { status: answer.status, body: isJson ? JSON.parse(text) : text };
  };
  const names = (found: { name: string }[]) => found.map(({ name }) => name);

  it("renames an organization with its repositories, robots, permissions, stars and logs, in its place", async () => {
    await ask("PUT", "/organization/acme", { tag_expiration_s: 86400 });
    expect((await ask("PUT", "/superuser/organizations/acme", { name: "apex" })).status).toBe(200);
    expect((await ask("GET", "/organization/acme")).status).toBe(404);
    expect((await ask("GET", "/repository/apex/app")).body).toMatchObject({ namespace: "apex", name: "app" });
    const permissions = (await ask("GET", "/repository/apex/app/permissions/user/")).body.permissions;
    expect(Object.keys(permissions)).toEqual(["apex+ci", "bob"]);
    expect((await ask("GET", "/organization/apex/robots/ci")).body.name).toBe("apex+ci");
    const stars = await ask("GET", "/user/starred", undefined, registry.tokens.outsider);
    expect(stars.body.repositories).toMatchObject([{ namespace: "apex", name: "app" }]);
    const kinds = (await ask("GET", "/organization/apex/logs")).body.logs.map(
      (log: { kind: string }) => log.kind,
    );
    expect(kinds).toEqual(["org_change_name", "org_change_tag_expiration"]);
    const listed = (await ask("GET", "/superuser/organizations/")).body.organizations;
    expect(names(listed)).toEqual(["apex", "zeta"]);
  });

  it("cannot give an organization a name that is taken, but logs that it was tried", async () => {
    expect((await ask("PUT", "/superuser/organizations/acme", { name: "zeta" })).status).toBe(500);
    const { logs } = (await ask("GET", "/organization/acme/logs")).body;
    expect(logs).toMatchObject([{ kind: "org_change_name", metadata: { new_name: "zeta" } }]);
  });

  it("makes a user an organization by taking it over", async () => {
    expect((await ask("POST", "/superuser/takeownership/bob")).body).toEqual({ namespace: "bob" });
    expect((await ask("GET", "/organization/bob")).body.ordered_teams).toEqual(["owners"]);
    expect(names((await ask("GET", "/superuser/users/")).body.users)).toEqual(["root", "auditor", "ann"]);
    const permissions = (await ask("GET", "/repository/acme/app/permissions/user/")).body.permissions;
    expect(Object.keys(permissions)).toEqual(["acme+ci"]);
    expect((await ask("POST", "/superuser/takeownership/root")).body.detail).toBe(
      "Cannot take ownership of a superuser",
    );
  });

  it("deletes a user with what others gave them, but leaves one who is locked without a word", async () => {
    await ask("PUT", "/superuser/users/bob", { enabled: false });
    expect((await ask("DELETE", "/superuser/users/bob")).status).toBe(204);
    expect((await ask("GET", "/users/bob")).status).toBe(200);
    await ask("PUT", "/superuser/users/bob", { enabled: true });
    expect((await ask("DELETE", "/superuser/users/bob")).status).toBe(204);
    expect((await ask("GET", "/users/bob")).status).toBe(404);
    expect((await ask("GET", "/repository/acme/app/permissions/user/bob")).status).toBe(400);
  });

  it("has the size of the registry calculated within a minute", async () => {
    expect((await ask("POST", "/superuser/registrysize/")).status).toBe(201);
    expect((await ask("POST", "/superuser/registrysize/")).status).toBe(202);
    expect((await ask("GET", "/superuser/registrysize/")).body).toMatchObject({
      queued: true,
      size_bytes: 0,
    });
    time += 60_000;
    expect((await ask("GET", "/superuser/registrysize/")).body).toEqual({
      size_bytes: 3_001_000,
      last_ran: time,
      queued: false,
      running: false,
    });
    expect((await ask("POST", "/superuser/registrysize/")).status).toBe(201);
  });

  it("creates service keys that work, under their thumbprint, until they expired a week ago", async () => {
    const expiration = start / 1000 + 3600;
    const { body } = await ask("POST", "/superuser/keys", { service: "clair", name: "scanner", expiration });
    const { e, n } = createPublicKey(body.public_key).export({ format: "jwk" });
    expect((await ask("GET", `/superuser/keys/${body.kid}`)).body).toMatchObject({
      jwk: { e, n, kid: body.kid },
      expiration_date: "Sat, 21 Nov 2026 10:00:00 GMT",
      approval: { approver: { name: "root", super_user: true } },
    });
    expect(createPublicKey(body.private_key).export({ format: "jwk" })).toMatchObject({ e, n });
    time += 3_600_000;
    expect((await ask("GET", "/superuser/keys")).body.keys).toHaveLength(1);
    time += 7 * 86_400_000;
    expect((await ask("GET", "/superuser/keys")).body.keys).toEqual([]);
  });

  it("dumps a configuration that names the superusers", async () => {
    expect((await ask("GET", "/superuser/config")).body).toMatchObject({
      config: { SUPER_USERS: ["root"], GLOBAL_READONLY_SUPER_USERS: ["auditor"] },
    });
  });

  it("pages users by their number, and refuses more than 100 at once", async () => {
    const first = (await ask("GET", "/superuser/users/?limit=3")).body;
    expect(names(first.users)).toEqual(["root", "auditor", "ann"]);
    const rest = (await ask("GET", `/superuser/users/?limit=3&next_page=${first.next_page}`)).body;
    expect([names(rest.users), rest.next_page]).toEqual([["bob"], undefined]);
    expect((await ask("GET", "/superuser/organizations/?limit=101")).status).toBe(400);
  });

  it("sets quotas that show in every report", async () => {
    const path = "/superuser/organization/acme/quota";
    expect((await ask("POST", path, { limit: "4 MB" })).status).toBe(201);
    const [quota] = (await ask("GET", path)).body;
    expect(quota).toMatchObject({ limit_bytes: 4_000_000, limit: "3.8 MiB", limits: [] });
    const limit = { type: "reject", threshold_percent: 90 };
    expect((await ask("POST", `/organization/acme/quota/${quota.id}/limit`, limit)).status).toBe(201);
    const report = { quota_bytes: 3_000_000, configured_quota: 4_000_000 };
    expect((await ask("GET", "/organization/acme")).body).toMatchObject({
      quotas: [{ id: quota.id, limits: [{ type: "Reject", limit_percent: 90 }] }],
      quota_report: report,
    });
    const listed = (await ask("GET", "/repository?namespace=acme&quota=true")).body.repositories;
    expect(listed).toMatchObject([{ name: "app", quota_report: report }]);
    expect((await ask("DELETE", `${path}/${quota.id}`)).status).toBe(204);
    expect((await ask("GET", "/organization/acme")).body.quota_report.configured_quota).toBeNull();
  });

  it("understands sizes as the library behind Quay does", async () => {
    const path = "/superuser/users/bob/quota";
    for (const [limit, bytes] of Object.entries({
      "5": 5,
      "2K": 2000,
      "2 Ki": 2048,
      "1GiB": 2 ** 30,
      "1TB": 1e12,
    })) {
      await ask("POST", path, { limit });
      const [quota] = (await ask("GET", path)).body;
      expect(quota.limit_bytes).toBe(bytes);
      await ask("DELETE", `${path}/${quota.id}`);
    }
    for (const [limit, detail] of Object.entries({
      "5 B": "Invalid limit format",
      "1ZiB": "Invalid limit format",
      "1ZB": "Unsupported quota size limit.",
      "0 GB": "Invalid quota size limit value: '0.0'",
    })) {
      expect(await ask("POST", path, { limit })).toMatchObject({ status: 400, body: { detail } });
    }
  });

  it("refuses others, in the framework's words where Quay leaves it to that", async () => {
    const message = { content: "x", media_type: "text/plain", severity: "info" };
    for (const token of [registry.tokens.member, registry.tokens.readonly_superuser]) {
      const refused = await ask("POST", "/messages", { message }, token);
      expect([refused.status, Object.keys(refused.body)]).toEqual([403, ["message"]]);
      expect((await ask("POST", "/superuser/takeownership/acme", undefined, token)).status).toBe(403);
    }
    expect((await ask("GET", "/messages")).body).toEqual({ messages: [] });
  });
});
