/** A security scan that is too large to be shown, as counts by severity and a list of its findings. */

import { severities } from "../../tools/parameters.ts";

interface Vulnerability {
  readonly Name?: unknown;
  readonly Severity?: unknown;
  readonly FixedBy?: unknown;
  readonly Metadata?: { readonly NVD?: { readonly CVSSv3?: { readonly Score?: unknown } } };
}

interface Feature {
  readonly Name?: unknown;
  readonly Version?: unknown;
  readonly Vulnerabilities?: readonly Vulnerability[];
}

/** One vulnerability of one package, under the scan's own names. */
interface Finding {
  readonly Name: unknown;
  readonly Severity: unknown;
  readonly Score?: unknown;
  readonly Package: unknown;
  readonly Version: unknown;
  readonly FixedBy?: unknown;
}

interface Count {
  readonly vulnerabilities: number;
  readonly fixable: number;
}

/**
 * The summary of a scan, its findings in the order in which they are worth a look: what can be fixed before what cannot,
 * then the worst first. `stored` is where the whole findings stand in the scan, below their packages.
 *
 * @returns undefined for what is no finished scan
 */
export function summaryOfScan(scan: unknown): { value: unknown; stored: string } | undefined {
  const { status, data } = (scan ?? {}) as {
    status?: unknown;
    data?: { Layer?: { Features?: readonly Feature[] } };
  };
  const features = data?.Layer?.Features;
  if (!Array.isArray(features)) return undefined;
  const findings = (features as readonly Feature[]).flatMap(findingsOf).sort(worthALook);
  const named = [...new Set(findings.map(({ Severity }) => String(Severity)))];
  const counts = named
    .sort((one, other) => rank(one) - rank(other))
    .map((severity) => [severity, countOf(findings.filter(({ Severity }) => String(Severity) === severity))]);
  const value = {
    status,
    packages: features.length,
    severities: Object.fromEntries(counts),
    findings,
  };
  return { value, stored: "data.Layer.Features[?Vulnerabilities]" };
}

function findingsOf({ Name: Package, Version, Vulnerabilities = [] }: Feature): Finding[] {
  return (Vulnerabilities ?? []).map(({ Name, Severity, FixedBy, Metadata }) => {
    const score = Metadata?.NVD?.CVSSv3?.Score;
    return {
      Name,
      Severity,
      ...(typeof score === "number" && { Score: score }),
      Package,
      Version,
      ...(isFixable({ FixedBy }) && { FixedBy }),
    };
  });
}

const isFixable = ({ FixedBy }: { readonly FixedBy?: unknown }) =>
  typeof FixedBy === "string" && FixedBy !== "";

function countOf(findings: readonly Finding[]): Count {
  return { vulnerabilities: findings.length, fixable: findings.filter(isFixable).length };
}

function rank(severity: unknown): number {
  const index = (severities as readonly unknown[]).indexOf(severity);
  return index === -1 ? severities.length : index;
}

function worthALook(one: Finding, other: Finding): number {
  return (
    Number(isFixable(other)) - Number(isFixable(one)) ||
    rank(one.Severity) - rank(other.Severity) ||
    Number(other.Score ?? 0) - Number(one.Score ?? 0)
  );
}
