import { definePrompt } from "./prompt.ts";

export const checkMirrors = definePrompt({
  name: "check_mirrors",
  title: "Check mirrors",
  description: "Which mirrors of a namespace fail, are late or paused, and why",
  arguments: [
    {
      name: "namespace",
      description: "organization, or your own account",
      required: true,
      completes: "namespace",
    },
  ],
  text: ({ namespace }) => ({
    job: `Check the mirrors of ${namespace}.`,
    steps: [
      "In an organization, `get_organization_mirror` (404: it has none); if there is one, `list_organization_mirror_repositories` with status FAIL.",
      `\`list_repositories\` with namespace ${namespace}, all pages; for each whose state is MIRROR \`get_repository_mirror\`.`,
      "For what failed or is late, `list_repository_logs` with a starttime 7 days ago: entries repo_mirror_…, the last success and the error.",
      "`list_organization_robots` (own account: `list_my_robots`): does each mirror's robot still exist?",
    ],
    answer:
      "how many are well, in one line. A table of the others, worst first: mirror, source, tags wanted, status, last success, interval, finding. Failed is FAIL, the more with no retries left; late is no success for two intervals, or SYNCING past its expiration; paused is not enabled. Note TLS that is not verified. For each the likely cause by the log (credential refused, source or tag gone, certificate, proxy, timeout, robot gone) and the remedy; call a cause that the log does not show a guess.",
    ask: "which to mend. `verify_organization_mirror` makes Quay contact the source. `sync_repository_mirror` and `sync_organization_mirror` fetch at once, and delete tags that the source no longer has. `update_repository_mirror` and `update_organization_mirror` change source, robot or password; a password comes as secret:NAME, never through this conversation.",
  }),
});

export const reportQuotas = definePrompt({
  name: "report_quotas",
  title: "Report quotas",
  description: "How much storage organizations use of their quotas, and what takes it",
  arguments: [
    {
      name: "organization",
      description: "only this one; all that the token sees if empty",
      required: false,
      completes: "organization",
    },
  ],
  text: ({ organization }) => {
    const among = organization === undefined ? " for each organization over 80 %" : "";
    return {
      job:
        organization === undefined
          ? "Report the storage quotas of all organizations."
          : `Report the storage quota of organization ${organization}.`,
      steps: [
        ...(organization === undefined
          ? [
              "`superuser_list_organizations`, all pages, has quotas and quota_report. If it is refused: `get_my_user` for the organizations, then step 2 for each.",
              "`get_organization` for quota_report, `list_organization_quotas` for the limits.",
              "`superuser_get_registry_size`, as last calculated, if permitted.",
            ]
          : [
              `\`get_organization\` with orgname ${organization}: quota_report.`,
              "`list_organization_quotas`: the quota and its limits, or the registry's default.",
            ]),
        `\`list_repositories\` with namespace, all pages${among}: quota_report of each repository.`,
        `\`list_organization_autoprune_policies\`${among}: is anything cleaned up?`,
      ],
      answer: `a table, fullest first: organization, used, quota, %, warns at, rejects at, left until pushes fail. Sizes in GiB with one decimal. Then those without a quota, by use; then${among} the five largest repositories and what would help. A backfill that is not complete means that figures are too low: say so. Repositories share layers, so their sum may exceed the organization's; the default quota is not the organization's own.`,
      ask: "nothing, if all is well. A quota is raised or set by a superuser, `superuser_update_organization_quota` and `superuser_create_organization_quota`, to a figure that I name; a lower quota or a Reject limit (`create_organization_quota_limit`) can stop pushes at once. To free space, plan a clean-up of tags first.",
    };
  },
});
