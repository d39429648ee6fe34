/** Robots of another identity provider: its token is exchanged for one that the robot can log in with. */
import { json, message, refuse } from "../answers.ts";
import type { Call, Handlers } from "../call.ts";
import { basicCredentials } from "../credentials.ts";
import { record } from "../log.ts";
import { claimsOf, isExpired, signToken } from "../registry-token.ts";
import { findRobot, type Robot } from "../state.ts";

const refused = (error: string) => ({ status: 401, body: { error } });

/**
 * Checks a token by what it says: the provider's keys would have to be fetched, and nothing leaves this registry.
 * Errors are those of Quay's data model; what is no token at all fails.
 */
function check(call: Call, robot: Robot, token: string): { issuer: string; subject: string } {
  const claims = claimsOf(token);
  if (claims === undefined) throw new Error("no token");
  const { iss: issuer, sub: subject } = claims;
  if (!issuer) refuse(message("Token does not contain issuer"));
  if (robot.federation.length === 0) {
    refuse(message("Robot does not have federated login configured"));
  }
  const subjects = robot.federation.filter((each) => each.issuer === issuer).map((each) => each.subject);
  if (subjects.length === 0) refuse(message(`issuer ${issuer} not configured for this robot`));
  if (isExpired(call, claims)) refuse(message("Invalid token: Signature has expired"));
  if (subject === undefined || !subjects.includes(subject)) refuse(message("Token does not match robot"));
  return { issuer, subject };
}

export const federation: Handlers = {
  authFederatedRobotToken(call) {
    if (!call.authorization) return refused("No auth header");
    const credentials = basicCredentials(call.authorization);
    if (typeof credentials === "string") return refused(credentials);
    const [name, token] = credentials;
    if (!name.includes("+")) return refused("Invalid robot");
    const robot =
      findRobot(call.state, name) ?? refuse(message("Could not find robot with specified username"));
    const { issuer, subject } = check(call, robot, token);
    const [namespace = "", shortname] = name.split("+");
    record(call, "federated_robot_token_exchange", namespace, { subject, issuer, robot: shortname });
    return json({ token: signToken(call, name, "robot", {}) });
  },
};
