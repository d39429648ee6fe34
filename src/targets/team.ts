import { cite } from "../sentences/cite.ts";
import { nameIn } from "./place.ts";
import { createReader, type Found, type Reader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, fingerprint, type Item, itemOf, namesOf } from "./values.ts";

export const team: Target = {
  shows:
    "role, description, whether it is synced; before grave calls also its members and its roles on repositories",
  name: ({ orgname, teamname }) => nameIn(String(orgname), "teams", teamname),
  async read({ orgname, teamname }, read, change) {
    const reader = createReader(read);
    const { exists, body } = await findTeam(reader, orgname, teamname);
    if (exists !== true) return reader.state({ exists });
    const { role, description, repo_count, member_count, is_synced } = body;
    const of = { orgname, teamname };
    const [members, permissions] = await Promise.all(
      change.access === "destructive"
        ? [reader.find("list_team_members", of), reader.list("list_team_permissions", of, "permissions")]
        : [],
    );
    const names = members && namesOf(members.body.members);
    const group = itemOf(itemOf(members?.body.synced).config);
    return reader.state({
      exists,
      // Quay tells neither an identifier nor a creation.
      identity: fingerprint(orgname, teamname, role, description, names, permissions?.items),
      now: {
        role,
        description,
        synced: is_synced,
        group_dn: group.group_dn,
        group_id: group.group_id,
        group_name: group.group_name,
      },
      preview: {
        role,
        description: description || undefined,
        synced: is_synced || undefined,
        members: names && members?.exists === true ? counted(names) : member_count,
        repositories:
          permissions === undefined
            ? repo_count
            : counted(permissions.items.map(({ repository, role }) => `${itemOf(repository).name}=${role}`)),
      },
    });
  },
};

/** Some of Quay's databases take `Owners` for `owners`, and a name for the same with a space at its end. */
function folded(name: unknown): string {
  return String(name).trim().toLowerCase();
}

/** A team as its organization shows it, which is to members only. */
export async function findTeam(reader: Reader, orgname: unknown, teamname: unknown): Promise<Found> {
  const { exists, body } = await reader.find("get_organization", { orgname });
  if (exists !== true) return { exists, body };
  if (body.teams === undefined) {
    reader.miss(`get_organization: ${cite(String(orgname))} shows its teams only to its members.`);
    return { exists: undefined, body: {} };
  }
  const wanted = folded(teamname);
  const [, found] =
    Object.entries(itemOf(body.teams) as Readonly<Record<string, Item>>).find(
      ([name]) => folded(name) === wanted,
    ) ?? [];
  return { exists: found !== undefined, body: found ?? {} };
}
