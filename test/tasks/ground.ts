/** A registry for the tests of tasks, and ways to spoil some of its answers. */
import { rolesOn } from "../../src/registry/authorization.ts";
import type { Registry } from "../../src/registry/server.ts";
import { isLive, type Repository, type State } from "../../src/registry/state.ts";
import { highestRole } from "../../src/tasks/roles.ts";
import { json, startServer } from "../quay/server.ts";

/**
 * A front before the registry that counts the requests under way.
 *
 * @param broken the paths that it answers with 500 instead
 */
export async function startFront(
  registry: Registry,
  broken?: RegExp,
): Promise<{ url: string; busiest: () => number }> {
  let [underWay, busiest] = [0, 0];
  const { url } = await startServer((request, response) => {
    const path = request.url ?? "";
    underWay += 1;
    busiest = Math.max(busiest, underWay);
    response.once("close", () => {
      underWay -= 1;
    });
    if (broken?.test(path)) {
      json(response, 500, { message: "Something broke." });
      return;
    }
    const headers = { authorization: request.headers.authorization ?? "" };
    fetch(registry.url + path, { headers }).then(
      async (answer) => json(response, answer.status, await answer.json()),
      () => response.destroy(),
    );
  });
  return { url, busiest: () => busiest };
}

export const repositoriesOf = (state: State, namespace: string): Repository[] => [
  ...state.namespaces.get(namespace)!.repositories.values(),
];

export const allRepositories = (state: State): Repository[] =>
  [...state.namespaces.keys()].flatMap((namespace) => repositoriesOf(state, namespace));

/** Everyone: users and robots, by name. */
export const everyone = (state: State): string[] =>
  [...state.namespaces.values()].flatMap(({ kind, name, robots }) => [
    ...(kind === "user" ? [name] : []),
    ...[...robots.values()].map((robot) => robot.name),
  ]);

/** What the registry itself would let someone do; `none` for nothing. */
export const roleIn = (state: State, repository: Repository, name: string): string =>
  highestRole(rolesOn(state.namespaces.get(repository.namespace)!, repository, name));

/** Digests of the tags that are to be seen, each with the manifests behind it. */
export function liveImages(state: State, repository: Repository) {
  const digests = new Set(repository.tags.filter((tag) => isLive(tag, state)).map(({ digest }) => digest));
  return [...digests].map((digest) => {
    const { isList, children } = repository.manifests.get(digest)!;
    const images = (isList ? children : [digest]).map((each) => repository.manifests.get(each)!);
    return { digest, images };
  });
}
