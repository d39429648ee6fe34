import type { Operation } from "../operation.ts";

/** Operations that Quay has but leaves out of its discovery. */
const unlisted: ReadonlySet<string> = new Set([
  "getReferrers",
  "authFederatedRobotToken",
  "getConfigDump",
  "listAllOrganizations",
  "getRegistrySize",
  "postRegistrySize",
  "takeOwnership",
]);

/** Whether discovery is silent about an operation also where it is to be had. */
export function isUnlisted({ operationId }: Pick<Operation, "operationId">): boolean {
  return unlisted.has(operationId);
}
