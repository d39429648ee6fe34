import * as z from "zod";
import { UsageError } from "../../errors.ts";
import type { Limits } from "../../guard/restriction.ts";
import type { KnownNames } from "../../guard/tool.ts";
import { readYaml } from "../yaml-file.ts";
import { limitsShape, problemsIn, problemsWith } from "./limits.ts";

/** What the members of groups may do, by the group's name. */
export type Groups = ReadonlyMap<string, Limits>;

const fileSchema = z
  .record(z.string().min(1), z.strictObject(limitsShape), "must hold limits by the names of groups")
  .refine((groups) => Object.keys(groups).length > 0, "must hold at least one group");

/**
 * Reads `--oidc-groups-file`: limits by the names of groups, in YAML or JSON. A group with `{}` may do all that the server
 * may.
 *
 * @throws UsageError naming everything that is wrong with it
 */
export async function readGroups(file: string, names: KnownNames): Promise<Groups> {
  const parsed = fileSchema.safeParse((await readYaml(file, "groups file")) ?? {});
  const problems = parsed.error
    ? problemsIn(parsed.error, (path) => (path.length === 0 ? "it " : `the group ${path.join(" ")} `))
    : [];
  const groups = new Map(
    Object.entries(parsed.data ?? {}).map(([group, limits]) => [
      group,
      { by: `the group ${group}`, ...limits },
    ]),
  );
  problems.push(...[...groups.values()].flatMap((limits) => problemsWith(limits, names)));
  if (problems.length > 0) throw new UsageError(`The groups file ${file}: ${problems.join(" ")}`);
  return groups;
}
