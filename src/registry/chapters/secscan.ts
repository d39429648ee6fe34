/** What the security scanner knows of a manifest, in the shape that Quay's fourth interface to Clair has. */
import { json } from "../answers.ts";
import type { Handlers } from "../call.ts";
import type { Distribution, Scan, ScannedPackage, Vulnerability } from "../scan.ts";
import { manifestOf } from "./manifest.ts";

const indexedByVersion = 4;
const unknown: Distribution = { name: "", version: "", updater: "", repository: "" };

function vulnerabilityView(
  { name, severity, fixedBy, link, description, rating }: Vulnerability,
  distribution: Distribution,
) {
  return {
    Severity: severity,
    NamespaceName: distribution.updater,
    Link: link,
    FixedBy: fixedBy,
    Description: description,
    Name: name,
    Metadata: {
      UpdatedBy: distribution.updater,
      RepoName: distribution.repository,
      RepoLink: "",
      DistroName: distribution.name,
      DistroVersion: distribution.version,
      NVD: { CVSSv3: { Vectors: rating?.vector ?? "", Score: rating?.score ?? "" } },
    },
  };
}

function packageView({ name, version, vulnerabilities }: ScannedPackage, scan: Scan, digest: string) {
  return {
    Name: name,
    VersionFormat: "",
    NamespaceName: "",
    AddedBy: digest,
    Version: version,
    BaseScores: vulnerabilities.flatMap(({ rating }) => (rating === undefined ? [] : [rating.score])),
    CVEIds: vulnerabilities.map((each) => each.name),
    Vulnerabilities: vulnerabilities.map((each) => vulnerabilityView(each, scan.distribution ?? unknown)),
  };
}

export const secscan: Handlers = {
  /** With vulnerabilities, also where the query does not ask for them. A list of manifests is not scanned itself. */
  getRepoManifestSecurity(call) {
    const { manifest } = manifestOf(call);
    const { digest, scan, isList } = manifest;
    if (isList) return json({ status: "unsupported", data: null });
    if (scan?.status !== "scanned") return json({ status: scan?.status ?? "queued", data: null });
    return json({
      status: "scanned",
      data: {
        Layer: {
          Name: digest,
          ParentName: "",
          NamespaceName: "",
          IndexedByVersion: indexedByVersion,
          Features: (scan.packages ?? []).map((each) => packageView(each, scan, digest)),
        },
      },
    });
  },
};
