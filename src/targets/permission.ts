import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { fingerprint } from "./values.ts";

const notThere = /does not have permission for repo/i;

export const permission: Target = {
  shows: "the role that the user, robot or team has there now",
  name: ({ repository, username, teamname }) =>
    nameIn(String(repository), username === undefined ? "teams" : "users", username ?? teamname),
  async read({ repository, username, teamname }, read) {
    const reader = createReader(read);
    const { exists, body } =
      username === undefined
        ? await reader.find("get_repository_team_permission", { repository, teamname }, notThere)
        : await reader.find("get_repository_user_permission", { repository, username }, notThere);
    const { role } = body;
    // A permission has nothing but its role.
    const identity = fingerprint(repository, username, teamname, role);
    return reader.state({ exists, identity, now: { role }, preview: { role } });
  },
};
