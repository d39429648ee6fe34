/** Where calls differ on purpose from the recorded requests that they stand for, and why. */

/** Bodies that no arguments could mean. */
export const neverCalls: readonly { readonly because: string; readonly body: string }[] = [
  { because: "a body is an object of arguments, never a list", body: "[1]" },
  { because: "what is sent is always JSON", body: '{"_raw":"not json"}' },
  { because: "what is sent is always labelled as JSON", body: '{"_raw":"{\\"name\\":\\"x1\\"}"}' },
];

/** What a tool's schema refuses as Quay does, but before anything is sent and with all that is wrong. */
export const refusedAsByQuay: readonly string[] = [
  'add_manifest_label: media_type "text/html"',
  'change_repository_state: state "x"',
  'change_repository_visibility: visibility "x"',
  "create_app_token: friendlyName is unknown",
  "create_app_token: title is missing",
  "create_global_message: content is unknown",
  "create_global_message: message is missing",
  'create_or_update_team: role "boss"',
  "create_organization: name is missing",
  "create_organization_application: name is missing",
  'create_organization_autoprune_policy: method "bogus"',
  'create_organization_autoprune_policy: value "5x"',
  'create_organization_autoprune_policy: value "x"',
  "create_organization_autoprune_policy: value -1",
  "create_organization_autoprune_policy: value is missing",
  'create_organization_mirror: external_registry_type "ghcr"',
  "create_organization_mirror: sync_interval 1",
  "create_organization_prototype: delegate is missing",
  'create_organization_quota: limit "lots"',
  "create_organization_quota: limit_bytes -5",
  "create_organization_quota: limit_bytes 0",
  "create_organization_quota_limit: threshold_percent 190",
  'create_organization_quota_limit: type "Bogus"',
  'create_organization_robot: description "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  "create_proxy_cache: upstream_registry is missing",
  "create_repository: description is missing",
  'create_repository: repo_kind "application"',
  'create_repository: visibility "secret"',
  "create_repository: visibility is missing",
  "create_repository_mirror: robot_username is missing",
  "create_repository_mirror: root_rule is missing",
  "create_repository_mirror: root_rule.rule_value []",
  "create_repository_mirror: skopeo_timeout_interval is missing",
  "create_repository_mirror: sync_interval is missing",
  'create_repository_mirror: sync_start_date "yesterday"',
  "create_repository_mirror: sync_start_date is missing",
  "create_repository_notification: config is missing",
  'create_repository_notification: event "bogus"',
  "create_repository_notification: eventConfig is missing",
  'create_repository_notification: method "bogus"',
  "create_repository_notification: method is missing",
  'get_manifest: manifestref "sha256:xyz"',
  'get_manifest: manifestref "v1"',
  'get_organization_quota: quota_id "abc"',
  'list_tags: filter_tag_name "latest"',
  'list_tags: limit "abc"',
  "restore_tag: manifest_digest is missing",
  'search_repositories: page "abc"',
  'set_organization_robot_federation: federation.0.issuer "x"',
  "set_organization_robot_federation: federation.0.subject is missing",
  'set_repository_user_permission: role "owner"',
  "superuser_create_service_key: expiration is missing",
  'superuser_list_users: limit "abc"',
  "superuser_list_users: limit 200",
  'update_organization: tag_expiration_s "x"',
  "update_organization_application: application_uri is missing",
  "update_organization_application: redirect_uri is missing",
  'update_tag: expiration "soon"',
];

/** What a tool's schema refuses although Quay answers it with success. */
export const refusedUnlikeByQuay: readonly {
  readonly because: string;
  readonly arguments: readonly string[];
}[] = [
  {
    because: "Quay answers something else than was asked for, and does not say so",
    arguments: [
      'list_organization_logs: starttime "garbage"',
      'list_tags: filter_tag_name "foo:bar"',
      "list_tags: limit 0",
      "list_tags: limit 1000",
      "list_tags: page 0",
      "search_repositories: page 99",
      "superuser_list_users: limit 0",
    ],
  },
  { because: "Quay takes no notice of it", arguments: ["list_repositories: quota is unknown"] },
  {
    because:
      "a repository is always namespace/name, so that none lands in the caller's own namespace by mistake",
    arguments: ['create_repository: repository "mine"'],
  },
  {
    because: "Quay keeps it, and then takes no notice of it: the field that it reads is level",
    arguments: ["create_repository_notification: eventConfig.vulnerability is unknown"],
  },
];

