/** Where the API reference and the recordings say that answers hold credentials; written by hand, not taken from the tools. */

/** Dotted paths, in which `*` is any key or index, by operationId. */
export const secretFields: Readonly<Record<string, readonly string[]>> = {
  createAppToken: ["token.token_code"],
  getAppToken: ["token.token_code"],
  getOrganizationApplication: ["client_secret"],
  getOrganizationApplications: ["applications.*.client_secret"],
  createOrganizationApplication: ["client_secret"],
  updateOrganizationApplication: ["client_secret"],
  getUserRobots: ["robots.*.token"],
  getOrgRobots: ["robots.*.token"],
  getUserRobot: ["token"],
  getOrgRobot: ["token"],
  createUserRobot: ["token"],
  createOrgRobot: ["token"],
  regenerateUserRobotToken: ["token"],
  regenerateOrgRobotToken: ["token"],
  getConfigDump: ["env.*", "config.SECRET_KEY"],
  createInstallUser: ["password", "encrypted_password"],
  changeInstallUser: ["encrypted_password"],
  createServiceKey: ["private_key"],
  getRepoNotification: ["config.url", "config.template", "config.notification_token"],
  listRepoNotifications: ["notifications.*.config.url"],
  createRepoNotification: ["config.url", "config.flow_api_token"],
  getBuildTrigger: ["config.deploy_key", "config.credentials.*.value"],
  listBuildTriggers: ["triggers.*.config.webhook_url"],
  activateBuildTrigger: ["config.deploy_key"],
  getRepoBuild: ["archive_url"],
  getRepoBuildStatus: ["archive_url"],
  getRepoBuilds: ["builds.*.archive_url"],
  getRepoBuildLogs: ["logs_url"],
  getRepoBuildLogsSuperUser: ["logs_url"],
  requestRepoBuild: ["archive_url"],
  manuallyStartBuildTrigger: ["archive_url"],
  listTriggerRecentBuilds: ["builds.*.archive_url"],
  getRepoBuildSuperUser: ["archive_url"],
  getRepoBuildStatusSuperUser: ["archive_url"],
  getRepo: ["status_token"],
};

/** Puts a canary into each secret field of an answer, also where the field itself was left out. */
export function plant(operationId: string, body: unknown): { planted: number; body: unknown } {
  let planted = 0;
  const put = (value: unknown, [key = "", ...rest]: readonly string[]) => {
    if (typeof value !== "object" || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const each of key === "*" ? Object.keys(holder) : [key]) {
      if (rest.length > 0) {
        put(holder[each], rest);
      } else {
        holder[each] = "CANARY0123456789";
        planted += 1;
      }
    }
  };
  for (const path of secretFields[operationId] ?? []) put(body, path.split("."));
  return { planted, body };
}
