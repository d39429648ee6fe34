/** What the recorded start does not show of manifests, but later answers do: what a scan found, and what refers to them. */
import type { Scan, Vulnerability } from "../../src/registry/scan.ts";
import { findRepository, type Manifest, type Repository, type State } from "../../src/registry/state.ts";
import recordings from "../data/recordings.json" with { type: "json" };

interface Recorded {
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

interface RecordedVulnerability {
  readonly Name: string;
  readonly Severity: Vulnerability["severity"];
  readonly FixedBy: string;
  readonly Link: string;
  readonly Description: string;
  readonly Metadata: {
    readonly UpdatedBy: string;
    readonly RepoName: string;
    readonly DistroName: string;
    readonly DistroVersion: string;
    readonly NVD: { readonly CVSSv3: { readonly Vectors: string; readonly Score: number | "" } };
  };
}

interface RecordedScan {
  readonly status: string;
  readonly data: {
    readonly Layer: {
      readonly Features: readonly {
        readonly Name: string;
        readonly Version: string;
        readonly Vulnerabilities: readonly RecordedVulnerability[];
      }[];
    };
  } | null;
}

interface RecordedIndex {
  readonly manifests: readonly {
    readonly mediaType: string;
    readonly digest: string;
    readonly artifactType: string;
    readonly annotations: object;
  }[];
}

function vulnerability({ Name, Severity, FixedBy, Link, Description, Metadata }: RecordedVulnerability) {
  const { Vectors: vector, Score: score } = Metadata.NVD.CVSSv3;
  return {
    name: Name,
    severity: Severity,
    fixedBy: FixedBy,
    link: Link,
    description: Description,
    ...(score !== "" && { rating: { score, vector } }),
  };
}

function scanOf({ data }: RecordedScan): Scan {
  const features = data?.Layer.Features ?? [];
  const origin = features.flatMap(({ Vulnerabilities }) => Vulnerabilities)[0]?.Metadata;
  return {
    status: "scanned",
    ...(origin && {
      distribution: {
        name: origin.DistroName,
        version: origin.DistroVersion,
        updater: origin.UpdatedBy,
        repository: origin.RepoName,
      },
    }),
    packages: features.map(({ Name, Version, Vulnerabilities }) => ({
      name: Name,
      version: Version,
      vulnerabilities: Vulnerabilities.map(vulnerability),
    })),
  };
}

function addReferrers(repository: Repository, subject: string, { manifests }: RecordedIndex): void {
  for (const { mediaType, digest, artifactType, annotations } of manifests) {
    const data = { schemaVersion: 2, mediaType, artifactType, subject: { digest: subject }, annotations };
    const manifest: Manifest = {
      digest,
      data: JSON.stringify(data),
      isList: false,
      configMediaType: null,
      size: 0,
      layers: [],
      labels: new Map(),
      children: [],
    };
    repository.manifests.set(digest, manifest);
  }
}

/** Adds them to the manifests that are there. */
export function addArtifacts(state: State): void {
  for (const { path, status, body } of recordings as unknown as Recorded[]) {
    if (status !== 200) continue;
    const [, scanned, digest] = /^\/api\/v1\/repository\/(.+)\/manifest\/([^/]+)\/security/.exec(path) ?? [];
    const manifest = findRepository(state, scanned ?? "")?.manifests.get(digest ?? "");
    if (manifest && (body as RecordedScan).status === "scanned") manifest.scan = scanOf(body as RecordedScan);
    const [, referred, subject] = /^\/v2\/(.+)\/referrers\/([^?]+)/.exec(path) ?? [];
    const repository = findRepository(state, referred ?? "");
    if (repository && subject) addReferrers(repository, subject, body as RecordedIndex);
  }
}
