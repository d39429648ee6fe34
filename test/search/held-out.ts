import type { Question } from "./questions.ts";

/** Questions by which the weights of the search were chosen, but none of its words. */
export const weighed: readonly Question[] = [
  { ask: "open up a namespace for the mobile folks", right: ["create_organization"] },
  { ask: "show me the details of the acme organization", right: ["get_organization"] },
  { ask: "does the upstream accept our cache credentials?", right: ["validate_proxy_cache"] },
  { ask: "turn off caching of docker hub", right: ["delete_proxy_cache"] },
  { ask: "externals with rights on our repositories", right: ["list_organization_collaborators"] },
  { ask: "start a new empty repo called acme/tools", right: ["create_repository"] },
  { ask: "hide acme/secret from the public", right: ["change_repository_visibility"] },
  { ask: "make the archive repo read-only", right: ["change_repository_state"] },
  { ask: "how large is the image v3?", right: ["list_tags", "get_manifest"] },
  { ask: "undelete the tag stable", right: ["restore_tag"] },
  { ask: "when do the tags of acme/app expire?", right: ["list_tags"] },
  { ask: "point latest to the digest sha256:123", right: ["update_tag", "restore_tag"] },
  { ask: "annotate the manifest with our ticket number", right: ["add_manifest_label"] },
  { ask: "security report for acme/app:latest", right: ["get_manifest_security"] },
  { ask: "attestations attached to an image", right: ["list_referrers"] },
  { ask: "people in the release-managers group", right: ["list_team_members"] },
  { ask: "frank joins the ops team today", right: ["add_team_member"] },
  { ask: "sync our team with an OIDC group", right: ["enable_team_sync"] },
  {
    ask: "credentials for the pipeline to push with",
    right: ["create_organization_robot", "regenerate_organization_robot_token", "create_my_robot"],
  },
  { ask: "replace the secret of acme+jenkins", right: ["regenerate_organization_robot_token"] },
  { ask: "delete an automation account nobody uses", right: ["delete_organization_robot"] },
  {
    ask: "what rights does gina have on acme/api?",
    right: [
      "get_user_transitive_permissions",
      "get_repository_user_permission",
      "list_repository_user_permissions",
    ],
  },
  { ask: "make the platform team admins of acme/api", right: ["set_repository_team_permission"] },
  {
    ask: "take write permission away from hank on acme/api",
    right: ["delete_repository_user_permission", "set_repository_user_permission"],
  },
  {
    ask: "ensure that the auditors can read all future repositories",
    right: ["create_organization_prototype"],
  },
  { ask: "which account does this token belong to?", right: ["get_my_user"] },
  { ask: "search for images with alpine in the name", right: ["search_repositories", "search_all"] },
  {
    ask: "who changed the permissions of acme/app last week?",
    right: ["list_repository_logs", "list_organization_logs"],
  },
  { ask: "usage records of our org as a download for the auditors", right: ["export_organization_logs"] },
  { ask: "notify Teams when a build breaks", right: ["create_repository_notification"] },
  { ask: "does the repo prune old tags?", right: ["list_repository_autoprune_policies"] },
  { ask: "purge tags after two weeks everywhere in acme", right: ["create_organization_autoprune_policy"] },
  {
    ask: "have we got a storage limit?",
    right: ["list_organization_quotas", "list_my_quotas", "get_organization_quota"],
  },
  { ask: "refuse pushes once acme is at 95 percent", right: ["create_organization_quota_limit"] },
  { ask: "keep acme/nginx in step with quay.io/nginx", right: ["create_repository_mirror"] },
  {
    ask: "state of the organization's replication",
    right: ["get_organization_mirror", "list_organization_mirror_repositories"],
  },
  { ask: "output of the failed build", right: ["get_build_logs", "superuser_get_build_logs"] },
  { ask: "invalidate my docker CLI token", right: ["revoke_app_token"] },
  { ask: "remove the user ivan from the registry altogether", right: ["superuser_delete_user"] },
  { ask: "disable judy's login", right: ["superuser_update_user"] },
];

