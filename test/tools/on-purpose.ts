/** Where the catalogue differs from Quay's API reference and from Quay's discovery, and why it is meant to. */

export interface OnPurpose {
  readonly because: string;
  /** `tool: what: recorded x, tool y` */
  readonly differences: readonly string[];
}

export const differentFromReference: readonly OnPurpose[] = [
  {
    because: "times are written in ISO 8601 and sent as seconds since 1970",
    differences: [
      "list_builds: type of query since: recorded integer, tool string",
      "superuser_create_service_key: type of body.expiration: recorded number, tool string",
      "superuser_update_service_key: type of body.expiration: recorded number, tool string",
      "update_tag: type of body.expiration: recorded number, tool string",
    ],
  },
  {
    because: "the parameter is Quay's own: it shows operations that no token can call",
    differences: ["get_api_discovery: query: recorded internal, tool nothing"],
  },
  {
    because:
      "Quay insists on the field and reads null as text/plain, so that is what is sent when it is left out",
    differences: ["add_manifest_label: required in body: recorded key media_type value, tool key value"],
  },
  {
    because: "Quay's handler refuses other values than these, which its schema does not say",
    differences: [
      "create_repository_mirror: values of body.architecture_filter[]: recorded nothing, tool amd64 arm64 ppc64le s390x",
      "update_repository_mirror: values of body.architecture_filter[]: recorded nothing, tool amd64 arm64 ppc64le s390x",
      "create_organization_quota_limit: maximum of body.threshold_percent: recorded nothing, tool 100",
      "update_organization_quota_limit: maximum of body.threshold_percent: recorded nothing, tool 100",
      "superuser_list_organizations: maximum of query limit: recorded nothing, tool 100",
    ],
  },
  {
    because: "Quay answers a page beyond the tenth with the first one",
    differences: ["search_repositories: maximum of query page: recorded nothing, tool 10"],
  },
  {
    because: "the newer name of email takes the same address, and a new organization has no other",
    differences: [
      "create_organization: fields of body: recorded contact_email email name recaptcha_response, tool email name recaptcha_response",
    ],
  },
  {
    because: "the placeholder has the name of the documents: Quay takes nothing but a digest there",
    differences: [
      "list_referrers: path: recorded /v2/{repository}/referrers/{manifest_ref}, tool /v2/{repository}/referrers/{digest}",
    ],
  },
  {
    because:
      "a repository is always namespace/name, so that none lands in the caller's own namespace by mistake",
    differences: [
      "create_repository: required in body: recorded description repository visibility, tool description namespace repository visibility",
    ],
  },
  {
    because: "Quay ignores the page: this list is walked with next_page",
    differences: [
      "superuser_list_logs: query: recorded endtime next_page page starttime, tool endtime next_page starttime",
    ],
  },
  {
    because: "the new name is all that Quay reads, and without one nothing is renamed",
    differences: ["superuser_rename_organization: required in body: recorded nothing, tool name"],
  },
  {
    because: "which of the three fields it takes depends on where the registry's groups are kept",
    differences: ["enable_team_sync: required in body: recorded group_dn, tool nothing"],
  },
  {
    because: "its answer is the trigger with its configuration, as get_build_trigger's is",
    differences: ["update_build_trigger: secrets in the answer: recorded nothing, tool true"],
  },
];

