import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { findTeam } from "./team.ts";
import { fingerprint, itemsOf } from "./values.ts";

export const teamMember: Target = {
  shows:
    "whether already a member or only invited, and what the team may do: its role and on how many repositories it has one",
  name: ({ orgname, teamname, membername, email }) =>
    nameIn(String(orgname), "teams", teamname, membername ?? email),
  async read({ orgname, teamname, membername, email }, read) {
    const reader = createReader(read);
    const [team, listed] = await Promise.all([
      findTeam(reader, orgname, teamname),
      reader.find("list_team_members", { orgname, teamname, includePending: true }),
    ]);
    const member = itemsOf(listed.body.members).find((each) =>
      membername === undefined ? each.email === email : each.name === membername,
    );
    const exists = listed.exists === true ? member !== undefined : listed.exists;
    const { role, repo_count } = team.body;
    return reader.state({
      exists,
      identity: fingerprint(orgname, teamname, membername ?? email, member?.invited),
      now: { role },
      preview: {
        member: exists === true ? (member?.invited === true ? "invited" : "joined") : undefined,
        team_role: role,
        team_repositories: repo_count,
      },
    });
  },
};
