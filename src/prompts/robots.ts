import { definePrompt } from "./prompt.ts";

export const reviewRobots = definePrompt({
  name: "review_robots",
  title: "Review robots",
  description: "Robots that nobody uses, and robots that can do more than they need",
  arguments: [
    {
      name: "namespace",
      description: "organization, or your own account",
      required: true,
      completes: "namespace",
    },
    { name: "days", description: "without use; 90 if empty", required: false, completes: "none" },
  ],
  text: ({ namespace, days }) => ({
    job: `Find the stale and the over-powerful robots of ${namespace}.`,
    steps: [
      `\`stale_robots\` with namespace ${namespace}${days === undefined ? "" : ` and days ${days}`}.`,
      "`list_organization_robots` with permissions (own account: `list_my_robots`): the robots in use, their teams and repositories.",
      "Roles of those that reach much: `list_organization_robot_permissions` (own account: `list_my_robot_permissions`), `list_team_permissions`; in an organization also `list_organization_prototypes`, which may give them every new repository.",
      "What the powerful ones did: `aggregate_organization_logs` (own account: `aggregate_my_logs`) with performer and a starttime 30 days ago.",
    ],
    answer:
      "two tables, most powerful first. Stale: robot, last use, power, what it reaches. Over-powerful: robot, what it may, what it did, what would do. Over-powerful is admin anywhere, a team with role admin or creator, write where it only pulls, far more repositories than it touches. For each keep, reduce or delete, and how sure you are. If no robot has a last use, Quay does not record it: call none stale. Mirrors and yearly jobs use robots that look idle.",
    ask: "who owns each robot, and what rare job depends on it. Reduce first and delete weeks later: `set_repository_user_permission`, `delete_repository_user_permission` or `remove_team_member` can be taken back, while `delete_organization_robot` (own account: `delete_my_robot`) loses token, roles and memberships for good. One robot at a time.",
  }),
});

export const rotateRobotToken = definePrompt({
  name: "rotate_robot_token",
  title: "Rotate a robot's token",
  description: "Who uses a robot's token, and a plan to replace it without an outage",
  arguments: [{ name: "robot", description: "namespace+shortname", required: true, completes: "robot" }],
  text: ({ robot }) => ({
    job: `Prepare to rotate the token of robot ${robot}.`,
    steps: [
      "`get_organization_robot` (own account: `get_my_robot`; before the plus stands the namespace, after it robot_shortname): does it exist, when was it last used?",
      "`list_organization_robot_permissions` (own account: `list_my_robot_permissions`): its roles.",
      `\`list_organization_logs\` (own account: \`list_my_logs\`) with performer ${robot} and a starttime 14 days ago: repositories, IP addresses and hours, and so who uses the token.`,
    ],
    answer:
      "a table of the users of the token: address, repositories, pull or push, how often, last time. Then a plan. A robot has one token: the old one ends the moment there is a new one, for good. Without an outage it takes a second robot with the same roles: move every user there, watch the logs, then delete the first. A leaked token is better replaced at once: propose that, and list what it did since. Quay's own mirrors need nothing, they use the robot itself.",
    ask: "whether it leaked; whether all users are known, and who puts the new token into each; now, at an hour, or by a second robot (`create_organization_robot`). Then `regenerate_organization_robot_token` (own account: `regenerate_my_robot_token`). The token must not enter this conversation: it goes to a file in the server's --secrets-dir, and you tell me which; without that setting the call is refused. Afterwards read the logs again: who has not come back?",
  }),
});
