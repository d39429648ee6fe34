/** Cases in which several operations are grave alike. */
import type { Escalation } from "../src/operation.ts";

/** A role on repositories that allows everything, or less than before. */
export const whenRoleIsAdminOrFalls: Escalation = {
  when: "role is admin, or falls",
  if: [
    { argument: "role", is: "admin" },
    { argument: "role", falls: "role", order: ["read", "write", "admin"] },
  ],
};

/** A storage quota that becomes smaller, in bytes or as a size. */
export const whenQuotaFalls: Escalation = {
  when: "the limit falls",
  if: [
    { argument: "limit_bytes", falls: "limit_bytes" },
    { argument: "limit", falls: "limit_bytes" },
  ],
};

/** A team whose members administer the organization. */
export const whenTeamAdministers: Escalation = {
  when: "the team is owners or has the admin role",
  if: [
    { argument: "teamname", is: "owners" },
    { now: "role", is: "admin" },
  ],
};
