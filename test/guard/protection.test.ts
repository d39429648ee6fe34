import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentShape } from "../../src/arguments.ts";
import { parseArguments } from "../../src/call/parse-arguments.ts";
import { parseProtection, protectionRefusal } from "../../src/guard/protection.ts";
import type { Tool } from "../../src/operation.ts";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { buildRequest } from "../../src/quay/request.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { catalogue } from "../../tools/index.ts";
import { toolNamed as tool } from "../support/tools.ts";
import { argumentsFor } from "./arbitrary.ts";
import { isProtected, mayHoldProtected } from "./boundaries.ts";
import { reachOf } from "./read-request.ts";

const protection = parseProtection(["acme/prod-*", "dev-*/vault"]);
const refused = (name: string, given: Record<string, unknown>) =>
  protectionRefusal(tool(name), given, protection);

/** What ends, renames, mirrors, prunes or takes over every repository of a namespace, or takes roles on them away. */
const reaching = [
  "create_my_autoprune_policy",
  "create_organization_autoprune_policy",
  "create_organization_mirror",
  "create_proxy_cache",
  "delete_my_robot",
  "delete_organization",
  "delete_organization_mirror",
  "delete_organization_robot",
  "delete_proxy_cache",
  "delete_team",
  "remove_organization_member",
  "set_organization_robot_federation",
  "superuser_delete_organization",
  "superuser_delete_user",
  "superuser_rename_organization",
  "superuser_take_ownership",
  "sync_organization_mirror",
  "update_my_autoprune_policy",
  "update_organization_autoprune_policy",
  "update_organization_mirror",
];

