import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { JsonObject, Name, RobotShortname, RobotUsername } from "./parameters.ts";

/** Quay puts every robot's token into the list unless it is told not to. */
const withoutTokens = { token: "false" };

const list = {
  permissions: z.boolean().describe("add teams and repositories").optional(),
  limit: z.int().min(1).optional(),
};

const details = {
  description: z.string().max(255).optional(),
  unstructured_metadata: JsonObject.optional(),
};

export const listOrganizationRobots = defineOperation({
  operationId: "getOrgRobots",
  name: "list_organization_robots",
  title: "List organization robots",
  description:
    "List an organization's robot accounts, optionally with what each can reach; never their tokens.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/robots",
  access: "read",
  everyday: true,
  scopes: [{ anyOf: ["org:admin", "repo:create"] }],
  params: { orgname: Name },
  query: list,
  fixedQuery: withoutTokens,
  paging: "limit",
});

export const deleteOrganizationRobot = defineOperation({
  operationId: "deleteOrgRobot",
  name: "delete_organization_robot",
  title: "Delete organization robot",
  description:
    "Delete an organization's robot with its token, permissions and team memberships; refused while a mirror uses it.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}",
  access: "destructive",
  scopes: ["org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
  target: "robot",
  undo: "A new robot of that name has another token and none of the permissions.",
  reachesRepositories: true,
});

export const getOrganizationRobot = defineOperation({
  operationId: "getOrgRobot",
  name: "get_organization_robot",
  title: "Get organization robot",
  description: "Get one robot of an organization: description, metadata, creation and last use.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}",
  access: "read",
  scopes: ["org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
});

export const createOrganizationRobot = defineOperation({
  operationId: "createOrgRobot",
  name: "create_organization_robot",
  title: "Create organization robot",
  description: "Create a robot account in an organization; it has no permissions yet.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}",
  access: "write",
  everyday: true,
  scopes: ["org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
  body: details,
  bringsCredential: true,
  target: "robot",
  creates: true,
  undo: [
    {
      tool: "delete_organization_robot",
      with: { orgname: "given.orgname", robot_shortname: "given.robot_shortname" },
      when: ["now.absent"],
    },
  ],
});

export const setOrganizationRobotFederation = defineOperation({
  operationId: "createOrgRobotFederation",
  name: "set_organization_robot_federation",
  title: "Set robot federation",
  description:
    "Set which OIDC identities may act as an organization's robot. Replaces all earlier ones; [] removes them.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}/federation",
  access: "destructive",
  scopes: ["org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
  body: {
    federation: z.array(
      z.strictObject({
        issuer: z
          .string()
          .regex(/^https?:\/\//, "must be an http(s) URL")
          .describe("URL"),
        subject: z.string(),
      }),
    ),
  },
  bodyIs: "federation",
  target: "robot",
  reachesRepositories: true,
  undo: "Quay does not tell which identities were trusted before.",
});

export const listOrganizationRobotPermissions = defineOperation({
  operationId: "getOrgRobotPermissions",
  name: "list_organization_robot_permissions",
  title: "List organization robot permissions",
  description: "List the repository roles given directly to an organization's robot, not those by its teams.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}/permissions",
  access: "read",
  scopes: ["user:admin", "org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
});

export const regenerateOrganizationRobotToken = defineOperation({
  operationId: "regenerateOrgRobotToken",
  name: "regenerate_organization_robot_token",
  title: "Regenerate organization robot token",
  description: "Give an organization's robot a new token. The old one stops working at once, for good.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/robots/{robot_shortname}/regenerate",
  access: "destructive",
  everyday: true,
  scopes: ["org:admin"],
  params: { orgname: Name, robot_shortname: RobotShortname },
  yieldsCredential: true,
  target: "robot",
  undo: "Nothing brings back the token that stopped working.",
});

export const listMyRobots = defineOperation({
  operationId: "getUserRobots",
  name: "list_my_robots",
  title: "List my robots",
  description:
    "List the robots of your own account, optionally with what each can reach; never their tokens.",
  method: "GET",
  path: "/api/v1/user/robots",
  access: "read",
  scopes: ["user:admin"],
  query: list,
  fixedQuery: withoutTokens,
  paging: "limit",
});

export const deleteMyRobot = defineOperation({
  operationId: "deleteUserRobot",
  name: "delete_my_robot",
  title: "Delete my robot",
  description:
    "Delete a robot of your own account with its token and permissions; refused while a mirror uses it.",
  method: "DELETE",
  path: "/api/v1/user/robots/{robot_shortname}",
  access: "destructive",
  scopes: ["user:admin"],
  params: { robot_shortname: RobotShortname },
  target: "robot",
  undo: "A new robot of that name has another token and none of the permissions.",
  reachesRepositories: true,
});

export const getMyRobot = defineOperation({
  operationId: "getUserRobot",
  name: "get_my_robot",
  title: "Get my robot",
  description: "Get one robot of your own account: description, metadata, creation and last use.",
  method: "GET",
  path: "/api/v1/user/robots/{robot_shortname}",
  access: "read",
  scopes: ["user:admin"],
  params: { robot_shortname: RobotShortname },
});

export const createMyRobot = defineOperation({
  operationId: "createUserRobot",
  name: "create_my_robot",
  title: "Create my robot",
  description: "Create a robot under your own account; it has no permissions yet.",
  method: "PUT",
  path: "/api/v1/user/robots/{robot_shortname}",
  access: "write",
  scopes: ["user:admin"],
  params: { robot_shortname: RobotShortname },
  body: details,
  bringsCredential: true,
  target: "robot",
  creates: true,
  undo: [
    { tool: "delete_my_robot", with: { robot_shortname: "given.robot_shortname" }, when: ["now.absent"] },
  ],
});

export const listMyRobotPermissions = defineOperation({
  operationId: "getUserRobotPermissions",
  name: "list_my_robot_permissions",
  title: "List my robot permissions",
  description: "List the repository roles of a robot of your own account.",
  method: "GET",
  path: "/api/v1/user/robots/{robot_shortname}/permissions",
  access: "read",
  scopes: ["user:admin"],
  params: { robot_shortname: RobotShortname },
});

export const regenerateMyRobotToken = defineOperation({
  operationId: "regenerateUserRobotToken",
  name: "regenerate_my_robot_token",
  title: "Regenerate my robot token",
  description: "Give a robot of your own account a new token. The old one stops working at once, for good.",
  method: "POST",
  path: "/api/v1/user/robots/{robot_shortname}/regenerate",
  access: "destructive",
  scopes: ["user:admin"],
  params: { robot_shortname: RobotShortname },
  yieldsCredential: true,
  target: "robot",
  undo: "Nothing brings back the token that stopped working.",
});

export const exchangeFederatedRobotToken = defineOperation({
  operationId: "authFederatedRobotToken",
  name: "exchange_federated_robot_token",
  title: "Exchange federated robot token",
  description:
    "Exchange an OIDC token of an identity that the robot's federation trusts for a short-lived robot token.",
  method: "GET",
  path: "/oauth2/federation/robot/token",
  access: "write",
  scopes: [],
  credentials: { robot: RobotUsername, oidc_token: z.string().min(1) },
  authentication: "robot-federation",
  yieldsCredential: true,
  target: "robot",
  undo: "It changes nothing: the token that it hands out ends by itself.",
  secretArguments: ["oidc_token"],
});
