import type { Tool } from "../operation.ts";
import { lineOf, linesOf } from "../quay/features.ts";
import { isUnlisted } from "../quay/unlisted.ts";

/** What a registry's discovery says about the catalogue's operations. */
export interface OfferedReport {
  /** How many of the catalogue's operations discovery lists, and of how many it would list if it could do everything. */
  readonly listed: number;
  readonly listable: number;
  /** How many of them no discovery lists, so that nobody can tell. */
  readonly unlisted: number;
  /** Flags of Quay's configuration; where several stand together, at least one of them is off. */
  readonly off: readonly (readonly string[])[];
  /** Flags that discovery does not tell about. */
  readonly unknown: readonly string[];
  /** Tools whose operation is not there: switched off, or not in this version. */
  readonly missing: readonly string[];
}

/** Compares a registry's discovery with the catalogue. Nothing listed at all is no Quay's discovery. */
export function compareOffered(discovery: unknown, catalogue: readonly Tool[]): OfferedReport {
  const lines = linesOf(discovery);
  const listable = catalogue.filter((tool) => !isUnlisted(tool));
  const [listed, missing] = [true, false].map((wanted) =>
    listable.filter(({ method, path }) => lines.has(lineOf(method, path)) === wanted),
  ) as [Tool[], Tool[]];
  const on = new Set(listed.flatMap(({ features = [] }) => features));
  const suspects = missing
    .map(({ features = [] }) => features.filter((feature) => !on.has(feature)))
    .filter((features) => features.length > 0);
  const off = new Map(suspects.map((features) => [features.join(), features]));
  // Where one flag alone explains it, the sets that hold it tell nothing more.
  const alone = new Set([...off.values()].filter(({ length }) => length === 1).flat());
  const kept = [...off.values()].filter(
    (features) => features.length === 1 || !features.some((feature) => alone.has(feature)),
  );
  const told = new Set([...on, ...[...off.values()].flat()]);
  const unknown = new Set(
    catalogue.flatMap(({ features = [] }) => features).filter((feature) => !told.has(feature)),
  );
  return {
    listed: listed.length,
    listable: listable.length,
    unlisted: catalogue.length - listable.length,
    off: kept,
    unknown: [...unknown],
    missing: missing.map(({ name }) => name),
  };
}
