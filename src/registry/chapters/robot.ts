/** Robot accounts of organizations and of users. */
import { empty, invalidRequest, json, message, refuse } from "../answers.ts";
import { hasNamespaceRole, isReadOnlySuperuser, teamsOf } from "../authorization.ts";
import {
  bodyOf,
  type Call,
  checkName,
  flag,
  type Handlers,
  integer,
  organizationOf,
  param,
  userOf,
} from "../call.ts";
import { teamAvatar } from "../entities.ts";
import { rfc2822 } from "../formats.ts";
import { record } from "../log.ts";
import { addRobot, findOrganization, type Item, type Namespace, type Robot } from "../state.ts";

type Find = (call: Call) => Namespace;

function robotOf(call: Call, owner: Namespace): Robot {
  const robot = owner.robots.get(param(call, "robot_shortname"));
  return robot ?? refuse(message("Could not find robot with specified username"));
}

function robotView(robot: Robot, shown: { readonly token: boolean; readonly metadata: boolean }) {
  return {
    name: robot.name,
    created: rfc2822(robot.created),
    last_accessed: robot.lastAccessed && rfc2822(robot.lastAccessed),
    description: robot.description,
    ...(shown.token && { token: robot.token }),
    ...(shown.metadata && { unstructured_metadata: robot.metadata }),
  };
}

/** The robot's own permissions, repository by repository. */
function permissionsOf(call: Call, robot: Robot) {
  return [...call.state.namespaces.values()].flatMap((namespace) =>
    [...namespace.repositories.values()].flatMap((repository) => {
      const role = repository.userPermissions.get(robot.name);
      return role === undefined
        ? []
        : [{ repository: { name: repository.name, is_public: repository.public }, role }];
    }),
  );
}

/** With teams and repositories, and no more of these than `limit`: Quay's limit counts them, not the robots. */
function viewWithPermissions(call: Call, owner: Namespace, robot: Robot, token: boolean, limit: number) {
  const { name, created, last_accessed, description, ...rest } = robotView(robot, { token, metadata: false });
  const teams = teamsOf(owner, name).map((team) => ({ name: team.name, avatar: teamAvatar(team) }));
  const repositories = permissionsOf(call, robot)
    .slice(0, limit)
    .map(({ repository }) => repository.name);
  return { name, created, last_accessed, teams, repositories, description, ...rest };
}

/** The operations are the same for both kinds of owner, under two names each. */
const handlers = (find: Find, kind: "Org" | "User"): Handlers => ({
  [`get${kind}Robots`](call) {
    const owner = find(call);
    const isAdmin = kind === "User" || hasNamespaceRole(call.caller, owner, "admin");
    const token = isAdmin && flag(call, "token", true);
    const permissions = (isAdmin || isReadOnlySuperuser(call.caller)) && flag(call, "permissions");
    const limit = integer(
      call,
      "limit",
      Number.POSITIVE_INFINITY,
      "If specified, the number of robots to return.",
    );
    const robots = [...owner.robots.values()];
    if (!permissions) {
      return json({
        robots: robots.slice(0, limit).map((robot) => robotView(robot, { token, metadata: false })),
      });
    }
    let rows = limit;
    const views = robots.flatMap((robot) => {
      const view = viewWithPermissions(call, owner, robot, token, Math.max(rows, 0));
      const shown = rows > 0;
      rows -= Math.max(1, view.repositories.length);
      return shown ? view : [];
    });
    return json({ robots: views });
  },

  [`get${kind}Robot`](call) {
    const owner = find(call);
    const token = kind === "User" || hasNamespaceRole(call.caller, owner, "admin");
    return json(robotView(robotOf(call, owner), { token, metadata: true }));
  },

  [`create${kind}Robot`](call) {
    const orgname = call.params.orgname;
    if (orgname !== undefined && findOrganization(call.state, orgname) === undefined) {
      refuse(message(`Organization does not exist: ${orgname}`));
    }
    const owner = find(call);
    const shortname = param(call, "robot_shortname");
    const body = bodyOf<{ description?: string; unstructured_metadata?: Item }>(call);
    checkName(shortname, `The name for the robot '${shortname}' is invalid`);
    if (owner.robots.has(shortname)) {
      refuse(invalidRequest(`Existing robot with name: ${owner.name}+${shortname}`));
    }
    const robot = addRobot(call.state, owner, shortname, {
      description: body.description ?? "",
      metadata: body.unstructured_metadata ?? {},
    });
    record(call, "create_robot", owner.name, {
      robot: shortname,
      description: body.description ?? null,
      unstructured_metadata: body.unstructured_metadata ?? null,
    });
    const view = robotView(robot, { token: true, metadata: true });
    return json({ ...view, unstructured_metadata: body.unstructured_metadata ?? null }, 201);
  },

  [`delete${kind}Robot`](call) {
    const owner = find(call);
    const { name } = robotOf(call, owner);
    if (isUsedByMirror(call, name)) refuse(invalidRequest("Robot is being used by a mirror"));
    const shortname = param(call, "robot_shortname");
    owner.robots.delete(shortname);
    forget(call, owner, name);
    record(call, "delete_robot", owner.name, { robot: shortname });
    return empty();
  },

  [`regenerate${kind}RobotToken`](call) {
    const owner = find(call);
    const robot = robotOf(call, owner);
    robot.token = call.state.random.code(64);
    record(call, "regenerate_robot_token", owner.name, { robot: param(call, "robot_shortname") });
    return json(robotView(robot, { token: true, metadata: false }));
  },

  [`get${kind}RobotPermissions`]: (call) =>
    json({ permissions: permissionsOf(call, robotOf(call, find(call))) }),
});

/** Whether a mirror of a repository or of an organization pushes as this robot. */
function isUsedByMirror(call: Call, name: string): boolean {
  const owners = [...call.state.namespaces.values()].flatMap((each) => [each, ...each.repositories.values()]);
  return owners.some((owner) =>
    [...(owner.collections.get("mirror")?.values() ?? [])].some((mirror) => mirror.robot_username === name),
  );
}

/** What was given to a robot goes with it. */
function forget(call: Call, owner: Namespace, name: string): void {
  for (const team of owner.teams.values()) team.members.delete(name);
  for (const namespace of call.state.namespaces.values()) {
    for (const { userPermissions } of namespace.repositories.values()) userPermissions.delete(name);
  }
}

export const robot: Handlers = {
  ...handlers(organizationOf, "Org"),
  ...handlers(userOf, "User"),

  /** The whole trust is replaced by the body. */
  createOrgRobotFederation(call) {
    const owner = organizationOf(call);
    const trusted = robotOf(call, owner);
    const config = bodyOf<Item[]>(call);
    for (const { issuer } of config) {
      if (!/^https?:\/\/[^/]+/.test(String(issuer))) {
        refuse(invalidRequest("Issuer must be a URL (http:// or https://)"));
      }
    }
    trusted.federation = config;
    record(call, "create_robot_federation", owner.name, { config, robot: param(call, "robot_shortname") });
    return json(config);
  },
};