export const differentFromDiscovery: readonly OnPurpose[] = [
  {
    because: "Quay's discovery leaves out internal operations, and what is not below /api/v1",
    differences: [
      "exchange_federated_robot_token: is not there",
      "list_referrers: is not there",
      "superuser_calculate_registry_size: is not there",
      "superuser_get_config: is not there",
      "superuser_get_registry_size: is not there",
      "superuser_list_organizations: is not there",
      "superuser_take_ownership: is not there",
    ],
  },
  {
    because: "the schema is another operation's, whose definition has the same name",
    differences: ["create_app_token: required in body: recorded friendlyName, tool title"],
  },
  {
    because: "the handler refuses the body without it, which the schema does not say",
    differences: [
      "create_global_message: required in body: recorded nothing, tool message",
      "create_repository_mirror: required in body: recorded external_reference root_rule skopeo_timeout_interval sync_interval sync_start_date, tool external_reference robot_username root_rule skopeo_timeout_interval sync_interval sync_start_date",
      "restore_tag: required in body: recorded nothing, tool manifest_digest",
    ],
  },
  {
    because: "the handler reads what is not declared",
    differences: [
      "enable_team_sync: takes a body: recorded nothing, tool true",
      "get_build_logs: query: recorded nothing, tool start",
      "list_organization_mirror_repositories: query: recorded nothing, tool limit page status",
      "superuser_get_build_logs: query: recorded nothing, tool start",
    ],
  },
  {
    because: "what the permission checks need is not what is declared, which is only documentation in Quay",
    differences: [
      "create_proxy_cache: scopes: recorded nothing, tool org:admin",
      "create_repository: scopes: recorded repo:create, tool org:admin|repo:create",
      "delete_proxy_cache: scopes: recorded nothing, tool org:admin",
      "disable_team_sync: scopes: recorded org:admin, tool org:admin super:user",
      "enable_team_sync: scopes: recorded org:admin, tool org:admin super:user",
      "get_organization_quota: scopes: recorded nothing, tool org:admin|repo:create",
      "get_organization_quota_limit: scopes: recorded nothing, tool org:admin|repo:create",
      "get_proxy_cache: scopes: recorded nothing, tool org:admin|repo:create",
      "list_organization_quota_limits: scopes: recorded nothing, tool org:admin|repo:create",
      "list_organization_quotas: scopes: recorded nothing, tool org:admin|repo:create",
      "list_organization_robot_permissions: scopes: recorded user:admin, tool org:admin user:admin",
      "list_organization_robots: scopes: recorded org:admin, tool org:admin|repo:create",
      "list_repositories: scopes: recorded repo:read, tool nothing",
      "list_team_members: scopes: recorded org:admin, tool org:admin|repo:create",
      "list_team_permissions: scopes: recorded nothing, tool org:admin",
      "search_all: scopes: recorded repo:read, tool nothing",
      "star_repository: scopes: recorded repo:read, tool user:admin",
      "validate_proxy_cache: scopes: recorded nothing, tool org:admin",
    ],
  },
  {
    because:
      "Quay swaps these names between versions: the tools' are those of the reference, and follow the path",
    differences: [
      "superuser_create_organization_quota: operationId: recorded createOrganizationQuotaSuperUser, tool createUserQuotaSuperUser",
      "superuser_create_user_quota: operationId: recorded createUserQuotaSuperUser, tool createOrganizationQuotaSuperUser",
      "superuser_delete_organization_quota: operationId: recorded deleteOrganizationQuotaSuperUser, tool deleteUserQuotaSuperUser",
      "superuser_delete_user_quota: operationId: recorded deleteUserQuotaSuperUser, tool deleteOrganizationQuotaSuperUser",
      "superuser_list_organization_quotas: operationId: recorded listOrganizationQuotaSuperUser, tool listUserQuotaSuperUser",
      "superuser_list_user_quotas: operationId: recorded listUserQuotaSuperUser, tool listOrganizationQuotaSuperUser",
      "superuser_update_organization_quota: operationId: recorded changeOrganizationQuotaSuperUser, tool changeUserQuotaSuperUser",
      "superuser_update_user_quota: operationId: recorded changeUserQuotaSuperUser, tool changeOrganizationQuotaSuperUser",
    ],
  },
  {
    because: "the parameter is left from another path: these paths have no repository",
    differences: [
      "superuser_get_build: path parameters: recorded build_uuid repository, tool build_uuid",
      "superuser_get_build_status: path parameters: recorded build_uuid repository, tool build_uuid",
    ],
  },
  {
    because: "the differences from the reference are differences from the discovery as well",
    differences: [
      "add_manifest_label: required in body: recorded key media_type value, tool key value",
      "create_repository: required in body: recorded description repository visibility, tool description namespace repository visibility",
      "get_api_discovery: query: recorded internal, tool nothing",
      "superuser_list_logs: query: recorded endtime next_page page starttime, tool endtime next_page starttime",
      "superuser_rename_organization: required in body: recorded nothing, tool name",
    ],
  },
];
