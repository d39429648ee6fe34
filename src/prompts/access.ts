import { definePrompt } from "./prompt.ts";

export const reviewAccess = definePrompt({
  name: "review_access",
  title: "Review access",
  description:
    "Who can reach an organization or a repository, how they come to it, and what is more than needed",
  arguments: [
    {
      name: "place",
      description: "organization, or namespace/name of a repository",
      required: true,
      completes: "repository",
    },
  ],
  text: ({ place }) => {
    const isRepository = place.includes("/");
    return {
      job: `Review who has access to ${place}.`,
      steps: isRepository
        ? [
            `\`who_can_access\` with repository ${place}.`,
            "`list_repository_logs` with a starttime 30 days ago: who pulls, pushes and changes settings.",
          ]
        : [
            `\`who_can_access\` with namespace ${place}.`,
            "In an organization, `list_organization_applications`: what acts here by OAuth.",
            "In an organization, `aggregate_organization_logs` with performer and a starttime 30 days ago for administrators, outsiders and robots that can write: which of them did anything.",
          ],
      answer:
        "first who can administer and who can push, in a sentence each. Then a table: account, kind (member, outsider, robot), role, how it comes about, last activity. Then findings, gravest first: public by mistake, outsiders, robots or too many people with admin, roles given past a team, roles that were not used, generous default permissions. For each the smallest change that mends it.",
      ask: "which findings to act on, and who may need a role although it was not used. Lowering a role is `set_repository_user_permission` or `set_repository_team_permission`; taking it away `delete_repository_user_permission`, `delete_repository_team_permission`, `remove_team_member` or `delete_organization_prototype`. An organization keeps at least two owners, and this token's own account its access.",
    };
  },
});

export const onboardTeam = definePrompt({
  name: "onboard_team",
  title: "Bring a team on board",
  description: "A plan for a new team: members, roles on repositories, a robot for its pipeline",
  arguments: [
    {
      name: "organization",
      description: "where the team shall be",
      required: true,
      completes: "organization",
    },
    { name: "team", description: "the new team's name", required: true, completes: "none" },
    { name: "members", description: "usernames, with commas between", required: false, completes: "none" },
    {
      name: "repositories",
      description: "what it works on, with roles, such as: app write, base read",
      required: false,
      completes: "none",
    },
    {
      name: "like",
      description: "a team whose roles to take for a model",
      required: false,
      completes: "team",
      within: "organization",
    },
  ],
  text: ({ organization, team, members, repositories, like }) => ({
    job: [
      `Plan how to bring the new team ${team} of organization ${organization} on board.`,
      `Members: ${members ?? "ask me"}. Repositories: ${repositories ?? "ask me"}.`,
      ...(like === undefined ? [] : [`Take the team ${like} for a model.`]),
    ].join(" "),
    steps: [
      "`get_organization`: the team must not exist yet, or creating it would change it. Are the others synced from a directory?",
      "`search_entities` for each member, with the exact username: it also finds who only has a similar name.",
      "`list_repositories` with namespace: do the repositories exist?",
      ...(like === undefined ? [] : [`\`list_team_permissions\` of ${like}: its roles on repositories.`]),
      "`list_organization_prototypes`: what new repositories give out by default.",
    ],
    answer:
      "what is unclear or does not exist; then the plan as a table in the order of the calls: tool, target, role, why. The team's role in the organization is member, creator only if it must create repositories; on repositories the least that does: read to pull, write to push. Pipelines get a robot of their own, never a person's account.",
    ask: "whether the plan is right, and for whatever is missing. The calls are `create_or_update_team`, `add_team_member` (without an account: `invite_team_member_by_email`; in a synced organization `enable_team_sync` instead), `set_repository_team_permission`, and if wanted `create_organization_robot` and `create_organization_prototype`. Afterwards read back with `list_team_members` and `list_team_permissions`; some members may yet have to accept.",
  }),
});

export const followAccount = definePrompt({
  name: "follow_account",
  title: "Follow an account in the logs",
  description: "What a user or robot did in an organization, as a timeline, and what stands out",
  arguments: [
    { name: "organization", description: "whose logs are read", required: true, completes: "organization" },
    {
      name: "account",
      description: "username, or namespace+shortname of a robot",
      required: true,
      completes: "user",
      within: "organization",
    },
    {
      name: "since",
      description: "a day such as 2026-11-01; 7 days ago if empty",
      required: false,
      completes: "none",
    },
  ],
  text: ({ organization, account, since }) => ({
    job: `Tell what the account ${account} did in organization ${organization} since ${since ?? "7 days ago"}.`,
    steps: [
      `\`aggregate_organization_logs\` with performer ${account} and starttime: kinds by day. It takes a month at most at once; if it is not offered, go on.`,
      "`list_organization_logs` with the same, page by page. Where there are thousands of entries, the days that stand out and whatever is neither pull nor push.",
      `\`list_organization_logs\` without performer for the same days: what others did to ${account}, such as roles, teams or a new token.`,
      "What it can do today: `get_organization_member`; of a robot `list_organization_robot_permissions`.",
    ],
    answer:
      "a timeline in UTC: time, what, target, IP address, OAuth application if there is one. Count pulls and pushes by repository and day rather than list them. Then what stands out: deletions, changed roles, new robots, tokens or webhooks, exports, new addresses, unusual hours. Keep what the logs say apart from what you conclude, and say which days you read: no entry is no proof, since Quay may not log pulls and keeps logs for a limited time.",
    ask: "whether what stands out was expected, and do nothing to the account on your own. If it was not: `regenerate_organization_robot_token`, `delete_repository_user_permission` and `remove_organization_member` shut it out, and `export_organization_logs` keeps the evidence, but sends it to an address that I must name.",
  }),
});
