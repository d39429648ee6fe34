import { cite } from "../sentences/cite.ts";
import { createReader, type Reader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, fingerprint, type Item, itemOf, namesOf } from "./values.ts";

const usersPerPage = 100;
const userPages = 20;
const repositoryPages = 5;

export const user: Target = {
  shows: "e-mail, whether enabled, how much storage it uses, its repositories (number and first names)",
  name: ({ username }) => String(username),
  async read({ username }, read, change) {
    const reader = createReader(read);
    const { exists, body } = await reader.find("get_user", { username });
    if (exists !== true) return reader.state({ exists });
    const grave = change.access === "destructive";
    const account = grave ? await accountOf(username, reader) : undefined;
    const repositories = grave
      ? await reader.list("list_repositories", { namespace: username }, "repositories", repositoryPages)
      : undefined;
    return reader.state({
      exists,
      // Quay tells neither an identifier nor a creation: the address (as the avatar's hash) and what it holds must do.
      identity: fingerprint(username, itemOf(body.avatar).hash, namesOf(repositories?.items)),
      now: { email: account?.email || undefined, enabled: account?.enabled },
      preview: {
        email: account?.email || undefined,
        enabled: account?.enabled,
        superuser: account?.super_user || undefined,
        storage_bytes: itemOf(account?.quota_report).quota_bytes,
        repositories: repositories && counted(namesOf(repositories.items), repositories.complete),
      },
    });
  },
};

/** What only superusers are shown of a user, who must be looked for in the list of all. */
async function accountOf(username: unknown, reader: Reader): Promise<Item | undefined> {
  const users = await reader.list("superuser_list_users", { limit: usersPerPage }, "users", userPages);
  const account = users?.items.find((each) => each.username === username);
  if (users !== undefined && account === undefined) {
    reader.miss(
      `superuser_list_users: ${cite(String(username))} is not among the ${users.items.length} users that it lists.`,
    );
  }
  return account;
}
