import { describe, expect, it } from "vitest";
import { escalationOf } from "../../src/guard/escalation.ts";
import type { Given } from "../../src/targets/target.ts";
import { toolNamed } from "../support/tools.ts";
import { firstOf, itemsOf, openRegistry } from "./open.ts";

const opened = await openRegistry();

const app = { repository: "acme/app" };
const acme = { orgname: "acme" };

describe("a write escalates by what its target is now:", () => {
  const escalates = async (tool: string, given: Given) =>
    escalationOf(toolNamed(tool), given, await opened.stateOf(tool, given), []);

  it("a tag that is moved, but not a new one or one that stays", async () => {
    const docs = { repository: "acme/docs" };
    const tag = { ...docs, tag: "latest" };
    const [{ manifest_digest }] = (await itemsOf(
      opened,
      "list_tags",
      { ...docs, specificTag: "latest", onlyActiveTags: true },
      "tags",
    )) as [Given];
    const [{ manifest_digest: old }] = (await itemsOf(
      opened,
      "list_tags",
      { ...docs, specificTag: "201" },
      "tags",
    )) as [Given];
    expect(await escalates("update_tag", { ...tag, manifest_digest: old })).toMatch(
      /^manifest_digest changes/,
    );
    expect(await escalates("update_tag", { ...tag, manifest_digest })).toBeUndefined();
    expect(await escalates("update_tag", { ...tag, tag: "new", manifest_digest })).toBeUndefined();
    expect(await escalates("update_tag", { ...tag, expiration: "2090-01-01" })).toMatch(/^expiration/);
    expect(await escalates("update_tag", { ...tag, expiration: "never" })).toBeUndefined();
    expect(await escalates("restore_tag", { ...tag, manifest_digest: old })).toMatch(
      /^manifest_digest changes/,
    );
  });

  it("a role that is admin or falls", async () => {
    const set = (role: string, username = "acme+ci") =>
      escalates("set_repository_user_permission", { ...app, username, role });
    expect(await set("admin")).toMatch(/admin/);
    expect(await set("read")).toMatch(/falls/);
    expect(await set("write")).toBeUndefined();
    expect(await set("read", "heidi")).toBeUndefined();
  });

  it("a team that becomes one of administrators, but not one that stays so", async () => {
    const set = (teamname: string, role: string) =>
      escalates("create_or_update_team", { ...acme, teamname, role });
    expect(await set("devs", "admin")).toMatch(/admin/);
    expect(await set("new", "admin")).toMatch(/admin/);
    expect(await set("owners", "admin")).toBeUndefined();
    expect(await set("owners", "member")).toMatch(/falls/);
    expect(await set("contractors", "creator")).toBeUndefined();
  });

  it("a member of a team of administrators", async () => {
    const add = (orgname: string, teamname: string) =>
      escalates("add_team_member", { orgname, teamname, membername: "olivia" });
    expect(await add("acme", "owners")).toMatch(/owners/);
    expect(await add("acme", "devs")).toBeUndefined();
  });

  it("a quota or a time machine that shrinks", async () => {
    const [quota] = (await opened.read("list_organization_quotas", { orgname: "shop" })) as Given[];
    const resize = (size: Given) =>
      escalates("superuser_update_organization_quota", { namespace: "shop", quota_id: quota!.id, ...size });
    expect(await resize({ limit: "11 GiB" })).toMatch(/falls/);
    expect(await resize({ limit: "13 GiB" })).toBeUndefined();
    expect(await resize({ limit_bytes: 1 })).toMatch(/falls/);
    expect(await escalates("update_organization", { ...acme, tag_expiration_s: 86_400 })).toMatch(/falls/);
    expect(await escalates("update_organization", { ...acme, tag_expiration_s: 2_419_200 })).toBeUndefined();
  });

  it("a limit that becomes one that rejects, or is reached sooner", async () => {
    const [quota] = (await opened.read("list_organization_quotas", { orgname: "shop" })) as Given[];
    const [warning, reject] = quota!.limits as [Given, Given];
    const change = ({ id }: Given, given: Given) =>
      escalates("update_organization_quota_limit", {
        orgname: "shop",
        quota_id: quota!.id,
        limit_id: id,
        ...given,
      });
    expect(await change(warning, { type: "Reject" })).toMatch(/Reject/);
    expect(await change(reject, { type: "Reject" })).toBeUndefined();
    expect(await change(warning, { threshold_percent: 60 })).toMatch(/falls/);
    expect(await change(warning, { threshold_percent: 80 })).toBeUndefined();
  });

  it("an application that redirects to another host, or whose fields would be emptied", async () => {
    const { client_id, redirect_uri } = await firstOf(
      opened,
      "list_organization_applications",
      acme,
      "applications",
    );
    const update = (given: Given) =>
      escalates("update_organization_application", {
        ...acme,
        client_id,
        name: "n",
        redirect_uri,
        application_uri: "https://x.example",
        ...given,
      });
    expect(await update({})).toBeUndefined();
    expect(await update({ redirect_uri: "https://evil.example/" })).toMatch(/new host evil\.example/);
    await opened.send("update_organization_application", {
      ...acme,
      client_id,
      name: "n",
      redirect_uri: String(redirect_uri),
      application_uri: "https://x.example",
      description: "d",
    });
    expect(await update({})).toMatch(/^description is left out/);
    expect(await update({ description: "e" })).toBeUndefined();
  });

  it("a build whose tags are there already, or may be", async () => {
    const build = (given: Given) =>
      escalates("request_build", { repository: "acme/docs", file_id: "f", ...given });
    expect(await build({ docker_tags: ["new"] })).toBeUndefined();
    expect(await build({ docker_tags: ["new", "latest"] })).toMatch(/latest/);
    expect(await build({})).toMatch(/docker_tags/);
    expect(await build({ docker_tags: ["new"], archive_url: "https://x.example/a.tgz" })).toMatch(/new host/);
    const repository = "acme/weather";
    const { id } = await firstOf(opened, "list_build_triggers", { repository }, "triggers");
    const start = (given: Given) =>
      escalates("start_build_trigger", { repository, trigger_uuid: id, ...given });
    expect(await start({})).toMatch(/moves_tag/);
    expect(await start({ refs: { kind: "tag", name: "v1.0" } })).toMatch(/moves_tag/);
  });

  it("a build of the default branch, whatever commit is named to a service that does not heed it", async () => {
    const repository = opened.registry.state.namespaces.get("acme")!.repositories.get("weather")!;
    const { id } = await firstOf(opened, "list_build_triggers", { repository: "acme/weather" }, "triggers");
    const latest = repository.tags.filter(({ name }) => name === "latest");
    for (const tag of latest) Object.assign(tag, { name: "main" });
    const given = { repository: "acme/weather", trigger_uuid: id, commit_sha: "deadbeef" };
    expect(await escalates("start_build_trigger", given)).toMatch(/moves_tag/);
    for (const tag of latest) Object.assign(tag, { name: "latest" });
  });

  it("a team whose name differs in case from that of an administering one", async () => {
    const team = { orgname: "acme", teamname: "OWNERS " };
    expect(await escalates("add_team_member", { ...team, membername: "bob" })).toMatch(/admin/);
    expect(await escalates("create_or_update_team", { ...team, role: "member" })).toMatch(/role/);
  });

  it("a notification that leaves the registry", async () => {
    const notify = (given: Given) =>
      escalates("create_repository_notification", { ...app, event: "repo_push", eventConfig: {}, ...given });
    expect(
      await notify({ method: "quay_notification", config: { target: { kind: "user", name: "bob" } } }),
    ).toBeUndefined();
    expect(await notify({ method: "webhook", config: { url: "https://x.example/" } })).toMatch(/new host/);
    expect(await notify({ method: "email", config: { email: "a@x.example" } })).toMatch(/new host/);
    expect(await notify({ method: "flowdock", config: { flow_api_token: "secret:flow" } })).toMatch(
      /flowdock/,
    );
  });
});
