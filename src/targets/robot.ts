import { createReader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { counted, isoTime, namesOf } from "./values.ts";

/** Quay's words with a 400. */
export const noSuchRobot = /could not find robot/i;

export const robot: Target = {
  shows: "its description, creation and last use, the teams it is in and the repositories that it can reach",
  name: ({ orgname, robot_shortname, robot }) =>
    String(
      robot ?? (orgname === undefined ? `my/robots/${robot_shortname}` : `${orgname}+${robot_shortname}`),
    ),
  async read(given, read) {
    const reader = createReader(read);
    const { orgname, robot_shortname } = partsOf(given);
    const own = orgname === undefined;
    const owner = own ? {} : { orgname };
    const [{ exists, body }, robots] = await Promise.all([
      reader.find(
        own ? "get_my_robot" : "get_organization_robot",
        { ...owner, robot_shortname },
        noSuchRobot,
      ),
      reader.list(
        own ? "list_my_robots" : "list_organization_robots",
        { ...owner, permissions: true },
        "robots",
      ),
    ]);
    const { name, created, last_accessed, description } = body;
    const listed = robots?.items.find((each) => each.name === name);
    const repositories = Array.isArray(listed?.repositories) ? listed.repositories.map(String) : undefined;
    return reader.state({
      exists,
      identity: `${name} ${created}`,
      now: { description },
      preview:
        exists === true
          ? {
              description: description || undefined,
              created: isoTime(created),
              last_used: last_accessed === null ? "never" : isoTime(last_accessed),
              teams: listed && counted(namesOf(listed.teams)),
              repositories: repositories && counted(repositories),
            }
          : {},
    });
  },
};

function partsOf({ orgname, robot_shortname, robot }: Given): Given {
  if (robot === undefined) return { orgname, robot_shortname };
  const [namespace, shortname] = String(robot).split("+");
  return { orgname: namespace, robot_shortname: shortname };
}
