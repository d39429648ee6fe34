/** Calls that no recording shows, or not as grave as they can be, for the company's registry. */
import type { Registry } from "../../src/registry/server.ts";
import type { Given } from "../../src/targets/target.ts";
import { firstOf, type Opened } from "../targets/open.ts";

type Make = (opened: Opened) => Promise<Given> | Given;

const acme = { orgname: "acme" };
const app = { repository: "acme/app" };
const weather = { repository: "acme/weather" };

const triggerOf = async (opened: Opened) => {
  const { id } = await firstOf(opened, "list_build_triggers", weather, "triggers");
  return { ...weather, trigger_uuid: id };
};

const quotaOf = async (opened: Opened, list: string, place: Given) => {
  const { id } = await firstOf(opened, list, place);
  return { ...place, quota_id: id, limit_bytes: 1 };
};

/** A token of an identity provider, which the registry reads and does not check. */
const oidcToken = [
  { alg: "RS256" },
  { iss: "https://token.actions.githubusercontent.com", sub: "repo:x" },
  {},
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");

// biome-ignore format: a call on a line or two can be read as a list
export const companyCalls: readonly (readonly [tool: string, make: Make])[] = [
  ["get_organization_member", () => ({ ...acme, membername: "bob" })],
  ["exchange_federated_robot_token", () => ({ robot: "platform+actions", oidc_token: oidcToken })],
  ["invite_team_member_by_email", () => ({ ...acme, teamname: "owners", email: "new@acme.example" })],
  ["set_repository_user_permission", () => ({ ...app, username: "acme+ci", role: "admin" })],
  ["create_organization_prototype", () => ({ ...acme, role: "admin", delegate: { name: "ops", kind: "team" } })],
  ["update_organization_prototype", async (opened) => {
    const { id } = await firstOf(opened, "list_organization_prototypes", { orgname: "shop" }, "prototypes");
    return { orgname: "shop", prototypeid: id, role: "admin" };
  }],
  ["update_organization_quota", (opened) => quotaOf(opened, "list_organization_quotas", { orgname: "shop" })],
  ["superuser_update_organization_quota", (opened) => quotaOf(opened, "superuser_list_organization_quotas", { namespace: "platform" })],
  ["superuser_update_user_quota", (opened) => quotaOf(opened, "superuser_list_user_quotas", { namespace: "ivan" })],
  ["start_build_trigger", triggerOf],
  ["activate_build_trigger", async (opened) => {
    const { trigger_uuid } = await triggerOf(opened);
    addIdleTrigger(opened.registry, String(trigger_uuid));
    return { ...weather, trigger_uuid: "idle", config: { build_source: "acme-rockets/weather", dockerfile_path: "/Dockerfile", context: "/" }, pull_robot: "acme+ci" };
  }],
  ["update_build_trigger", async (opened) => ({ ...(await triggerOf(opened)), enabled: false })],
  ["cancel_build", async (opened) => {
    const { body } = await opened.send("request_build", { ...weather, archive_url: "https://src.example/a.tar.gz" });
    return { ...weather, build_uuid: (body.value as Given).id };
  }],
  ["enable_team_sync", () => ({ ...acme, teamname: "devs", group_dn: "cn=devs" })],
  ["remove_organization_member", () => ({ ...acme, membername: "bob" })],
];

/** A trigger is made in a browser, so that there is no call that makes one. */
function addIdleTrigger({ state }: Registry, like: string): void {
  const triggers = state.namespaces.get("acme")!.repositories.get("weather")!.collections.get("triggers")!;
  triggers.set("idle", { ...triggers.get(like), id: "idle", is_active: false, config: {} });
}
