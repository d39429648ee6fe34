/** How much a role on repositories allows, and how lists of repositories are told. */
import { firstNames } from "../sentences/words.ts";

const ranks: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** The one of the roles that allows most; `none` without any. A role that this program does not know ranks below those it knows. */
export function highestRole(roles: readonly string[]): string {
  return roles.reduce((best, role) => (rankOf(role) > rankOf(best) ? role : best), "none");
}

/** From the most powerful to none. */
export function byRole(one: string, other: string): number {
  return rankOf(other) - rankOf(one);
}

function rankOf(role: string): number {
  return ranks[role] ?? 0.5;
}

const namesShown = 30;

/** Names in their order, the first thirty. */
export function shortened(names: readonly string[]): string[] {
  return firstNames(names.toSorted(), namesShown);
}

/** The things by their role: `{ admin: ["app"], read: ["web"] }`, the most powerful role first. */
export function namesByRole(
  entries: readonly { readonly name: string; readonly role: string }[],
): Record<string, string[]> {
  const roles = [...new Set(entries.map(({ role }) => role))].sort(byRole);
  return Object.fromEntries(
    roles.map((role) => [
      role,
      shortened(entries.filter((each) => each.role === role).map(({ name }) => name)),
    ]),
  );
}
