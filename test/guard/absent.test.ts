import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import type { Tool } from "../../src/operation.ts";
import { createRuntime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import type { Given } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";
import { changesOf } from "../support/changes.ts";
import { shareRegistry } from "../support/registry.ts";
import { argumentsFor } from "./arbitrary.ts";

const registry = await shareRegistry();
const runtime = createRuntime(readSettings({ allow: "destructive", confirm: "code", brake: "0" }, {}), {
  connection: { url: registry.url, token: registry.tokens.superuser },
  secrets: { ...noSecrets, reveal: true },
  audit: undefined,
});
afterAll(() => runtime.close());

const call = (tool: string, given: Given) => runtime.call(tool, given, { means: "code" });
const wordsOf = (error: Error) => error.message;

/** Names of things that are not there, by the argument of a path that names them. */
const nowhere: Given = {
  repository: "acme/nope",
  orgname: "nope",
  namespace: "nope",
  name: "nope",
  username: "nope",
  robot_shortname: "nope",
  kid: "nope",
  token_uuid: "nope",
  policy_uuid: "nope",
  uuid: "nope",
};

const grave = catalogue.filter(({ access, escalates }) => access === "destructive" || escalates);

/** The arguments of a tool's path that name what is not there. */
function absentOf({ name, params = {} }: Tool): Given {
  if (name === "create_repository") return { repository: "nope/app" };
  return Object.fromEntries(Object.entries(nowhere).filter(([argument]) => argument in params));
}

describe("nobody is asked to confirm", () => {
  const said = new Map<string, string>();

  it.each(grave.filter((tool) => Object.keys(absentOf(tool)).length > 0))(
    "$name where what it is about is not there",
    async (tool) => {
      await fc.assert(
        fc.asyncProperty(argumentsFor(tool), async (given) => {
          const outcome = await call(tool.name, { ...given, ...absentOf(tool) }).catch(wordsOf);
          expect(outcome).toEqual(expect.any(String));
          if (/was not sent: there is no /.test(String(outcome))) said.set(tool.name, String(outcome));
        }),
        { numRuns: 20 },
      );
      if (tool.access === "destructive") expect(changesOf(registry)).toEqual([]);
    },
  );

  it("and it is said of most", () => {
    expect(said.size).toBeGreaterThan(40);
  });
});

const mirror = {
  external_reference: "quay.io/minio/mc",
  root_rule: { rule_kind: "tag_glob_csv", rule_value: ["latest"] },
  robot_username: "acme+ci",
  sync_start_date: "2030-01-01T00:00:00Z",
  sync_interval: 3600,
  skopeo_timeout_interval: 300,
};
const rule = { method: "number_of_tags", value: 5 };

describe("a call is refused at once, naming what is not there:", () => {
  it.each<readonly [tool: string, given: Given, what: string]>([
    ["change_repository_visibility", { repository: "acme/nope", visibility: "public" }, "acme/nope"],
    ["create_repository_mirror", { repository: "acme/nope", ...mirror }, "acme/nope"],
    ["update_repository_mirror", { repository: "acme/app", is_enabled: false }, "acme/app/mirror"],
    ["sync_repository_mirror", { repository: "acme/nope" }, "acme/nope"],
    ["create_repository_autoprune_policy", { repository: "acme/nope", ...rule }, "acme/nope"],
    ["create_organization_autoprune_policy", { orgname: "nope", ...rule }, "organization nope"],
    ["delete_tag", { repository: "acme/app", tag: "nope" }, "acme/app:nope"],
    ["delete_tag", { repository: "acme/nope", tag: "v1" }, "acme/nope"],
    ["create_proxy_cache", { orgname: "nope", upstream_registry: "docker.io" }, "organization nope"],
    [
      "create_repository",
      { repository: "nope/app", visibility: "public", description: "" },
      "namespace nope",
    ],
    [
      "set_repository_user_permission",
      { repository: "acme/nope", username: "bob", role: "admin" },
      "acme/nope",
    ],
    ["remove_team_member", { orgname: "acme", teamname: "nope", membername: "bob" }, "acme/teams/nope/bob"],
    ["delete_organization_prototype", { orgname: "nope", prototypeid: "x" }, "organization nope"],
    [
      "export_repository_logs",
      {
        repository: "acme/nope",
        callback_url: "https://x.example/",
        starttime: "2026-01-01",
        endtime: "2026-01-02",
      },
      "acme/nope",
    ],
    ["superuser_take_ownership", { namespace: "nope" }, "nope"],
    ["superuser_delete_user_quota", { namespace: "nope", quota_id: 1 }, "namespace nope"],
  ])("%s %j", async (tool, given, what) => {
    expect(await call(tool, given).catch(wordsOf)).toBe(
      `${tool} was not sent: there is no ${what}, or this token may not see it.`,
    );
    expect(changesOf(registry)).toEqual([]);
  });
});

describe("a call goes on as before", () => {
  it.each<readonly [tool: string, given: Given]>([
    ["create_repository_mirror", { repository: "acme/app", ...mirror }],
    ["create_organization_autoprune_policy", { orgname: "acme", ...rule }],
    ["create_proxy_cache", { orgname: "vendor", upstream_registry: "docker.io" }],
    ["create_repository", { repository: "acme/new", visibility: "public", description: "" }],
    ["create_repository", { repository: "bob/new", visibility: "public", description: "" }],
    ["set_repository_user_permission", { repository: "acme/app", username: "bob", role: "admin" }],
  ])("where it would make what is not there yet: %s %j", async (tool, given) => {
    expect(await call(tool, given)).toMatchObject({ kind: "notice", notice: { sent: false } });
  });

  it("where what is about may not be read", async () => {
    const token = registry.addToken({ user: "olivia", scopes: [] });
    const confined = createRuntime(readSettings({ allow: "destructive", confirm: "code" }, {}), {
      connection: { url: registry.url, token },
      secrets: noSecrets,
      audit: undefined,
    });
    const given = { repository: "acme/app", visibility: "public" };
    await expect(confined.call("change_repository_visibility", given, { means: "code" })).rejects.toThrow(
      /acme\/app could not be read, so nobody could say/,
    );
    await confined.close();
  });

  it("where nobody need confirm it: Quay itself says that nothing is there", async () => {
    const unasked = createRuntime(readSettings({ allow: "destructive", confirm: "never" }, {}), {
      connection: { url: registry.url, token: registry.tokens.superuser },
      secrets: noSecrets,
      audit: undefined,
    });
    const given = { repository: "acme/nope", visibility: "public" };
    await expect(unasked.call("change_repository_visibility", given, { means: "nothing" })).rejects.toThrow(
      /Quay answered 404/,
    );
    await unasked.close();
  });
});
