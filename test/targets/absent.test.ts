import { describe, expect, it } from "vitest";
import { escalationOf } from "../../src/guard/escalation.ts";
import type { Given } from "../../src/targets/target.ts";
import { toolNamed } from "../support/tools.ts";
import { openConfined, openRegistry } from "./open.ts";

const opened = await openRegistry();

const app = { repository: "acme/app" };
const acme = { orgname: "acme" };
const noTag = `sha256:${"0".repeat(64)}`;

describe("what is not there is told from what may not be read:", () => {
  const calls: readonly (readonly [tool: string, given: Given])[] = [
    ["delete_organization", { orgname: "nosuch" }],
    ["superuser_delete_user", { username: "nosuch" }],
    ["delete_repository", { repository: "acme/nosuch" }],
    ["delete_tag", { ...app, tag: "nosuch" }],
    ["delete_team", { ...acme, teamname: "nosuch" }],
    ["remove_team_member", { ...acme, teamname: "devs", membername: "heidi" }],
    ["remove_organization_member", { ...acme, membername: "heidi" }],
    ["delete_organization_robot", { ...acme, robot_shortname: "nosuch" }],
    ["delete_repository_user_permission", { ...app, username: "heidi" }],
    ["delete_repository_team_permission", { ...app, teamname: "contractors" }],
    ["delete_organization_prototype", { ...acme, prototypeid: "nosuch" }],
    ["delete_organization_application", { ...acme, client_id: "nosuch" }],
    ["delete_organization_autoprune_policy", { ...acme, policy_uuid: "nosuch" }],
    ["delete_repository_autoprune_policy", { ...app, policy_uuid: "nosuch" }],
    ["superuser_delete_organization_quota", { namespace: "acme", quota_id: 99 }],
    ["delete_organization_quota_limit", { orgname: "shop", quota_id: 99, limit_id: 99 }],
    ["delete_repository_notification", { ...app, uuid: "nosuch" }],
    ["sync_repository_mirror", app],
    ["sync_organization_mirror", acme],
    ["delete_proxy_cache", acme],
    ["delete_manifest_label", { ...app, manifestref: noTag, labelid: "nosuch" }],
    ["cancel_build", { ...app, build_uuid: "nosuch" }],
    ["delete_build_trigger", { ...app, trigger_uuid: "nosuch" }],
    ["superuser_delete_service_key", { kid: "nosuch" }],
    ["revoke_app_token", { token_uuid: "nosuch" }],
    ["delete_global_message", { uuid: "nosuch" }],
    ["unstar_repository", { repository: "acme/docs" }],
  ];

  it.each(calls)("%s finds nothing there", async (tool, given) => {
    const { exists, identity, now, unread } = await opened.stateOf(tool, given);
    expect({ exists, identity, unread }).toEqual({ exists: false, identity: undefined, unread: [] });
    expect(now).toMatchObject({ absent: true });
  });

  // Global messages, users and most of an organization's name are shown to everyone.
  const open = new Set(["delete_organization", "superuser_delete_user", "delete_global_message"]);

  it.each(calls.filter(([tool]) => !open.has(tool)))(
    "%s says what it could not read",
    async (tool, given) => {
      const confined = openConfined(opened, "olivia", []);
      const { exists, identity, now, unread } = await confined.stateOf(tool, given);
      await confined.close();
      expect({ exists, identity, now }).toEqual({ exists: undefined, identity: undefined, now: {} });
      expect(unread.length).toBeGreaterThan(0);
      for (const sentence of unread) expect(sentence).toMatch(/^[a-z_]+: .+\.$/);
    },
  );

  it("a part that could not be read does not hide the rest", async () => {
    const confined = openConfined(opened, "dave", ["repo:write"]);
    const { exists, preview, unread } = await confined.stateOf("delete_repository", {
      repository: "platform/base",
    });
    await confined.close();
    expect(exists).toBe(true);
    expect(preview).toMatchObject({ tags: { number: expect.any(Number) } });
    expect(preview).not.toHaveProperty("users");
    expect(unread).toEqual([
      expect.stringContaining("list_repository_user_permissions: Quay answered 403"),
      expect.stringContaining("list_repository_team_permissions: Quay answered 403"),
    ]);
  });

  it("what is hidden from a stranger makes a write grave", async () => {
    const confined = openConfined(opened, "olivia", []);
    for (const [tool, given] of [
      ["update_organization", { ...acme, tag_expiration_s: 86_400 }],
      ["create_or_update_team", { ...acme, teamname: "devs", role: "creator" }],
      ["add_team_member", { ...acme, teamname: "devs", membername: "olivia" }],
      ["restore_tag", { ...app, tag: "latest", manifest_digest: noTag }],
    ] as const) {
      const state = await confined.stateOf(tool, given);
      expect(escalationOf(toolNamed(tool), given, state, [])).toMatch(/could not be read/);
    }
    await confined.close();
  });
});
