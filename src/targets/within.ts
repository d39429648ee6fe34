/** What must be there for a target to be, or to be made: the repository, the organization or the namespace that it is in. */

import type { TargetKind, Tool } from "../operation.ts";
import { cite } from "../sentences/cite.ts";
import { createReader, type Found, type Reader } from "./reader.ts";
import type { Given, Read } from "./target.ts";

interface Place {
  /** Within a sentence. */
  readonly name: string;
  readonly find: (reader: Reader) => Promise<Pick<Found, "exists">>;
}

/**
 * The place that a call's target is in, within a sentence, where it is known not to be there; undefined where it is there,
 * could not be read, or the target is in none.
 */
export async function missingPlace(
  { target }: Pick<Tool, "target">,
  given: Given,
  read: Read,
): Promise<string | undefined> {
  const place = target === undefined ? undefined : placeAround(target, given);
  const found = await place?.find(createReader(read));
  return found?.exists === false ? place?.name : undefined;
}

function placeAround(kind: TargetKind, given: Given): Place | undefined {
  const { repository, orgname, namespace } = given;
  if (kind === "organization" || kind === "user") return undefined;
  if (kind === "repository") return namespacePlace(String(repository).split("/")[0]!);
  if (repository !== undefined) {
    const asked = { repository, includeTags: false };
    return { name: cite(String(repository)), find: (reader) => reader.find("get_repository", asked) };
  }
  if (namespace !== undefined) return namespacePlace(String(namespace));
  if (orgname === undefined) return undefined;
  const name = `organization ${cite(String(orgname))}`;
  return { name, find: (reader) => reader.find("get_organization", { orgname }) };
}

/** An organization or a user. */
function namespacePlace(name: string): Place {
  return {
    name: `namespace ${cite(name)}`,
    async find(reader) {
      const organization = await reader.find("get_organization", { orgname: name });
      return organization.exists === false ? reader.find("get_user", { username: name }) : organization;
    },
  };
}
