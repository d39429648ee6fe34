import type { Given } from "./target.ts";

/** Where something hangs, as the first part of its name: a repository, an organization, a user, or the caller's own account. */
export function placeOf({ repository, orgname, namespace }: Given): string {
  return String(repository ?? orgname ?? namespace ?? "my");
}

/** The name of something that hangs on another thing; without a name of its own yet, only of its kind. */
export function nameIn(place: string, kind: string, ...names: readonly unknown[]): string {
  return [place, kind, ...names.filter((name) => name !== undefined)].map(String).join("/");
}
