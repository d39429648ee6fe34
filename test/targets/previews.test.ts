import { describe, expect, it } from "vitest";
import type { Given } from "../../src/targets/target.ts";
import { firstOf, lookAt, openRegistry } from "./open.ts";

const opened = await openRegistry();

const app = { repository: "acme/app" };
const acme = { orgname: "acme" };

const look = (tool: string, given: Given) => lookAt(opened, tool, given);

describe("before a grave call, what would be lost is read of", () => {
  it("an organization: repositories, robots, members, teams", async () => {
    expect(await look("delete_organization", acme)).toMatchObject({
      name: "acme",
      exists: true,
      preview: {
        email: "registry@acme.example",
        teams: { number: 4, names: ["owners", "devs", "ops", "contractors"] },
        repositories: { number: 12, first: expect.arrayContaining(["app"]) },
        robots: { number: 4 },
        members: { number: 6 },
      },
      unread: [],
    });
  });

  it("a user, also one whose namespace would become an organization", async () => {
    const preview = {
      email: "ivan@acme.example",
      enabled: true,
      repositories: { number: 1, names: ["models"] },
    };
    expect(await look("superuser_delete_user", { username: "ivan" })).toMatchObject({
      name: "ivan",
      preview,
    });
    expect(await look("superuser_take_ownership", { namespace: "ivan" })).toMatchObject({
      name: "ivan",
      preview,
    });
  });

  it("a member: teams and repositories, also of who is in no team", async () => {
    expect(await look("remove_organization_member", { ...acme, membername: "bob" })).toMatchObject({
      name: "acme/members/bob",
      preview: { teams: { number: 1, names: ["devs"] } },
    });
    const outside = { orgname: "shop", membername: "frank" };
    expect(await look("remove_organization_member", outside)).toMatchObject({
      exists: true,
      preview: { repositories: { number: 1, names: ["legacy-cart"] } },
    });
  });

  it("a repository: tags, size, last push, who uses it", async () => {
    expect(await look("delete_repository", { repository: "acme/crew-roster" })).toMatchObject({
      name: "acme/crew-roster",
      preview: {
        visibility: "private",
        state: "NORMAL",
        tags: { number: 4, names: expect.arrayContaining(["latest", "1.2"]) },
        size_bytes: expect.any(Number),
        last_push: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
        users: { number: 2, names: ["ada=admin", "frank=admin"] },
        teams: { number: 1, names: ["devs=write"] },
      },
      unread: [],
    });
  });

  it("a tag: digest, its other tags, how long it can be restored", async () => {
    const preview = (await look("delete_tag", { ...app, tag: "latest" })).preview;
    expect(preview).toMatchObject({
      digest: expect.stringMatching(/^sha256:/),
      other_tags_of_this_digest: { number: 1, names: ["v2.4"] },
      restorable: "for 14 days after it is deleted or moved",
    });
    await opened.send("update_organization", { orgname: "vendor", tag_expiration_s: 0 });
    const gone = await look("delete_tag", { repository: "vendor/grafana", tag: "latest" });
    expect(gone).toMatchObject({
      name: "vendor/grafana:latest",
      preview: { restorable: expect.stringContaining("not at all") },
    });
  });

  it("a team: members and roles", async () => {
    expect(await look("delete_team", { ...acme, teamname: "devs" })).toMatchObject({
      name: "acme/teams/devs",
      preview: {
        role: "member",
        members: { number: 3, names: ["bob", "carol", "acme+ci"] },
        repositories: { number: 8, names: expect.arrayContaining(["app=write"]) },
      },
    });
  });

  it("a robot: what it can reach", async () => {
    expect(await look("delete_organization_robot", { ...acme, robot_shortname: "ci" })).toMatchObject({
      name: "acme+ci",
      preview: {
        teams: { names: ["devs"] },
        repositories: { number: 6, names: expect.arrayContaining(["app"]) },
      },
    });
    const legacy = await look("regenerate_organization_robot_token", { ...acme, robot_shortname: "scanner" });
    expect(legacy.preview).toMatchObject({ last_used: "never" });
  });

  it("a quota limit: how near its namespace is", async () => {
    const [quota] = (await opened.read("list_organization_quotas", { orgname: "shop" })) as Given[];
    const [limit] = quota!.limits as Given[];
    const given = { orgname: "shop", quota_id: quota!.id, limit_id: limit!.id };
    expect(await look("delete_organization_quota_limit", given)).toMatchObject({
      name: `shop/quota/limits/${limit!.id}`,
      preview: { quota: "12.0 GiB", type: "Warning", threshold_percent: 70, used_percent: 91 },
    });
    expect(await look("delete_organization_quota", given)).toMatchObject({
      name: "shop/quota",
      preview: { limits: ["Warning at 70 %", "Reject at 100 %"], used_percent: 91 },
    });
  });

  it("a mirror, a notification and a service key: what they are, and nothing secret", async () => {
    const mirror = await look("sync_repository_mirror", { repository: "vendor/postgres" });
    expect(mirror).toMatchObject({
      name: "vendor/postgres/mirror",
      preview: { source: "docker.io/library/postgres", sync_status: "FAIL", tags: ["15", "16", "17"] },
    });
    const { uuid } = await firstOf(opened, "list_repository_notifications", app, "notifications");
    const notification = await look("delete_repository_notification", { ...app, uuid });
    expect(notification.preview).toMatchObject({ event: "repo_push", method: "webhook", failures: 0 });
    expect(JSON.stringify(notification.preview)).not.toContain("pipelines.acme.example");
    const { kid } = await firstOf(opened, "superuser_list_service_keys", {}, "keys");
    expect(await look("superuser_delete_service_key", { kid })).toMatchObject({
      preview: { service: "quay", approved: expect.any(String) },
    });
  });
});
