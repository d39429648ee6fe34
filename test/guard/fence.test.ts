import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputSchema } from "../../src/arguments.ts";
import { parseArguments } from "../../src/call/parse-arguments.ts";
import { confinementOf, fenceRefusal, parseFence } from "../../src/guard/fence.ts";
import { namingOf } from "../../src/guard/naming.ts";
import type { Tool } from "../../src/operation.ts";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { buildRequest } from "../../src/quay/request.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { plainly } from "../../src/sentences/cite.ts";
import { catalogue } from "../../tools/index.ts";
import { toolNamed as tool } from "../support/tools.ts";
import { argumentsFor } from "./arbitrary.ts";
import { isInside } from "./boundaries.ts";
import { reachOf } from "./read-request.ts";

const fence = parseFence(["acme", "dev-*"]);
const refused = (name: string, given: Record<string, unknown>) => fenceRefusal(tool(name), given, fence);

describe("the fence", () => {
  it("lets everything through where there is none", () => {
    expect(fenceRefusal(tool("search_all"), { query: "x" }, undefined)).toBeUndefined();
    expect(fenceRefusal(tool("delete_organization"), { orgname: "other" }, undefined)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ["get_organization", { orgname: "acme" }],
    ["get_organization", { orgname: "ACME" }],
    ["get_organization", { orgname: "dev-x" }],
    ["delete_repository", { repository: "acme/team/app" }],
    ["list_repositories", { namespace: "acme", public: true, starred: false }],
    ["search_entities", { prefix: "bo", namespace: "acme" }],
    ["star_repository", { repository: "dev-x/app" }],
    ["create_organization", { name: "dev-new" }],
    ["superuser_rename_organization", { name: "dev-a", new_name: "dev-b" }],
    ["set_repository_user_permission", { repository: "acme/app", username: "bob", role: "read" }],
    ["set_repository_user_permission", { repository: "acme/app", username: "acme+ci", role: "read" }],
    ["get_api_discovery", {}],
    ["get_error_description", { error_type: "x" }],
  ])("lets %s through with %j", (name, given) => {
    expect(refused(name, given)).toBeUndefined();
  });

  const target = (kind: string, name: string) => ({
    repository: "acme/app",
    event: "repo_push",
    method: "quay_notification",
    config: { target: { kind, name } },
    eventConfig: {},
  });
  const inAcme = { repository: "acme/app" };

  it.each<[string, Record<string, unknown>, string]>([
    ["get_organization", { orgname: "other" }, "orgname"],
    ["get_organization", { orgname: "acme2" }, "orgname"],
    ["get_organization", { orgname: "xdev-1" }, "orgname"],
    ["get_repository", { repository: "other/app" }, "repository"],
    ["list_repositories", { namespace: "other" }, "namespace"],
    ["search_entities", { prefix: "x", namespace: "other" }, "namespace"],
    ["create_repository", { repository: "other/app", visibility: "private" }, "repository"],
    ["star_repository", { repository: "other/app" }, "repository"],
    ["create_organization", { name: "other" }, "name"],
    ["superuser_delete_organization", { name: "other" }, "name"],
    ["superuser_rename_organization", { name: "other", new_name: "acme" }, "name"],
    ["superuser_rename_organization", { name: "acme", new_name: "other" }, "new_name"],
    ["superuser_take_ownership", { namespace: "other" }, "namespace"],
    ["superuser_create_user", { username: "other" }, "username"],
    ["superuser_update_user", { username: "other", enabled: false }, "username"],
    ["superuser_delete_user", { username: "other" }, "username"],
    ["get_user", { username: "other" }, "username"],
    ["exchange_federated_robot_token", { robot: "other+ci", oidc_token: "x" }, "robot"],
    ["add_team_member", { orgname: "acme", teamname: "devs", membername: "other+ci" }, "membername"],
    ["set_repository_user_permission", { ...inAcme, username: "other+ci", role: "read" }, "username"],
    ["list_organization_logs", { orgname: "acme", performer: "other+ci" }, "performer"],
    ["create_repository_mirror", { ...inAcme, robot_username: "other+ci" }, "robot_username"],
    ["request_build", { ...inAcme, pull_robot: "other+ci" }, "pull_robot"],
    [
      "create_organization_prototype",
      { orgname: "acme", role: "read", delegate: { kind: "user", name: "other+ci" } },
      "delegate.name",
    ],
    [
      "create_organization_prototype",
      {
        orgname: "acme",
        role: "read",
        delegate: { kind: "team", name: "x" },
        activating_user: { name: "other+ci" },
      },
      "activating_user.name",
    ],
    ["create_repository_notification", target("org", "other"), "config.target.name"],
    ["create_repository_notification", target("user", "other+ci"), "config.target.name"],
  ])("keeps %s back with %j, naming %s", (name, given, argument) => {
    expect(refused(name, given)).toMatch(
      new RegExp(`^${argument.replaceAll(".", "\\.")} "[^"]*" is outside, .* --namespaces acme,dev-\\*\\.$`),
    );
  });

  it.each([
    [
      "target of a notification that is no organization",
      "create_repository_notification",
      target("user", "bob"),
    ],
    ["team", "create_repository_notification", target("team", "devs")],
    ["member", "add_team_member", { orgname: "acme", teamname: "devs", membername: "bob" }],
    [
      "source of a mirror",
      "update_repository_mirror",
      { ...inAcme, external_reference: "quay.io/other/app" },
    ],
    [
      "source of an organization's mirror",
      "update_organization_mirror",
      { orgname: "acme", external_namespace: "other" },
    ],
  ])("does not take a %s for a namespace", (_, name, given) => {
    expect(refused(name, given)).toBeUndefined();
  });

  it.each([
    "ａcme",
    "acmé",
    "dev-\u212a",
    "acme ",
    "acme/",
    "acme+x",
    "",
    ".",
    "dev-",
    "dev-..x",
    "ac%6de",
    "dev-\nx",
  ])("refuses the namespace %j, which Quay's grammar does not allow", (name) => {
    const shown = JSON.stringify(name);
    expect(plainly(refused("get_organization", { orgname: name })!)).toContain(`orgname ${shown} is no name`);
    expect(refused("get_repository", { repository: `${name}/app` })).toMatch(/^repository .* is no name/);
    expect(refused("request_build", { ...inAcme, pull_robot: `${name}+ci` })).toMatch(
      /^pull_robot .* is no name/,
    );
  });

  it.each(["dev-x＋ci", "other％2Bci", "acme+ci+x", "acme+", "acme+c i", "bob\u0000"])(
    "refuses the account %j, which Quay's grammar does not allow",
    (username) => {
      expect(refused("get_repository_user_permission", { ...inAcme, username })).toMatch(
        /^username .* is no name/,
      );
    },
  );

  it.each([
    "acme",
    "acme/",
    "/app",
    "acme//app",
    "acme/../app",
    "acme/a/.",
    "acme/ä",
    "acme/a b",
    "acme/a%2Fb",
  ])("refuses the repository %j, which Quay's grammar does not allow", (repository) => {
    expect(refused("get_repository", { repository })).toMatch(/^repository .* is no name/);
  });

  it("keeps lists of everything back, and says which argument confines them", () => {
    expect(refused("list_repositories", { public: true })).toContain(
      "reaches every namespace without namespace",
    );
    expect(refused("search_entities", { prefix: "x" })).toContain(
      "reaches every namespace without namespace",
    );
    expect(refused("list_repositories", { namespace: "acme", starred: true })).toContain(
      "list_repositories with starred reaches every namespace",
    );
  });

  it.each([
    "search_all",
    "get_my_user",
    "superuser_list_logs",
    "superuser_get_build",
    "create_global_message",
  ])("keeps %s back, which nothing confines", (name) => {
    expect(refused(name, {})).toBe(
      `${name} cannot be confined to a namespace, and this server is confined to --namespaces acme,dev-*.`,
    );
  });

  it("does not confine a call by an account that it names", () => {
    expect(refused("list_my_logs", { performer: "acme+ci" })).toContain("cannot be confined");
  });
});

describe("--namespaces", () => {
  it("compares without regard to case, and a dot stands for itself", () => {
    const other = parseFence(["ACME.*"]);
    expect(fenceRefusal(tool("get_organization"), { orgname: "acme.eu" }, other)).toBeUndefined();
    expect(fenceRefusal(tool("get_organization"), { orgname: "acme-eu" }, other)).toBeDefined();
  });

  it.each(["acme/app", "a b", "acmé", "acme+ci", "[a]"])("does not take %j", (word) => {
    expect(() => parseFence(["acme", word])).toThrow(`--namespaces ${word}: it takes names`);
  });
});

/** Arguments, by dotted path, that name no namespace and nothing in one. */
const nameNothing = `
  activating_user address application_uri architecture_filter archive_url artifactType avatar_email branch_name
  build_uuid callback_email callback_url client_id commit_sha config contact_email context delegate delegate.kind
  description digest docker_tags dockerfile_path email enabled endtime error_type event eventConfig expiration
  expiration_s expiring external_namespace external_reference external_registry_config external_registry_password
  external_registry_type external_registry_url external_registry_username federation file_id filter filter_tag_name
  group_dn group_id group_name immutable includeOrgs includePending includeStats includeTags includeTeams includeUsage
  include_modelcard insecure invoice_email invoice_email_address is_enabled key kid labelid last_modified limit
  limit_bytes limit_id manifest_digest manifestref media_type message metadata method next_page notes oidc_token
  onlyActiveTags page password permissions policy_uuid popularity prefix prototypeid public query quota_id
  recaptcha_response redirect_uri refs repo_kind repository_filters robot_shortname role root_rule service since
  skopeo_timeout skopeo_timeout_interval specificTag starred start starttime state status subdirectory sync_interval
  sync_start_date tag tagPattern tagPatternMatches tag_expiration_s teamname threshold_percent title token_uuid
  trigger_uuid type unstructured_metadata upstream_registry upstream_registry_password upstream_registry_username uuid
  value visibility vulnerabilities disabled confirm max_items
  config.url config.template config.email config.target config.target.kind config.notification_token config.room_id
  config.flow_api_token message.content message.media_type message.severity eventConfig.level eventConfig.days eventConfig.ref-regex refs.kind refs.name
  root_rule.rule_kind root_rule.rule_value external_registry_config.verify_tls external_registry_config.unsigned_images
  external_registry_config.proxy external_registry_config.proxy.https_proxy external_registry_config.proxy.http_proxy
  external_registry_config.proxy.no_proxy
`
  .trim()
  .split(/\s+/);

/** Names of things that are called like namespaces. */
const otherNames = [
  "create_organization_application name",
  "update_organization_application name",
  "superuser_create_service_key name",
  "superuser_update_service_key name",
];

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

function pathsOf({ properties = {} }: Schema, prefix = ""): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => [
    `${prefix}${name}`,
    ...pathsOf(schema, `${prefix}${name}.`),
  ]);
}

