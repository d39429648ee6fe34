import { definePrompt } from "./prompt.ts";

const repository = {
  name: "repository",
  description: "namespace/name",
  required: true,
  completes: "repository",
} as const;

export const triageVulnerabilities = definePrompt({
  name: "triage_vulnerabilities",
  title: "Triage vulnerabilities",
  description: "Which images of a repository to mend first, and by which upgrade",
  arguments: [repository],
  text: ({ repository: place }) => ({
    job: `Triage the vulnerabilities of repository ${place}.`,
    steps: [
      `\`scan_summary\` with repository ${place}.`,
      "`list_repository_logs` with a starttime 7 days ago: which of these images are still pulled, and by whom.",
      "`get_manifest_security` with vulnerabilities for at most the three worst that are in use, by digest: packages and the versions that mend them. Of an index, a child manifest.",
    ],
    answer:
      "a verdict in two sentences. Then a table: tags, digest (12 digits), pushed, pulled lately, fixable by severity, worst finding with package, version and fixed version. First what is in use and fixable at Critical or High. Then the few upgrades that mend most: many findings in packages of the distribution mean a newer base image, those of the application its own dependencies. Apart: what has no fix yet, and images that are queued, failed or not supported. Not scanned is not clean, and severity is not exploitability.",
    ask: "what runs in production, and which tags are retired. Nothing in the registry mends an image: it is rebuilt and pushed elsewhere. What can be offered is an alert, `create_repository_notification` for vulnerability_found from a level on, to an address that I name, and the removal of retired tags, `delete_tags`, after which whatever still pulls them fails.",
  }),
});

export const planTagCleanup = definePrompt({
  name: "plan_tag_cleanup",
  title: "Plan a clean-up of tags",
  description: "Which tags of a repository could go, tried out on its list of tags without deleting any",
  arguments: [
    repository,
    {
      name: "keep",
      description: "what stays; the newest 10 and all of the last 90 days if empty",
      required: false,
      completes: "none",
    },
  ],
  text: ({ repository: place, keep }) => ({
    job: `Plan a clean-up of the tags of repository ${place}. Keep ${keep ?? "the newest 10 and all of the last 90 days"}.`,
    steps: [
      "`get_repository`: a mirror gets its tags back at the next sync.",
      "`list_tags` with onlyActiveTags, all pages.",
      "`list_repository_autoprune_policies` and `list_organization_autoprune_policies` (own account: `list_my_autoprune_policies`): what prunes already.",
      "`list_repository_logs` with a starttime 30 days ago: tags and digests that are pulled.",
      "`get_organization`: tag_expiration_s, for how long a deleted tag can be restored.",
      "Dry run: apply the rule to the list yourself, tag by tag, and call nothing that deletes.",
    ],
    answer:
      "tags before, kept, to delete. A table of those to delete: tag, digest (12 digits), pushed, size, why. Apart the doubtful ones, which stay: latest, versions, tags that are immutable or pulled lately, the children of a kept index. Signatures and attestations (sha256-….sig, .att, .sbom) go and stay with their image. Sizes are an upper bound: layers are shared, and space comes back after the time machine.",
    ask: "whether rule and list are right, and what deploys by these tags. After a yes `delete_tags` with exactly these names, not a pattern, 200 at most at once; compare its preview with the list, and stop where they differ. For a lasting rule offer `create_repository_autoprune_policy`, which deletes in the background and asks nobody.",
  }),
});