describe("protection", () => {
  it("lets everything through where there is none", () => {
    expect(
      protectionRefusal(tool("delete_repository"), { repository: "acme/prod-db" }, undefined),
    ).toBeUndefined();
  });

  it("lets reads through", () => {
    expect(refused("get_repository", { repository: "acme/prod-db" })).toBeUndefined();
    expect(refused("list_tags", { repository: "acme/prod-db" })).toBeUndefined();
  });

  it.each([
    "acme/app",
    "acme/prod",
    "acme/preprod-db",
    "other/prod-db",
    "other/vault",
    "dev-x/vaults",
    "acme/x/prod-db",
  ])("lets writes to %s through", (repository) => {
    expect(refused("update_repository", { repository, description: "" })).toBeUndefined();
  });

  it.each([
    "acme/prod-db",
    "ACME/Prod-DB",
    "acme/prod-",
    "acme/prod-db/x",
    "acme/prod-a.b/c",
    "dev-x/vault",
    "dev-x/vault/tag/v1",
  ])("keeps writes to %s back", (repository) => {
    const why = `would change "${repository}": --protect acme/prod-*,dev-*/vault makes repositories read-only.`;
    expect(refused("update_repository", { repository, description: "" })).toBe(`update_repository ${why}`);
    expect(refused("delete_repository", { repository })).toBe(`delete_repository ${why}`);
    expect(refused("create_repository", { repository, visibility: "private" })).toBe(
      `create_repository ${why}`,
    );
    expect(refused("delete_tag", { repository, tag: "v1" })).toBe(`delete_tag ${why}`);
  });

  it.each([
    "acme/ｐrod-db",
    "acme/prod％db",
    "ａcme/prod-db",
    "acme",
    "acme//prod-db",
    "acme/x/../prod-db",
    "acme/ prod-db",
  ])("keeps writes to %j back, which Quay's grammar does not allow", (repository) => {
    expect(refused("delete_repository", { repository })).toMatch(
      /^repository .* is no name that Quay allows/,
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ["delete_organization", { orgname: "acme" }],
    ["delete_organization", { orgname: "Acme" }],
    ["delete_organization", { orgname: "dev-1" }],
    ["superuser_delete_organization", { name: "acme" }],
    ["superuser_delete_user", { username: "dev-1" }],
    ["superuser_take_ownership", { namespace: "dev-1" }],
    ["superuser_rename_organization", { name: "acme", new_name: "other" }],
    ["superuser_rename_organization", { name: "other", new_name: "acme" }],
    ["create_organization_mirror", { orgname: "acme" }],
    ["create_organization_autoprune_policy", { orgname: "acme" }],
  ])("keeps %s back with %j, which reaches protected repositories from above", (name, given) => {
    expect(refused(name, given)).toMatch(
      / reaches every repository of "[^"]+", where protected ones may lie: --protect/,
    );
  });

  it("keeps back what prunes the caller's own namespace, whose name it does not know", () => {
    expect(refused("create_my_autoprune_policy", { method: "number_of_tags", value: 1 })).toMatch(
      /^create_my_autoprune_policy reaches every repository of your account, where protected ones may lie: --protect/,
    );
  });

  it("keeps back what reaches a namespace that Quay's grammar does not allow", () => {
    expect(refused("delete_organization", { orgname: "ａcme" })).toMatch(
      /^orgname .* is no name that Quay allows/,
    );
  });

  it("lets through what reaches a namespace in which no protected repository can lie", () => {
    expect(refused("delete_organization", { orgname: "other" })).toBeUndefined();
    expect(refused("superuser_rename_organization", { name: "other", new_name: "others" })).toBeUndefined();
  });

  it("keeps back what reaches repositories by one of its arguments, where that is given", () => {
    expect(refused("update_organization", { orgname: "acme", email: "a@b.example" })).toBeUndefined();
    expect(refused("update_organization", { orgname: "acme", tag_expiration_s: 0 })).toMatch(
      /^update_organization reaches every repository of "acme"/,
    );
  });

  it("lets through what changes a namespace but not its repositories", () => {
    expect(refused("create_organization_robot", { orgname: "acme", robot_shortname: "ci" })).toBeUndefined();
    expect(refused("create_app_token", { title: "x" })).toBeUndefined();
  });

  it("knows from the catalogue what reaches repositories from above", () => {
    const others = catalogue
      .filter(({ access, reachesRepositories }) => access !== "read" && reachesRepositories !== true)
      .filter((each) => !("repository" in argumentShape(each)));
    expect(
      catalogue
        .filter((each) => each.reachesRepositories === true)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(reaching);
    // The rest writes, without naming a repository, to something else.
    expect(others.map(({ name }) => name).sort()).toMatchInlineSnapshot(`
      [
        "add_team_member",
        "cancel_organization_mirror_sync",
        "create_app_token",
        "create_global_message",
        "create_my_robot",
        "create_or_update_team",
        "create_organization",
        "create_organization_application",
        "create_organization_prototype",
        "create_organization_quota",
        "create_organization_quota_limit",
        "create_organization_robot",
        "delete_global_message",
        "delete_my_autoprune_policy",
        "delete_organization_application",
        "delete_organization_autoprune_policy",
        "delete_organization_prototype",
        "delete_organization_quota",
        "delete_organization_quota_limit",
        "delete_team_email_invite",
        "disable_team_sync",
        "enable_team_sync",
        "exchange_federated_robot_token",
        "export_my_logs",
        "export_organization_logs",
        "invite_team_member_by_email",
        "regenerate_my_robot_token",
        "regenerate_organization_robot_token",
        "remove_team_member",
        "revoke_app_token",
        "superuser_approve_service_key",
        "superuser_calculate_registry_size",
        "superuser_create_organization_quota",
        "superuser_create_service_key",
        "superuser_create_user",
        "superuser_create_user_quota",
        "superuser_delete_organization_quota",
        "superuser_delete_service_key",
        "superuser_delete_user_quota",
        "superuser_update_organization_quota",
        "superuser_update_service_key",
        "superuser_update_user",
        "superuser_update_user_quota",
        "update_organization",
        "update_organization_application",
        "update_organization_prototype",
        "update_organization_quota",
        "update_organization_quota_limit",
        "validate_proxy_cache",
        "verify_organization_mirror",
      ]
    `);
  });
});

describe("--protect", () => {
  it.each(["acme", "acme/", "/app", "acme/a b", "acmé/app", "acme//app", "acme/app:v1"])(
    "does not take %j",
    (word) => {
      expect(() => parseProtection([word])).toThrow(`--protect ${word}: it takes repositories`);
    },
  );

  it("takes any namespace", () => {
    const everywhere = parseProtection(["*/prod"]);
    expect(protectionRefusal(tool("delete_organization"), { orgname: "other" }, everywhere)).toBeDefined();
    expect(protectionRefusal(tool("delete_repository"), { repository: "x/prod" }, everywhere)).toBeDefined();
    expect(protectionRefusal(tool("delete_repository"), { repository: "x/app" }, everywhere)).toBeUndefined();
  });
});

const routes = createRouteTable([...catalogue, ...otherRoutes]);

/** The request of a call that nothing refused; undefined for all others. */
function requestOf(each: Tool, given: Record<string, unknown>) {
  try {
    const values = parseArguments(each, given);
    const refusal = protectionRefusal(each, given, protection);
    return refusal === undefined ? buildRequest(each, values, routes) : undefined;
  } catch {
    return undefined;
  }
}

describe("whatever the arguments are", () => {
  it.each(catalogue.filter(({ access }) => access !== "read"))(
    "$name sends no request that changes a protected repository",
    (each) => {
      fc.assert(
        fc.property(argumentsFor(each), (given) => {
          const request = requestOf(each, given);
          if (request === undefined) return;
          const { namespaces, repositories, beyond } = reachOf(request);
          expect(repositories.filter(isProtected)).toEqual([]);
          if (!reaching.includes(each.name)) return;
          expect(namespaces.filter(mayHoldProtected)).toEqual([]);
          expect(beyond).toBe(false);
        }),
        { numRuns: 300 },
      );
    },
  );
});
