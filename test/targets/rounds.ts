/** Calls that can be taken back, each with a read that shows what it changes. */
import type { Given } from "../../src/targets/target.ts";
import { firstOf, itemsOf, type Opened } from "./open.ts";

/** A call, and a read that shows what it changes. The values are made when the registry is there. */
export interface Round {
  readonly given: Given;
  readonly look: readonly [tool: string, given: Given];
}

type Make = (opened: Opened) => Promise<Round> | Round;

const app = { repository: "acme/app" };
const acme = { orgname: "acme" };

const tagsOfApp = ["list_tags", { ...app, onlyActiveTags: true, limit: 100 }] as const;

async function digestOf(opened: Opened, tag: string): Promise<unknown> {
  const { manifest_digest } = await firstOf(
    opened,
    "list_tags",
    { ...app, specificTag: tag, onlyActiveTags: true },
    "tags",
  );
  return manifest_digest;
}

const policy = { method: "number_of_tags", value: 7, tagPattern: "^x", tagPatternMatches: false };

/** By tool; a tool with several ways back has several. */
// biome-ignore format: a call and where to look on a line or two can be read as a list
export const rounds: readonly (readonly [tool: string, how: string, make: Make])[] = [
  ["update_organization", "", () => ({ given: { ...acme, email: "new@acme.example", tag_expiration_s: 86_400 }, look: ["get_organization", acme] })],
  ["update_organization", "where there was no e-mail", () => ({ given: { orgname: "vendor", contact_email: "new@acme.example" }, look: ["get_organization", { orgname: "vendor" }] })],
  ["create_organization_application", "", () => ({ given: { ...acme, name: "New" }, look: ["list_organization_applications", acme] })],
  ["update_organization_application", "", async (opened) => {
    const { client_id } = await firstOf(opened, "list_organization_applications", acme, "applications");
    return { given: { ...acme, client_id, name: "Renamed", redirect_uri: "https://x.example/", application_uri: "https://x.example", description: "d" }, look: ["list_organization_applications", acme] };
  }],
  ["create_proxy_cache", "", () => ({ given: { orgname: "vendor", upstream_registry: "docker.io" }, look: ["get_proxy_cache", { orgname: "vendor" }] })],
  ["change_repository_state", "", () => ({ given: { ...app, state: "READ_ONLY" }, look: ["get_repository", app] })],
  ["change_repository_visibility", "", () => ({ given: { ...app, visibility: "public" }, look: ["get_repository", app] })],
  ["create_repository", "", () => ({ given: { repository: "acme/new", visibility: "private", description: "" }, look: ["list_repositories", { namespace: "acme" }] })],
  ["update_repository", "", () => ({ given: { ...app, description: "another" }, look: ["get_repository", app] })],
  ["delete_tag", "", () => ({ given: { ...app, tag: "v1.3" }, look: tagsOfApp })],
  ["restore_tag", "of a tag that there was", async (opened) => ({ given: { ...app, tag: "latest", manifest_digest: await digestOf(opened, "v1.1") }, look: tagsOfApp })],
  ["restore_tag", "of a new tag", async (opened) => ({ given: { ...app, tag: "again", manifest_digest: await digestOf(opened, "v1.1") }, look: tagsOfApp })],
  ["update_tag", "that moved", async (opened) => ({ given: { ...app, tag: "latest", manifest_digest: await digestOf(opened, "v1.1") }, look: tagsOfApp })],
  ["update_tag", "that is new", async (opened) => ({ given: { ...app, tag: "new", manifest_digest: await digestOf(opened, "v1.1") }, look: tagsOfApp })],
  ["update_tag", "that now ends", () => ({ given: { ...app, tag: "v1.1", expiration: "2090-01-01T00:00:00Z" }, look: tagsOfApp })],
  ["update_tag", "that no longer ends", () => ({ given: { ...app, tag: "pr-318", expiration: "never" }, look: tagsOfApp })],
  ["update_tag", "that is locked", () => ({ given: { ...app, tag: "v1.1", immutable: true }, look: tagsOfApp })],
  ["add_manifest_label", "", async (opened) => {
    const manifest = { ...app, manifestref: await digestOf(opened, "v1.1") };
    return { given: { ...manifest, key: "team", value: "devs" }, look: ["list_manifest_labels", manifest] };
  }],
  ["delete_manifest_label", "", async (opened) => {
    const manifest = { ...app, manifestref: await digestOf(opened, "v1.2") };
    await opened.send("add_manifest_label", { ...manifest, key: "note", value: "{}", media_type: "application/json" });
    const labels = await itemsOf(opened, "list_manifest_labels", { ...manifest, filter: "note" }, "labels");
    return { given: { ...manifest, labelid: labels[0]!.id }, look: ["list_manifest_labels", manifest] };
  }],
  ["add_team_member", "", () => ({ given: { ...acme, teamname: "ops", membername: "acme+ci" }, look: ["list_team_members", { ...acme, teamname: "ops" }] })],
  ["add_team_member", "who is only invited", () => ({ given: { ...acme, teamname: "ops", membername: "olivia" }, look: ["list_team_members", { ...acme, teamname: "ops", includePending: true }] })],
  ["remove_team_member", "", () => ({ given: { ...acme, teamname: "devs", membername: "acme+ci" }, look: ["list_team_members", { ...acme, teamname: "devs" }] })],
  ["invite_team_member_by_email", "", () => ({ given: { ...acme, teamname: "ops", email: "new@acme.example" }, look: ["list_team_members", { ...acme, teamname: "ops", includePending: true }] })],
  ["delete_team_email_invite", "", async (opened) => {
    const given = { ...acme, teamname: "devs", email: "old@acme.example" };
    await opened.send("invite_team_member_by_email", given);
    return { given, look: ["list_team_members", { ...acme, teamname: "devs", includePending: true }] };
  }],
  ["create_or_update_team", "that is new", () => ({ given: { ...acme, teamname: "night", role: "member" }, look: ["get_organization", acme] })],
  ["create_or_update_team", "that there was", () => ({ given: { ...acme, teamname: "devs", role: "creator", description: "changed" }, look: ["get_organization", acme] })],
  ["create_my_robot", "", () => ({ given: { robot_shortname: "new" }, look: ["list_my_robots", {}] })],
  ["create_organization_robot", "", () => ({ given: { ...acme, robot_shortname: "new" }, look: ["list_organization_robots", acme] })],
  ["delete_repository_team_permission", "", () => ({ given: { ...app, teamname: "devs" }, look: ["list_repository_team_permissions", app] })],
  ["delete_repository_user_permission", "", () => ({ given: { ...app, username: "acme+ci" }, look: ["list_repository_user_permissions", app] })],
  ["set_repository_team_permission", "", () => ({ given: { ...app, teamname: "ops", role: "admin" }, look: ["list_repository_team_permissions", app] })],
  ["set_repository_team_permission", "that is new", () => ({ given: { ...app, teamname: "contractors", role: "read" }, look: ["list_repository_team_permissions", app] })],
  ["set_repository_user_permission", "", () => ({ given: { ...app, username: "acme+ci", role: "admin" }, look: ["list_repository_user_permissions", app] })],
  ["set_repository_user_permission", "that is new", () => ({ given: { ...app, username: "erin", role: "read" }, look: ["list_repository_user_permissions", app] })],
  ["create_organization_prototype", "", () => ({ given: { ...acme, role: "read", delegate: { name: "ops", kind: "team" } }, look: ["list_organization_prototypes", acme] })],
  ["delete_organization_prototype", "for everyone's repositories", async (opened) => {
    const { id } = await firstOf(opened, "list_organization_prototypes", { orgname: "shop" }, "prototypes");
    return { given: { orgname: "shop", prototypeid: id }, look: ["list_organization_prototypes", { orgname: "shop" }] };
  }],
  ["delete_organization_prototype", "for one user's repositories", async (opened) => {
    await opened.send("create_organization_prototype", { orgname: "platform", role: "read", delegate: { name: "carol", kind: "user" }, activating_user: { name: "dave" } });
    const { id } = await firstOf(opened, "list_organization_prototypes", { orgname: "platform" }, "prototypes");
    return { given: { orgname: "platform", prototypeid: id }, look: ["list_organization_prototypes", { orgname: "platform" }] };
  }],
  ["update_organization_prototype", "", async (opened) => {
    const { id } = await firstOf(opened, "list_organization_prototypes", acme, "prototypes");
    return { given: { ...acme, prototypeid: id, role: "admin" }, look: ["list_organization_prototypes", acme] };
  }],
  ["star_repository", "", () => ({ given: app, look: ["list_starred_repositories", {}] })],
  ["unstar_repository", "", async (opened) => {
    await opened.send("star_repository", { repository: "acme/docs" });
    return { given: { repository: "acme/docs" }, look: ["list_starred_repositories", {}] };
  }],
  ["create_repository_notification", "", () => ({
    given: { ...app, event: "repo_push", method: "webhook", config: { url: "https://x.example/" }, eventConfig: {} },
    look: ["list_repository_notifications", app],
  })],
  ["delete_repository_notification", "", async (opened) => {
    const sent = { ...app, event: "vulnerability_found", method: "quay_notification", title: "Tell Bob" };
    const { body } = await opened.send("create_repository_notification", { ...sent, config: { target: { kind: "user", name: "bob" } }, eventConfig: { level: "High" } });
    return { given: { ...app, uuid: (body.value as Given).uuid }, look: ["list_repository_notifications", app] };
  }],
  ...(["my", "organization", "repository"] as const).flatMap((whose) => {
    const place = { my: {}, organization: acme, repository: { repository: "acme/docs" } }[whose];
    const look = [`list_${whose}_autoprune_policies`, place] as const;
    const made = async ({ send }: Opened, given: Given) => {
      const { body } = await send(`create_${whose}_autoprune_policy`, { ...place, ...given });
      return { ...place, policy_uuid: (body.value as Given).uuid };
    };
    return [
      [`create_${whose}_autoprune_policy`, "", () => ({ given: { ...place, ...policy }, look })],
      [`update_${whose}_autoprune_policy`, "with a pattern", async (opened: Opened) => ({ given: { ...(await made(opened, { ...policy, value: 8 })), method: "creation_date", value: "9d" }, look })],
      [`update_${whose}_autoprune_policy`, "without one", async (opened: Opened) => ({ given: { ...(await made(opened, { method: "creation_date", value: "500d" })), ...policy, value: 10 }, look })],
      [`delete_${whose}_autoprune_policy`, "with a pattern", async (opened: Opened) => ({ given: await made(opened, { ...policy, value: 9 }), look })],
      [`delete_${whose}_autoprune_policy`, "without one", async (opened: Opened) => ({ given: await made(opened, { method: "creation_date", value: "600d" }), look })],
    ] satisfies [string, string, Make][];
  }),
  ["update_organization_quota", "", (opened) => quotaRound(opened, "list_organization_quotas", { orgname: "shop" }, { limit: "20 GiB" })],
  ["superuser_update_organization_quota", "", (opened) => quotaRound(opened, "superuser_list_organization_quotas", { namespace: "platform" }, { limit_bytes: 1 })],
  ["superuser_update_user_quota", "", (opened) => quotaRound(opened, "superuser_list_user_quotas", { namespace: "ivan" }, { limit: "9 GB" })],
  ["delete_organization_quota", "without limits", (opened) => bareQuotaRound(opened, "list_organization_quotas", { orgname: "vendor" }, "superuser_create_organization_quota")],
  ["superuser_delete_organization_quota", "without limits", (opened) => bareQuotaRound(opened, "superuser_list_organization_quotas", { namespace: "upstream" }, "superuser_create_organization_quota")],
  ["superuser_delete_user_quota", "without limits", (opened) => bareQuotaRound(opened, "superuser_list_user_quotas", { namespace: "bob" }, "superuser_create_user_quota")],
  ["update_organization_quota_limit", "", (opened) => limitRound(opened, "shop", { threshold_percent: 50 })],
  ["delete_organization_quota_limit", "", (opened) => limitRound(opened, "platform", {})],
  ["create_repository_mirror", "", async (opened) => {
    const copy = { repository: "vendor/grafana-copy" };
    await opened.send("create_repository", { ...copy, visibility: "private", description: "" });
    return {
      given: { ...copy, external_reference: "quay.io/x/y", root_rule: { rule_kind: "tag_glob_csv", rule_value: ["1"] }, robot_username: "vendor+mirror", sync_start_date: "2026-12-01T00:00:00Z", sync_interval: 3600, skopeo_timeout_interval: 300 },
      look: ["get_repository", copy],
    };
  }],
  ["update_repository_mirror", "", () => ({
    given: { repository: "vendor/postgres", is_enabled: false, external_reference: "quay.io/x/y", external_registry_username: "other", sync_interval: 60, root_rule: { rule_kind: "tag_glob_csv", rule_value: ["1"] }, architecture_filter: ["amd64"], external_registry_config: { verify_tls: false, proxy: { http_proxy: "http://p.example" } } },
    look: ["get_repository_mirror", { repository: "vendor/postgres" }],
  })],
  ["cancel_repository_mirror_sync", "", async (opened) => {
    await opened.send("sync_repository_mirror", { repository: "vendor/redis" });
    return { given: { repository: "vendor/redis" }, look: ["get_repository_mirror", { repository: "vendor/redis" }] };
  }],
  ["create_organization_mirror", "", async (opened) => {
    await opened.send("create_organization", { name: "copies" });
    await opened.send("create_organization_robot", { orgname: "copies", robot_shortname: "sync" });
    return {
      given: { orgname: "copies", external_registry_type: "quay", external_registry_url: "https://quay.io", external_namespace: "x", robot_username: "copies+sync", visibility: "private", sync_interval: 3600, sync_start_date: "2026-12-01T00:00:00Z" },
      look: ["get_organization_mirror", { orgname: "copies" }],
    };
  }],
  ["cancel_organization_mirror_sync", "", async (opened) => {
    await opened.send("sync_organization_mirror", { orgname: "upstream" });
    return { given: { orgname: "upstream" }, look: ["get_organization_mirror", { orgname: "upstream" }] };
  }],
  ["update_organization_mirror", "", () => ({
    given: { orgname: "upstream", is_enabled: false, sync_interval: 60, repository_filters: ["x"], external_namespace: "other", visibility: "public" },
    look: ["get_organization_mirror", { orgname: "upstream" }],
  })],
  ["update_build_trigger", "", async (opened) => {
    const { id } = await firstOf(opened, "list_build_triggers", { repository: "acme/weather" }, "triggers");
    return { given: { repository: "acme/weather", trigger_uuid: id, enabled: true }, look: ["list_build_triggers", { repository: "acme/weather" }] };
  }],
  ["create_app_token", "", () => ({ given: { title: "new" }, look: ["list_app_tokens", {}] })],
  ["delete_global_message", "", async (opened) => {
    const { uuid } = await firstOf(opened, "list_global_messages", {}, "messages");
    return { given: { uuid }, look: ["list_global_messages", {}] };
  }],
  ["superuser_create_service_key", "", () => ({ given: { service: "clair", expiration: "never", name: "new" }, look: ["superuser_list_service_keys", {}] })],
  ["superuser_update_service_key", "without metadata", async (opened) => {
    const { kid } = await firstOf(opened, "superuser_list_service_keys", {}, "keys");
    return { given: { kid, name: "renamed", expiration: "never" }, look: ["superuser_get_service_key", { kid }] };
  }],
  ["superuser_update_service_key", "with metadata", async (opened) => {
    const { kid } = await firstOf(opened, "superuser_list_service_keys", {}, "keys");
    await opened.send("superuser_update_service_key", { kid, name: "Scanner", metadata: { place: "here" } });
    return { given: { kid, name: "Scanner", metadata: { place: "there" } }, look: ["superuser_get_service_key", { kid }] };
  }],
  ["superuser_create_user", "", () => ({ given: { username: "newcomer", email: "newcomer@acme.example" }, look: ["superuser_list_users", {}] })],
  ["superuser_update_user", "", () => ({ given: { username: "heidi", email: "h@acme.example", enabled: false }, look: ["superuser_list_users", {}] })],
  ["superuser_rename_organization", "", () => ({ given: { name: "research", new_name: "science" }, look: ["get_organization", { orgname: "research" }] })],
  ["create_organization", "", () => ({ given: { name: "fresh" }, look: ["superuser_list_organizations", {}] })],
];

async function quotaRound(opened: Opened, list: string, place: Given, size: Given): Promise<Round> {
  const { id } = await firstOf(opened, list, place);
  return { given: { ...place, quota_id: id, ...size }, look: [list, place] };
}

async function bareQuotaRound(opened: Opened, list: string, place: Given, create: string): Promise<Round> {
  await opened.send(create, { namespace: place.namespace ?? place.orgname, limit_bytes: 1_000_000 });
  return quotaRound(opened, list, place, {});
}

async function limitRound(opened: Opened, orgname: string, change: Given): Promise<Round> {
  const { id, limits } = await firstOf(opened, "list_organization_quotas", { orgname });
  const [limit] = limits as Given[];
  return {
    given: { orgname, quota_id: id, limit_id: limit!.id, ...change },
    look: ["list_organization_quotas", { orgname }],
  };
}
