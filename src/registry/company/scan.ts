/** What the scanner found in an image, made from the bundles of packages that the image was built from. */
import type { Scan, ScannedPackage } from "../scan.ts";
import { type Package, packages, vulnerabilities } from "./vulnerabilities.ts";

/** Builds that are older than this many days come from the generation before. */
const generations = [450, 150] as const;

const distribution = {
  name: "Red Hat Enterprise Linux Server",
  version: "9",
  updater: "rhel-vex",
  repository: "cpe:/o:redhat:enterprise_linux:9::baseos",
};

/** Images of the same age and bundles have the same packages. */
const known = new Map<string, Scan>();

/** @param behind how many generations the build lags behind */
export function scan(built: string, daysAgo: number, behind: number): Scan {
  if (built === "") return { status: "failed" };
  if (built === "huge") return { status: "manifest_layer_too_large" };
  if (daysAgo === 0) return { status: "queued" };
  const age = generations.filter((days) => daysAgo <= days).length;
  const generation = Math.max(0, age - behind);
  const key = `${built} ${generation}`;
  const found = known.get(key) ?? {
    status: "scanned",
    distribution,
    packages: built
      .split(" ")
      .flatMap((bundle) => packages[bundle]!)
      .map((each) => scanned(each, generation)),
  };
  known.set(key, found);
  return found;
}

function scanned({ name, versions, flaws = {} }: Package, generation: number): ScannedPackage {
  const found = Object.entries(flaws).filter(([, fixedIn]) => fixedIn > generation);
  return {
    name,
    version: versions[generation]!,
    vulnerabilities: found.map(([cve, fixedIn]) => {
      const [severity, score, vector, description] = vulnerabilities[cve]!;
      return {
        name: cve,
        severity,
        fixedBy: versions[fixedIn] ?? "",
        link: `https://access.redhat.com/security/cve/${cve}`,
        description,
        ...(score !== null && { rating: { score, vector } }),
      };
    }),
  };
}
