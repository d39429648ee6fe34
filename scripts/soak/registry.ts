/**
 * The embedded registry, with callers who each see something of their own: a user, an organization and a repository, in
 * whose names stands the caller's number. Prints one line of JSON: where it is, and the callers' tokens.
 */
import { scopes } from "../../src/operation.ts";
import { fillWithCompany } from "../../src/registry/company/fill.ts";
import type { People } from "../../src/registry/people.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { addNamespace, addRepository, addTeam, type State } from "../../src/registry/state.ts";
import { markOf } from "./marks.ts";

const callers = Number(process.argv[2]);
const numbers = Array.from({ length: callers }, (_, number) => number);

function fill(state: State): People {
  const people = fillWithCompany(state);
  for (const number of numbers) {
    const mark = markOf(number);
    const user = addNamespace(state, "user", `user-${mark}`, `user-${mark}@example.com`);
    const organization = addNamespace(state, "organization", `org-${mark}`, null);
    addTeam(state, organization, "owners", "admin").members.add(user.name);
    addRepository(state, organization, `app-${mark}`, { description: `Seen by ${mark} alone.` });
  }
  return people;
}

const registry = await startRegistry({ fill });
const tokens = numbers.map((number) => registry.addToken({ user: `user-${markOf(number)}`, scopes }));
process.stdout.write(`${JSON.stringify({ url: registry.url, tokens })}\n`);