/** Questions by which nothing was chosen, neither words nor weights: the honest figure. */
export const heldOut: readonly Question[] = [
  { ask: "which images were pushed to shop/web this week?", right: ["list_tags", "list_repository_logs"] },
  {
    ask: "somebody removed a tag yesterday, who was it?",
    right: ["list_repository_logs", "list_organization_logs"],
  },
  {
    ask: "how much space do we use?",
    right: [
      "list_organization_quotas",
      "get_organization",
      "get_organization_quota",
      "superuser_get_registry_size",
      "list_my_quotas",
    ],
  },
  {
    ask: "cap the storage of acme at 50 GB",
    right: [
      "create_organization_quota",
      "update_organization_quota",
      "superuser_create_organization_quota",
      "superuser_update_organization_quota",
    ],
  },
  {
    ask: "warn us when we hit 80 percent of our storage",
    right: ["create_organization_quota_limit", "update_organization_quota_limit"],
  },
  { ask: "send a slack message when a push happens", right: ["create_repository_notification"] },
  {
    ask: "our webhook stopped firing",
    right: [
      "list_repository_notifications",
      "get_repository_notification",
      "reset_repository_notification_failures",
      "test_repository_notification",
    ],
  },
  { ask: "mirror alpine from docker hub every night", right: ["create_repository_mirror"] },
  {
    ask: "why did last night's mirror fail?",
    right: [
      "get_repository_mirror",
      "list_repository_logs",
      "list_organization_mirror_repositories",
      "get_organization_mirror",
    ],
  },
  {
    ask: "keep only the ten newest tags of shop/web",
    right: ["create_repository_autoprune_policy", "update_repository_autoprune_policy"],
  },
  {
    ask: "throw away everything older than 90 days in the whole organization",
    right: ["create_organization_autoprune_policy"],
  },
  {
    ask: "can bob delete images from payments/api?",
    right: [
      "get_user_transitive_permissions",
      "who_can_access",
      "get_repository_user_permission",
      "list_repository_user_permissions",
    ],
  },
  { ask: "take away carol's access to payments/api", right: ["delete_repository_user_permission"] },
  { ask: "give the qa team read on shop/web", right: ["set_repository_team_permission"] },
  {
    ask: "every new repository should be readable by the auditors",
    right: ["create_organization_prototype"],
  },
  { ask: "fire dave from the organization", right: ["remove_organization_member"] },
  { ask: "robots that were not used for half a year", right: ["stale_robots"] },
  { ask: "what may the robot acme+deploy do?", right: ["list_organization_robot_permissions"] },
  { ask: "let github actions log in without a password", right: ["set_organization_robot_federation"] },
  { ask: "is log4shell anywhere in our images?", right: ["scan_summary", "get_manifest_security"] },
  { ask: "which packages in this image have known holes?", right: ["get_manifest_security"] },
  { ask: "make production tags immutable", right: ["update_tag"] },
  { ask: "let this tag vanish in two weeks", right: ["update_tag"] },
  { ask: "roll latest back to the previous image", right: ["restore_tag", "update_tag"] },
  { ask: "get rid of all feature- branches' tags", right: ["delete_tags"] },
  { ask: "what labels does this manifest carry?", right: ["list_manifest_labels"] },
  { ask: "rebuild the image from the Dockerfile", right: ["request_build", "start_build_trigger"] },
  { ask: "the build is stuck, stop it", right: ["cancel_build"] },
  {
    ask: "output of the last failed build",
    right: ["get_build_logs", "list_builds", "superuser_get_build_logs"],
  },
  {
    ask: "connect our git repository so pushes build images",
    right: ["activate_build_trigger", "list_build_triggers", "update_build_trigger"],
  },
  { ask: "under which account does this token act?", right: ["get_my_user"] },
  { ask: "tell all users about the maintenance on sunday", right: ["create_global_message"] },
  { ask: "lock the account of a leaver", right: ["superuser_update_user"] },
  { ask: "create an account for the new colleague", right: ["superuser_create_user"] },
  { ask: "give the abandoned organization to me", right: ["superuser_take_ownership"] },
  { ask: "which oauth apps does acme have?", right: ["list_organization_applications"] },
  { ask: "pull through cache for docker hub", right: ["create_proxy_cache", "get_proxy_cache"] },
  {
    ask: "download the audit trail of acme for march",
    right: ["export_organization_logs", "list_organization_logs"],
  },
  {
    ask: "who is responsible for the team devs being in sync with ldap",
    right: ["list_team_members", "enable_team_sync"],
  },
  { ask: "put the payments repository into read only", right: ["change_repository_state"] },
];