describe("the catalogue", () => {
  const arguments_ = catalogue.flatMap(({ name, ...rest }) =>
    pathsOf(inputSchema({ name, ...rest })).map((path) => ({ name, path })),
  );

  it("has no argument of which nobody has said whether it names a namespace", () => {
    const unsaid = arguments_
      .filter(({ name, path }) => namingOf(name, path) === undefined)
      .filter(({ name, path }) => !nameNothing.includes(path) && !otherNames.includes(`${name} ${path}`));
    expect(unsaid.map(({ name, path }) => `${name} ${path}`)).toEqual([]);
  });

  it("has no namespace beside the path's own but under names that say so", () => {
    const doubly = arguments_.filter(
      ({ name, path }) => namingOf(name, path) !== undefined && nameNothing.includes(path),
    );
    expect(doubly).toEqual([]);
  });

  it("is confined by what its operations name, but for these", () => {
    const without = (confinement: string) =>
      catalogue.filter((each) => confinementOf(each) === confinement).map(({ name }) => name);
    expect(without("catalogue")).toEqual(["get_api_discovery", "get_error_description"]);
    expect(without("never")).toMatchInlineSnapshot(`
      [
        "get_application_information",
        "create_my_robot",
        "delete_my_robot",
        "get_my_robot",
        "list_my_robot_permissions",
        "list_my_robots",
        "regenerate_my_robot_token",
        "get_my_user",
        "list_starred_repositories",
        "search_all",
        "search_repositories",
        "aggregate_my_logs",
        "export_my_logs",
        "list_my_logs",
        "create_my_autoprune_policy",
        "delete_my_autoprune_policy",
        "get_my_autoprune_policy",
        "list_my_autoprune_policies",
        "update_my_autoprune_policy",
        "get_my_quota",
        "get_my_quota_limit",
        "list_my_quota_limits",
        "list_my_quotas",
        "create_app_token",
        "get_app_token",
        "list_app_tokens",
        "revoke_app_token",
        "create_global_message",
        "delete_global_message",
        "list_global_messages",
        "superuser_approve_service_key",
        "superuser_calculate_registry_size",
        "superuser_create_service_key",
        "superuser_delete_service_key",
        "superuser_get_build",
        "superuser_get_build_logs",
        "superuser_get_build_status",
        "superuser_get_config",
        "superuser_get_registry_size",
        "superuser_get_service_key",
        "superuser_list_logs",
        "superuser_list_organizations",
        "superuser_list_service_keys",
        "superuser_list_users",
        "superuser_update_service_key",
      ]
    `);
  });

  it("is confined by an argument that must be given, or else refused without it", () => {
    const optional = catalogue.filter((each) => {
      const by = confinementOf(each);
      const { required = [] } = inputSchema(each) as { required?: string[] };
      return typeof by !== "string" && !by.some((argument) => required.includes(argument));
    });
    expect(optional.map(({ name }) => name)).toEqual(["list_repositories", "search_entities"]);
  });
});

const routes = createRouteTable([...catalogue, ...otherRoutes]);

/** The request of a call that nothing refused; undefined for all others. */
function requestOf(each: Tool, given: Record<string, unknown>) {
  try {
    const values = parseArguments(each, given);
    return fenceRefusal(each, given, fence) === undefined ? buildRequest(each, values, routes) : undefined;
  } catch {
    return undefined;
  }
}

describe("whatever the arguments are", () => {
  it.each(catalogue.filter((each) => confinementOf(each) !== "catalogue"))(
    "$name sends no request that names a namespace outside the fence, or none",
    (each) => {
      let sent = 0;
      fc.assert(
        fc.property(argumentsFor(each), (given) => {
          const request = requestOf(each, given);
          if (request === undefined) return;
          sent += 1;
          const { namespaces, robots, beyond } = reachOf(request);
          expect([...namespaces, ...robots].filter((namespace) => !isInside(namespace))).toEqual([]);
          expect(beyond && each.credentials === undefined).toBe(false);
        }),
        { numRuns: 300 },
      );
      expect(sent > 0).toBe(confinementOf(each) !== "never");
    },
  );
});
