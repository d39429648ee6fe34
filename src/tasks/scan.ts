/** What Quay's scanner found in one image, of all its architectures together. */
import * as z from "zod";
import { severities } from "../../tools/parameters.ts";
import { parseJson } from "../json.ts";
import { cite } from "../sentences/cite.ts";
import type { Gathering } from "./gather.ts";
import type { Image } from "./images.ts";

/** How many architectures of an index are asked for. */
const mostArchitectures = 10;

const vulnerability = z.looseObject({
  Name: z.string(),
  Severity: z.string(),
  FixedBy: z.string().nullish(),
  Metadata: z
    .looseObject({
      NVD: z.looseObject({ CVSSv3: z.looseObject({ Score: z.unknown() }).nullish() }).nullish(),
    })
    .nullish(),
});

const security = z.looseObject({
  status: z.string(),
  data: z
    .looseObject({
      Layer: z.looseObject({
        Features: z
          .array(
            z.looseObject({
              Name: z.string(),
              Version: z.string().nullish(),
              Vulnerabilities: z.array(vulnerability).nullish(),
            }),
          )
          .nullish(),
      }),
    })
    .nullish(),
});

const manifest = z.looseObject({ manifest_data: z.string() });

const index = z.looseObject({
  manifests: z.array(
    z.looseObject({
      digest: z.string(),
      platform: z.looseObject({ architecture: z.string(), variant: z.string().optional() }).optional(),
    }),
  ),
});

/** A known vulnerability of a package in an image. */
export interface Finding {
  readonly name: string;
  readonly severity: (typeof severities)[number];
  readonly package: string;
  readonly version: string;
  /** The first version without it. */
  readonly fixedBy: string;
  /** CVSS version 3; 0 where it was not rated. */
  readonly score: number;
}

export interface Scan {
  /** `scanned`, or why not: `queued`, `failed`, `unsupported`, `manifest_layer_too_large`; `partly scanned` where that differs. */
  readonly status: string;
  /** The gravest first. What several architectures have counts once. */
  readonly fixable: readonly Finding[];
  /** Those without a fix yet. */
  readonly unfixable: readonly Finding[];
  /** Of an index, by status. */
  readonly architectures?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Reads the scan of an image; undefined where it could not be read. */
export async function readScan(gathering: Gathering, image: Image): Promise<Scan | undefined> {
  const whole = `${image.repository}@${image.digest.slice(0, 19)}`;
  if (!image.isIndex) {
    const scan = await readOne(gathering, image.repository, image.digest, whole);
    return scan && summed([scan]);
  }
  const children = await readChildren(gathering, image, whole);
  if (children === undefined) return undefined;
  const scans = await Promise.all(
    children.map(({ digest, architecture }) =>
      readOne(gathering, image.repository, digest, `${whole} (${architecture})`),
    ),
  );
  const read = scans.flatMap((scan, position) => {
    const architecture = children[position]?.architecture ?? "";
    return scan === undefined ? [] : [{ scan, architecture }];
  });
  if (children.length > 0 && read.length === 0) return undefined;
  const architectures = new Map<string, string[]>();
  for (const { scan, architecture } of read)
    architectures.set(scan.status, [...(architectures.get(scan.status) ?? []), architecture]);
  const scanned = summed(read.map(({ scan }) => scan));
  return read.length === 0 ? scanned : { ...scanned, architectures: Object.fromEntries(architectures) };
}

/** Compares by the number of fixable findings of the gravest severity, then of the next one, and so on. */
export function worstFirst(one: Scan, other: Scan): number {
  for (const severity of severities) {
    const difference = numberOf(other, severity) - numberOf(one, severity);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numberOf({ fixable }: Scan, severity: string): number {
  return fixable.filter((finding) => finding.severity === severity).length;
}

interface OneScan {
  readonly status: string;
  readonly findings: readonly Finding[];
}

/** Only what is told of it stays: a scan can have megabytes. */
async function readOne(
  { read }: Gathering,
  repository: string,
  manifestref: string,
  name: string,
): Promise<OneScan | undefined> {
  const given = { repository, manifestref, vulnerabilities: true };
  const scan = await read(["The scan of", name], "get_manifest_security", given, security);
  if (scan === undefined) return undefined;
  const findings = (scan.data?.Layer.Features ?? []).flatMap((feature) =>
    (feature.Vulnerabilities ?? []).map(({ Name, Severity, FixedBy, Metadata }) => ({
      name: Name,
      severity: severities.find((known) => known === Severity) ?? ("Unknown" as const),
      package: feature.Name,
      version: feature.Version ?? "",
      fixedBy: FixedBy ?? "",
      score: Number(Metadata?.NVD?.CVSSv3?.Score) || 0,
    })),
  );
  return { status: scan.status, findings };
}

/** The images that an index names. Attestations stand among them, for no platform, and are not for a scanner. */
async function readChildren(
  { read, miss }: Gathering,
  { repository, digest }: Image,
  name: string,
): Promise<{ digest: string; architecture: string }[] | undefined> {
  const given = { repository, manifestref: digest };
  const shown = await read(["The manifest of", name], "get_manifest", given, manifest);
  if (shown === undefined) return undefined;
  const parsed = index.safeParse(parseJson(shown.manifest_data));
  if (!parsed.success) {
    miss(`The manifest of ${cite(name)} is no index that can be read.`);
    return undefined;
  }
  const images = parsed.data.manifests.filter(({ platform }) => platform?.architecture !== "unknown");
  if (images.length > mostArchitectures)
    miss(`Of the ${images.length} images in ${cite(name)}, ${mostArchitectures} were looked at.`);
  return images.slice(0, mostArchitectures).map((child) => ({
    digest: child.digest,
    architecture: [child.platform?.architecture ?? "unnamed", child.platform?.variant ?? []].flat().join("/"),
  }));
}

function summed(scans: readonly OneScan[]): Scan {
  const statuses = [...new Set(scans.map(({ status }) => status))];
  const findings = new Map(
    scans
      .flatMap((scan) => scan.findings)
      .map((finding) => [`${finding.name} ${finding.package} ${finding.version}`, finding]),
  );
  const all = [...findings.values()].sort(
    (one, other) =>
      rankOf(one) - rankOf(other) || other.score - one.score || (one.name < other.name ? -1 : 1),
  );
  return {
    status: statuses.length > 1 ? "partly scanned" : (statuses[0] ?? "nothing to scan"),
    fixable: all.filter(({ fixedBy }) => fixedBy !== ""),
    unfixable: all.filter(({ fixedBy }) => fixedBy === ""),
  };
}

function rankOf({ severity }: Finding): number {
  return severities.indexOf(severity);
}
