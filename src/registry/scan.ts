/** What a security scanner found, as the registry keeps it. */

/** A scanned manifest's packages and what is known against them. The chapter `secscan` shows it as Quay does. */
export interface Scan {
  readonly status: "scanned" | "failed" | "queued" | "manifest_layer_too_large";
  /** Where the packages and what is known of them come from. */
  readonly distribution?: Distribution;
  readonly packages?: readonly ScannedPackage[];
}

export interface Distribution {
  /** `Red Hat Enterprise Linux Server`, `Debian GNU/Linux`. */
  readonly name: string;
  readonly version: string;
  /** The scanner's own source of vulnerabilities: `rhel-vex`, `debian/updater`. */
  readonly updater: string;
  /** The repository of packages: `cpe:/o:redhat:enterprise_linux:9::baseos`; empty where there is none. */
  readonly repository: string;
}

export interface ScannedPackage {
  readonly name: string;
  readonly version: string;
  readonly vulnerabilities: readonly Vulnerability[];
}

export interface Vulnerability {
  /** `CVE-2023-0286` */
  readonly name: string;
  readonly severity: "Critical" | "High" | "Medium" | "Low" | "Negligible" | "Unknown";
  /** The first version without it; empty where there is none yet. */
  readonly fixedBy: string;
  /** Addresses, with a space between them. */
  readonly link: string;
  readonly description: string;
  /** CVSS version 3, where it was rated. */
  readonly rating?: { readonly score: number; readonly vector: string };
}
