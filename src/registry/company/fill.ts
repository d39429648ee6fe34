/** Makes the registry of the invented company of which `facts.ts` tells. The same seed and time give the same registry. */
import type { People } from "../people.ts";
import { addNamespace, addTeam, type State } from "../state.ts";
import {
  addOrganizationBelongings,
  addRegistryBelongings,
  addRepositoryBelongings,
  addRobots,
  addUserBelongings,
} from "./belongings.ts";
import { organizations, repositories, users } from "./facts.ts";
import { addLogs } from "./logs.ts";
import { addRepositoryOf } from "./repositories.ts";

/** Fills an empty registry with the company. */
export function fillWithCompany(state: State): People {
  const now = Math.floor(state.now().getTime() / 1000);
  for (const [name, facts] of Object.entries(users)) {
    const user = addNamespace(state, "user", name, facts.email, {
      enabled: facts.disabled !== true,
      ...(facts.superuser && { superuser: facts.superuser }),
    });
    addUserBelongings(state, user, facts, now);
  }
  for (const [name, facts] of Object.entries(organizations)) {
    const organization = addNamespace(state, "organization", name, facts.email, {
      ...(facts.tagExpiration !== undefined && { tagExpiration: facts.tagExpiration }),
    });
    addRobots(state, organization, facts.robots, now);
    for (const [team, [role, about, members]] of Object.entries(facts.teams)) {
      const { members: joined } = addTeam(state, organization, team, role, about);
      for (const member of members.split(" ")) joined.add(member);
    }
    addOrganizationBelongings(state, organization, facts, now);
  }
  for (const [path, facts] of Object.entries(repositories)) {
    addRepositoryBelongings(state, addRepositoryOf(state, path, facts, now), facts, now);
  }
  addRegistryBelongings(state, now);
  addLogs(state, now);
  return { superuser: "ada", member: "bob", outsider: "olivia", readonly_superuser: "auditor" };
}
