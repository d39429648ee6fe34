/** A question of an administrator, in plain words, and the names of the tools that are a right first step. */
export interface Question {
  readonly ask: string;
  readonly right: readonly string[];
}

/** The questions by which the search is tuned. They were written before it, and none is changed to please it. */
export const questions: readonly Question[] = [
  // organization
  { ask: "set up a new org for the data science department", right: ["create_organization"] },
  {
    ask: "get rid of the whole acme-old org",
    right: ["delete_organization", "superuser_delete_organization"],
  },
  { ask: "who belongs to acme?", right: ["list_organization_members"] },
  { ask: "do any outsiders have access to our org?", right: ["list_organization_collaborators"] },
  { ask: "bob left the company, kick him out of acme", right: ["remove_organization_member"] },
  { ask: "how long can we still get back deleted images in acme?", right: ["get_organization"] },
  { ask: "change the billing email of acme", right: ["update_organization"] },
  { ask: "make the time machine 4 weeks instead of 2", right: ["update_organization"] },
  { ask: "which third party apps can log in with our org?", right: ["list_organization_applications"] },
  { ask: "register an OAuth client for our dashboard", right: ["create_organization_application"] },
  { ask: "cache docker hub so we don't hit rate limits", right: ["create_proxy_cache"] },
  { ask: "is acme a pull-through cache, and of what?", right: ["get_proxy_cache"] },
  { ask: "what is alice a part of in acme?", right: ["get_organization_member"] },
  // repository
  { ask: "I need a place to push the new billing image", right: ["create_repository"] },
  { ask: "let anybody download our base image without logging in", right: ["change_repository_visibility"] },
  { ask: "freeze the legacy repo so nobody can change it", right: ["change_repository_state"] },
  {
    ask: "why was my push rejected?",
    right: [
      "get_repository",
      "get_user_transitive_permissions",
      "list_organization_quotas",
      "list_organization_quota_limits",
      "list_my_quota_limits",
      "get_error_description",
    ],
  },
  { ask: "throw away the sandbox/test repo", right: ["delete_repository"] },
  { ask: "edit the readme text shown for acme/app", right: ["update_repository"] },
  { ask: "which of our repositories can the whole world see?", right: ["list_repositories"] },
  // tag
  { ask: "what versions of acme/app do we have?", right: ["list_tags"] },
  { ask: "roll back latest to yesterday's image", right: ["restore_tag", "update_tag"] },
  { ask: "someone deleted v2.1 by mistake, can I get it back?", right: ["restore_tag"] },
  { ask: "drop the tag nightly-0312", right: ["delete_tag"] },
  { ask: "have this tag disappear by itself in 30 days", right: ["update_tag"] },
  { ask: "make release 1.0 unchangeable", right: ["update_tag"] },
  { ask: "when was latest last pushed?", right: ["list_tags"] },
  { ask: "promote the staging image to production", right: ["update_tag"] },
  // manifest
  { ask: "what layers is this image made of?", right: ["get_manifest"] },
  { ask: "which architectures does the image support?", right: ["get_manifest"] },
  { ask: "mark this image as approved=true", right: ["add_manifest_label"] },
  { ask: "show the labels on sha256:abc", right: ["list_manifest_labels"] },
  { ask: "take the maintainer label off the image", right: ["delete_manifest_label"] },
  // secscan
  { ask: "does our image have any CVEs?", right: ["get_manifest_security"] },
  { ask: "are we affected by log4shell?", right: ["get_manifest_security"] },
  { ask: "which critical vulnerabilities can be fixed by an upgrade?", right: ["get_manifest_security"] },
  { ask: "has Clair finished with the new build's image?", right: ["get_manifest_security"] },
  // referrers
  { ask: "is this image signed with cosign?", right: ["list_referrers"] },
  { ask: "where is the software bill of materials of the image?", right: ["list_referrers"] },
  { ask: "is there provenance for sha256:abc?", right: ["list_referrers"] },
  // team
  { ask: "make a user group for the contractors", right: ["create_or_update_team"] },
  { ask: "put alice in the devs group", right: ["add_team_member"] },
  { ask: "who is in the owners team?", right: ["list_team_members"] },
  { ask: "what can the qa team get at?", right: ["list_team_permissions"] },
  { ask: "dissolve the interns team", right: ["delete_team"] },
  { ask: "throw carol out of devs but leave her in ops", right: ["remove_team_member"] },
  { ask: "tie our developers group to LDAP", right: ["enable_team_sync"] },
  { ask: "stop pulling the team's members from Active Directory", right: ["disable_team_sync"] },
  { ask: "let the devs team create repositories in acme", right: ["create_or_update_team"] },
  { ask: "send dave@example.com an invitation to join ops", right: ["invite_team_member_by_email"] },
  // robot
  { ask: "I need a service account for Jenkins", right: ["create_organization_robot"] },
  { ask: "which bots do we have in acme?", right: ["list_organization_robots"] },
  { ask: "the CI token leaked, rotate it", right: ["regenerate_organization_robot_token"] },
  { ask: "when did acme+deploy last log in?", right: ["get_organization_robot", "list_organization_robots"] },
  { ask: "what may acme+ci do?", right: ["list_organization_robot_permissions", "list_organization_robots"] },
  {
    ask: "let GitHub Actions log in without a stored password",
    right: ["set_organization_robot_federation"],
  },
  { ask: "which robots have not been used for months?", right: ["list_organization_robots"] },
  { ask: "make me a personal machine user for scripts", right: ["create_my_robot"] },
  { ask: "reset the password of my own robot", right: ["regenerate_my_robot_token"] },
  // permission
  {
    ask: "who can push to payments?",
    right: ["list_repository_user_permissions", "list_repository_team_permissions"],
  },
  { ask: "give bob write access to acme/app", right: ["set_repository_user_permission"] },
  { ask: "the devs should only be able to pull from acme/prod", right: ["set_repository_team_permission"] },
  { ask: "revoke eve's access to the payments repo", right: ["delete_repository_user_permission"] },
  {
    ask: "can alice delete things in acme/app, whichever way she got that?",
    right: ["get_user_transitive_permissions"],
  },
  { ask: "which groups have admin on acme/app?", right: ["list_repository_team_permissions"] },
  {
    ask: "ops shall no longer have anything to do with acme/web",
    right: ["delete_repository_team_permission"],
  },
  { ask: "allow the ci robot to push to acme/app", right: ["set_repository_user_permission"] },
  // prototype
  {
    ask: "every new repo should be readable by the qa team automatically",
    right: ["create_organization_prototype"],
  },
  { ask: "who gets access to freshly created repositories?", right: ["list_organization_prototypes"] },
  { ask: "new repos should no longer be given to the ci robot", right: ["delete_organization_prototype"] },
  {
    ask: "change the default permission of devs from write to read",
    right: ["update_organization_prototype"],
  },
  // user
  { ask: "who am I logged in as?", right: ["get_my_user"] },
  { ask: "tell me about the user jsmith", right: ["get_user"] },
  { ask: "what are my favourite repositories?", right: ["list_starred_repositories"] },
  { ask: "bookmark acme/app for me", right: ["star_repository"] },
  // search
  { ask: "find everything called nginx", right: ["search_repositories", "search_all"] },
  { ask: "is there a person whose name starts with joh?", right: ["search_entities"] },
  { ask: "where is that repo about postgres?", right: ["search_repositories", "search_all"] },
  { ask: "look up a team or robot by its name", right: ["search_entities", "search_all"] },
  // logs
  { ask: "who deleted the tag yesterday?", right: ["list_repository_logs", "list_organization_logs"] },
  { ask: "what has bob been up to in acme this week?", right: ["list_organization_logs"] },
  { ask: "who pulled acme/app last night?", right: ["list_repository_logs"] },
  { ask: "audit trail of the payments repository", right: ["list_repository_logs"] },
  { ask: "how many pulls a day does acme/app get?", right: ["aggregate_repository_logs"] },
  { ask: "send the audit log of acme to our SIEM", right: ["export_organization_logs"] },
  { ask: "show my own recent activity", right: ["list_my_logs"] },
  { ask: "statistics of what happened in the acme org last month", right: ["aggregate_organization_logs"] },
  { ask: "mail me the history of acme/app", right: ["export_repository_logs"] },
  // repositorynotification
  { ask: "ping Slack whenever someone pushes to acme/app", right: ["create_repository_notification"] },
  { ask: "alert us about new vulnerabilities in acme/app", right: ["create_repository_notification"] },
  { ask: "which webhooks are set on the repo?", right: ["list_repository_notifications"] },
  {
    ask: "the Slack hook stopped firing, turn it back on",
    right: ["reset_repository_notification_failures"],
  },
  { ask: "try out the webhook", right: ["test_repository_notification"] },
  { ask: "no more emails about pushes to acme/web please", right: ["delete_repository_notification"] },
  // policy
  {
    ask: "clean up old tags automatically",
    right: ["create_repository_autoprune_policy", "create_organization_autoprune_policy"],
  },
  {
    ask: "keep only the last 10 images in acme/app",
    right: ["create_repository_autoprune_policy", "update_repository_autoprune_policy"],
  },
  { ask: "what retention rules does acme have?", right: ["list_organization_autoprune_policies"] },
  { ask: "stop the automatic cleanup of acme/app", right: ["delete_repository_autoprune_policy"] },
  {
    ask: "expire everything older than 90 days across the organization",
    right: ["create_organization_autoprune_policy"],
  },
  { ask: "garbage collection rules of the repo web", right: ["list_repository_autoprune_policies"] },
  { ask: "keep 20 instead of 10 in the org's pruning rule", right: ["update_organization_autoprune_policy"] },
  { ask: "tidy up my personal images after a week", right: ["create_my_autoprune_policy"] },
  // namespacequota
  { ask: "how much disk space may acme use?", right: ["list_organization_quotas", "get_organization_quota"] },
  {
    ask: "limit acme to 500 GB",
    right: ["create_organization_quota", "superuser_create_organization_quota"],
  },
  {
    ask: "give acme more storage",
    right: ["update_organization_quota", "superuser_update_organization_quota"],
  },
  { ask: "warn the team when 80% of the space is used", right: ["create_organization_quota_limit"] },
  { ask: "how full am I?", right: ["list_my_quotas"] },
  {
    ask: "at what point will pushes be blocked for acme because it's full?",
    right: ["list_organization_quota_limits", "list_organization_quotas"],
  },
  {
    ask: "remove the storage cap on acme",
    right: ["delete_organization_quota", "superuser_delete_organization_quota"],
  },
  // mirror
  { ask: "replicate docker.io/library/redis to acme/redis", right: ["create_repository_mirror"] },
  { ask: "stop the nightly sync", right: ["update_repository_mirror", "update_organization_mirror"] },
  { ask: "did last night's mirroring of acme/redis work?", right: ["get_repository_mirror"] },
  { ask: "pull in the newest upstream tags of acme/redis right away", right: ["sync_repository_mirror"] },
  { ask: "abort the running sync of acme/redis", right: ["cancel_repository_mirror_sync"] },
  {
    ask: "the upstream password changed, replace it for our mirrored repo",
    right: ["update_repository_mirror"],
  },
  // org_mirror
  {
    ask: "copy a whole Harbor project into our org and keep it up to date",
    right: ["create_organization_mirror"],
  },
  {
    ask: "which repos failed to replicate in the mirrored org?",
    right: ["list_organization_mirror_repositories"],
  },
  { ask: "can our org reach the registry it mirrors from?", right: ["verify_organization_mirror"] },
  { ask: "stop mirroring the org for good", right: ["delete_organization_mirror"] },
  { ask: "refresh the replicated organization immediately", right: ["sync_organization_mirror"] },
  // build
  { ask: "why did the last image build fail?", right: ["get_build_logs", "list_builds", "get_build"] },
  { ask: "is the build done yet?", right: ["get_build_status", "get_build", "list_builds"] },
  { ask: "build this Dockerfile from a tarball", right: ["request_build"] },
  { ask: "abort the queued build", right: ["cancel_build"] },
  { ask: "what did the build print?", right: ["get_build_logs", "superuser_get_build_logs"] },
  // trigger
  { ask: "what kicks off the builds of acme/app?", right: ["list_build_triggers"] },
  { ask: "pause building on every git push", right: ["update_build_trigger"] },
  { ask: "kick off a build of the main branch", right: ["start_build_trigger"] },
  {
    ask: "disconnect the GitHub repo from acme/app's builds",
    right: ["delete_build_trigger", "update_build_trigger"],
  },
  // appspecifictokens
  { ask: "I need a password for docker login on my laptop", right: ["create_app_token"] },
  { ask: "which of my login tokens run out soon?", right: ["list_app_tokens"] },
  { ask: "I lost my laptop, kill its token", right: ["revoke_app_token"] },
  // globalmessages
  { ask: "announce a maintenance window to everybody", right: ["create_global_message"] },
  { ask: "take down the banner", right: ["delete_global_message"] },
  { ask: "is there a notice shown to all users at the moment?", right: ["list_global_messages"] },
  // superuser
  { ask: "list all accounts on the registry", right: ["superuser_list_users"] },
  { ask: "add an account for the new hire", right: ["superuser_create_user"] },
  { ask: "lock out mallory", right: ["superuser_update_user"] },
  { ask: "bob forgot his password", right: ["superuser_update_user"] },
  { ask: "how big is the entire registry?", right: ["superuser_get_registry_size"] },
  { ask: "all orgs on this server, not only mine", right: ["superuser_list_organizations"] },
  { ask: "everything that happened on the registry today", right: ["superuser_list_logs"] },
  { ask: "how is our Quay configured?", right: ["superuser_get_config"] },
  { ask: "the owner of acme is gone, make me the owner", right: ["superuser_take_ownership"] },
  { ask: "acme is now called globex, rename it", right: ["superuser_rename_organization"] },
  { ask: "cap the user bob at 20 gigabytes", right: ["superuser_create_user_quota"] },
  { ask: "which keys do Clair and Quay use to trust each other?", right: ["superuser_list_service_keys"] },
  // discovery and error
  { ask: "what can this registry's API do?", right: ["get_api_discovery"] },
  { ask: "which endpoints are enabled here?", right: ["get_api_discovery"] },
  { ask: "what does the error invalid_token mean?", right: ["get_error_description"] },
];
