import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { counted, fingerprint, namesOf } from "./values.ts";

export const member: Target = {
  shows: "the teams and the repositories' roles that would be lost",
  name: ({ orgname, membername }) => nameIn(String(orgname), "members", membername),
  async read({ orgname, membername }, read) {
    const reader = createReader(read);
    const found = await reader.find("get_organization_member", { orgname, membername });
    // Who is in no team may still have roles on repositories.
    const others =
      found.exists === false
        ? await reader.list("list_organization_collaborators", { orgname }, "collaborators")
        : undefined;
    const collaborator = others?.items.find(({ name }) => name === membername);
    const exists = found.exists === false ? others && collaborator !== undefined : found.exists;
    const body = collaborator ?? found.body;
    const teams = namesOf(body.teams);
    const repositories = Array.isArray(body.repositories) ? body.repositories.map(String) : [];
    return reader.state({
      exists,
      identity: fingerprint(orgname, membername, teams, repositories),
      preview: exists === true ? { teams: counted(teams), repositories: counted(repositories) } : {},
    });
  },
};
