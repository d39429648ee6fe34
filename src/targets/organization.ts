import { cite } from "../sentences/cite.ts";
import { createReader, type Reader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { user } from "./user.ts";
import { counted, fingerprint, type Item, itemOf, itemsOf, namesOf } from "./values.ts";

const organizationName = ({ orgname, name, namespace }: Given) => String(orgname ?? name ?? namespace);

/** Five hundred repositories are enough to see what would be lost. */
const repositoryPages = 5;

export const organization: Target = {
  shows:
    "e-mail, teams, how much storage it uses; where all of it would be lost or taken over, also its repositories, robots and members (number and first names)",
  name: organizationName,
  async read(given, read, change) {
    const reader = createReader(read);
    const orgname = organizationName(given);
    const { exists, body } = await reader.find("get_organization", { orgname });
    // Ownership can be taken of a user's namespace, too.
    if (exists === false && given.namespace !== undefined) {
      return user.read({ username: orgname }, read, change);
    }
    if (exists !== true) return reader.state({ exists });
    const content = change.access === "destructive" ? await contentOf(orgname, reader) : undefined;
    if (body.is_admin !== true) {
      reader.miss(
        `get_organization: ${cite(String(orgname))} shows its settings only to its administrators.`,
      );
    }
    const { email, teams, tag_expiration_s, quota_report } = body;
    return reader.state({
      exists,
      // Quay tells neither an identifier nor a creation: the address (as the avatar's hash) and what it holds must do.
      identity: fingerprint(orgname, itemOf(body.avatar).hash, namesOf(teams), content?.marks),
      now: settingsOf(body),
      preview: {
        email: email || undefined,
        teams: teams === undefined ? undefined : counted(namesOf(teams)),
        storage_bytes: itemOf(quota_report).quota_bytes,
        time_machine_seconds: tag_expiration_s,
        ...content?.preview,
      },
    });
  },
};

/** As `update_organization` takes them; only administrators are shown any. */
function settingsOf({ is_admin, email, invoice_email, invoice_email_address, tag_expiration_s }: Item): Item {
  if (is_admin !== true) return {};
  return {
    email: email || undefined,
    contact_email: email || "none",
    invoice_email,
    invoice_email_address: invoice_email_address || "none",
    tag_expiration_s,
  };
}

/** What is in an organization, and what tells its content from another's: names, and when its robots were made. */
async function contentOf(orgname: string, reader: Reader): Promise<{ preview: Item; marks: unknown }> {
  const [repositories, robots, members] = await Promise.all([
    reader.list("list_repositories", { namespace: orgname }, "repositories", repositoryPages),
    reader.list("list_organization_robots", { orgname }, "robots"),
    reader.list("list_organization_members", { orgname }, "members"),
  ]);
  return {
    preview: {
      repositories: repositories && counted(namesOf(repositories.items), repositories.complete),
      robots: robots && counted(namesOf(robots.items)),
      members: members && counted(namesOf(members.items)),
    },
    marks: [
      namesOf(repositories?.items),
      itemsOf(robots?.items).map(({ name, created }) => [name, created]),
      namesOf(members?.items),
    ],
  };
}
