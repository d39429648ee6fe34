/** What is known of arguments by their names, as data for the tests. */

/** Names under which the tools list different schemas: how many, and why. */
export const variants: Readonly<Record<string, { readonly listed: number; readonly because: string }>> = {
  description: { listed: 4, because: "Markdown where Quay renders it, and short for a robot" },
  membername: { listed: 2, because: "in a team also a robot, in an organization users alone" },
  namespace: { listed: 3, because: "the tasks also take what Quay's operations on it do not" },
  page: { listed: 2, because: "a search has ten pages at most" },
  limit: { listed: 6, because: "a quota's size; elsewhere how many to list, at most what Quay takes" },
  value: { listed: 2, because: "of a label; in an auto-prune policy a number or an age" },
  role: { listed: 2, because: "of a team in its organization; elsewhere in a repository" },
  username: { listed: 2, because: "in a repository's permissions also a robot" },
  method: { listed: 2, because: "how to notify; in a policy what to prune by" },
  config: { listed: 2, because: "of a notification; of a build trigger" },
  sync_interval: { listed: 2, because: "of an organization not below a minute" },
  external_registry_username: { listed: 2, because: "an update can clear it" },
  external_registry_password: { listed: 2, because: "an update can clear it" },
  external_registry_config: { listed: 2, because: "an organization's has no unsigned_images" },
  enabled: { listed: 2, because: "an account that is not is locked" },
};

/**
 * Names that say by themselves what they take, for an assistant that knows Quay: each has one meaning wherever it stands,
 * and no form to get wrong but what a refusal tells.
 */
export const plainNames: ReadonlySet<string> = new Set([
  // Whom or what: a name as Quay shows it.
  ...["orgname", "namespace", "external_namespace", "name", "new_name", "username", "membername", "teamname"],
  ...["robot_shortname", "tag", "specificTag", "branch_name", "title", "email", "avatar_email"],
  // Which of several: an identifier that a list shows.
  ...["uuid", "build_uuid", "policy_uuid", "trigger_uuid", "token_uuid", "prototypeid", "client_id", "kid"],
  ...["labelid", "quota_id", "limit_id", "room_id"],
  // What is sought, and how much of it.
  ...["query", "prefix", "starttime", "endtime", "page", "next_page", "limit", "max_items"],
  // Whether: yes or no to what the name says.
  ...[
    "includeTeams",
    "includeOrgs",
    "includePending",
    "include_modelcard",
    "enabled",
    "is_enabled",
    "verify_tls",
  ],
  // Texts, addresses, credentials and any JSON: kept as they are.
  ...["description", "notes", "content", "value", "redirect_uri", "external_registry_url", "subject"],
  ...["metadata", "unstructured_metadata"],
  ...["http_proxy", "https_proxy", "no_proxy", "dockerfile_path", "context", "threshold_percent"],
  ...["oidc_token", "recaptcha_response", "flow_api_token"],
  ...["upstream_registry_username", "upstream_registry_password"],
  ...["external_registry_username", "external_registry_password"],
  // The server tells every client what it is.
  "confirm",
]);