/** What goes over the wire in another way. */
export const sentDifferently: readonly {
  readonly because: string;
  readonly differences: readonly string[];
}[] = [
  {
    because: "lists of robots never ask for the robots' tokens",
    differences: [
      "list_my_robots: query token=false for nothing",
      "list_my_robots: query token=false for true",
      "list_organization_robots: query token=false for nothing",
    ],
  },
  {
    because: "days are taken in ISO form and sent in Quay's, which reads any other as the last day",
    differences: [
      "list_organization_logs: query endtime=11/30/2026 for 2026-11-30",
      "list_organization_logs: query starttime=11/01/2026 for 2026-11-01",
    ],
  },
  {
    because: "a path ends as Quay wants it, with a slash or without",
    differences: [
      "create_or_update_team: path without a slash at its end",
      "create_organization: path with the slash that ends it",
      "create_repository: path without a slash at its end",
      "get_my_user: path with the slash that ends it",
      "get_organization: path without a slash at its end",
      "list_repositories: path without a slash at its end",
      "superuser_list_users: path with the slash that ends it",
    ],
  },
  {
    because: "a null that clears nothing is left out",
    differences: [
      "activate_build_trigger: body.pull_robot nothing for null",
      "create_repository_mirror: body.external_registry_config.proxy.http_proxy nothing for null",
      "create_repository_mirror: body.external_registry_config.proxy.https_proxy nothing for null",
      "create_repository_mirror: body.external_registry_config.proxy.no_proxy nothing for null",
    ],
  },
  {
    because: "Quay insists on the type of a label, and reads null as text/plain",
    differences: [
      'add_manifest_label: body.media_type "text/plain" for nothing',
      'add_manifest_label: body.media_type "text/plain" for null',
    ],
  },
  {
    because: "an operation that takes a body always gets one, as Quay refuses most of them without",
    differences: ["create_organization_robot: body {} for nothing"],
  },
  {
    because: "Quay's handler reads the organization from the body, where Quay's own pages repeat it",
    differences: ['create_proxy_cache: body.org_name "acme" for nothing'],
  },
  {
    because: "severities are written in words and sent as Quay's delivery reads them, by number",
    differences: ['create_repository_notification: body.eventConfig.level "1" for "High"'],
  },
];

/** Where answers lose a credential. */
export const credentialsRemoved: readonly { readonly because: string; readonly fields: readonly string[] }[] =
  [
    {
      because: "Quay's names say that they are credentials",
      fields: [
        "create_my_robot: token",
        "create_organization_application: client_secret",
        "create_organization_robot: token",
        "get_my_robot: token",
        "get_organization_application: client_secret",
        "get_organization_robot: token",
        "list_my_robots: robots.*.token",
        "list_organization_applications: applications.*.client_secret",
        "list_organization_logs: logs.*.metadata.token",
        "list_organization_logs: logs.*.metadata.token_code",
        "list_organization_robots: robots.*.token",
        "superuser_update_user: encrypted_password",
        "update_organization_application: client_secret",
      ],
    },
    {
      because: "these addresses are keys: whoever has one can read the archive, or post to the channel",
      fields: [
        "create_repository_notification: config.url",
        "get_build: archive_url",
        "get_build_status: archive_url",
        "get_repository_notification: config.url",
        "list_build_trigger_builds: builds.*.archive_url",
        "list_builds: builds.*.archive_url",
        "list_repository_notifications: notifications.*.config.url",
        "request_build: archive_url",
        "superuser_get_build: archive_url",
        "superuser_get_build_status: archive_url",
      ],
    },
    {
      because:
        "nobody knows what an environment and a configuration hold besides what is known to be harmless",
      fields: [
        "superuser_get_config: config.SECRET_KEY",
        "superuser_get_config: env.PATH",
        "superuser_get_config: env.QUAY_EXAMPLE_SECRET",
      ],
    },
  ];
