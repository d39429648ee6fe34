import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, fingerprint, type Item, isoTime, itemsOf, namesOf } from "./values.ts";

/** `get_repository` shows no more tags. */
const mostTagsShown = 500;

export const repository: Target = {
  shows:
    "description, visibility, state, its tags (number and newest names), size, last push; before grave calls also who has a role on it",
  name: ({ repository }) => String(repository),
  async read({ repository }, read, change) {
    const reader = createReader(read);
    const { exists, body } = await reader.find("get_repository", { repository });
    if (exists !== true) return reader.state({ exists });
    const grave = change.access === "destructive";
    const [users, teams] = await Promise.all(
      grave
        ? [
            reader.list("list_repository_user_permissions", { repository }, "permissions"),
            reader.list("list_repository_team_permissions", { repository }, "permissions"),
          ]
        : [],
    );
    const tags = newestFirst(itemsOf(body.tags));
    const now = {
      description: body.description ?? "",
      visibility: body.is_public === true ? "public" : "private",
      state: body.state,
    };
    return reader.state({
      exists,
      // Quay tells neither an identifier nor a creation: a new repository of the name has other digests or times.
      identity: fingerprint(
        repository,
        tags.map(({ name, manifest_digest, last_modified }) => [name, manifest_digest, last_modified]),
      ),
      now,
      preview: {
        ...now,
        description: now.description || undefined,
        tags: counted(namesOf(tags), tags.length < mostTagsShown),
        size_bytes: sizeOf(tags),
        last_push: isoTime(tags[0]?.last_modified),
        users: users && rolesOf(users.items),
        teams: teams && rolesOf(teams.items),
      },
    });
  },
};

function newestFirst(tags: readonly Item[]): Item[] {
  const time = ({ last_modified }: Item) => Date.parse(String(last_modified)) || 0;
  return tags.toSorted((one, other) => time(other) - time(one));
}

/** Of the images that tags point at, each once; undefined where Quay does not tell one, as of indexes. */
function sizeOf(tags: readonly Item[]): number | undefined {
  const sizes = new Map(tags.map(({ manifest_digest, size }) => [manifest_digest, size]));
  const total = [...sizes.values()].reduce(
    (sum: number, size) => sum + (typeof size === "number" ? size : Number.NaN),
    0,
  );
  return Number.isNaN(total) ? undefined : total;
}

function rolesOf(permissions: readonly Item[]): Item {
  return counted(permissions.map(({ name, role }) => `${name}=${role}`));
}
