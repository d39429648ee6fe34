import { catalogue } from "../../tools/index.ts";
import { readSettings, type Settings } from "../config.ts";
import { errorText } from "../error-text.ts";
import { type Connection, createRuntime } from "../runtime.ts";
import { noSecrets } from "../secrets/directory.ts";
import { tasks } from "../tasks/index.ts";
import { type AllowedReport, examineAllowed } from "./allowed.ts";
import { type CertificateReport, readCertificate } from "./certificate.ts";
import { compareOffered, type OfferedReport } from "./offered.ts";
import { type Ask, type Attempt, createAsk, type Outcome, probes } from "./probes.ts";
import { examineToken, type TokenReport, unexamined } from "./token.ts";

export interface RegistryReport {
  /** Without a query or anything else that could be confidential. */
  readonly url: string;
  readonly reachable: boolean;
  readonly isQuay: boolean;
  /** How long its discovery took; null where it did not come. */
  readonly milliseconds: number | null;
  /** What went wrong; null where nothing did. */
  readonly problem: string | null;
}

/** What was found out about a registry, a token, and what the guard makes of both. */
export interface Examination {
  readonly registry: RegistryReport;
  readonly certificate: CertificateReport | null;
  readonly token: TokenReport;
  /** null where the registry's discovery could not be read. */
  readonly offered: OfferedReport | null;
  readonly allowed: AllowedReport;
  /** What was asked, in the order of the answers. */
  readonly attempts: readonly Attempt[];
}

/**
 * Examines everything by harmless reads, which go the way of every call.
 *
 * @throws UsageError where the settings name no tool, toolset or level that there is
 */
export async function examine(settings: Settings, connection: Connection): Promise<Examination> {
  // Before anything is sent: words in the settings that mean nothing.
  examineAllowed(settings, [...catalogue, ...tasks], [], []);
  const runtime = createRuntime(probing(settings), { connection, secrets: noSecrets, audit: undefined });
  const attempts: Attempt[] = [];
  const ask = createAsk(runtime.read, attempts);
  try {
    const [certificate, { registry, offered }] = await Promise.all([
      readCertificate(connection, settings.timeout * 1000),
      examineRegistry(ask, connection),
    ]);
    const token = registry.isQuay ? await examineToken(ask, plainNames(settings)) : unexamined("unknown");
    return {
      registry,
      certificate: certificate ?? null,
      token,
      offered,
      allowed: examineAllowed(settings, [...catalogue, ...tasks], token.scopes, offered?.missing ?? []),
      attempts,
    };
  } finally {
    await runtime.close();
  }
}

/** What the probes run with, whatever an assistant may do: reading, and no tool but theirs. */
function probing({ timeout }: Settings): Settings {
  const tools = [...new Set(Object.values(probes).map(({ tool }) => tool))].join(",");
  return readSettings({ allow: "read", tools, timeout: String(timeout) }, {});
}

/** Namespaces of the fence that are names and not patterns. */
function plainNames({ namespaces = [] }: Settings): readonly string[] {
  return namespaces.filter((name) => /^[\w.-]+$/.test(name));
}

async function examineRegistry(
  ask: Ask,
  connection: Connection,
): Promise<{ registry: RegistryReport; offered: OfferedReport | null }> {
  const { origin, pathname } = new URL(connection.url);
  const url = `${origin}${pathname.replace(/\/+$/, "")}`;
  const began = performance.now();
  const discovery = await ask("discovery");
  const milliseconds = Math.round(performance.now() - began);
  if (!discovery.ok) {
    const reachable = wasAnswered(discovery);
    const problem = discovery.error === undefined ? "Nothing was sent." : errorText(discovery.error);
    return { registry: { url, reachable, isQuay: false, milliseconds: null, problem }, offered: null };
  }
  const offered = compareOffered(discovery.body, catalogue);
  const isQuay = offered.listed > 0;
  const problem = isQuay
    ? null
    : "What answers there is no Quay: its discovery lists no operation of Quay's. Check QUAY_URL.";
  return {
    registry: { url, reachable: true, isQuay, milliseconds, problem },
    offered: isQuay ? offered : null,
  };
}

function wasAnswered(outcome: Outcome & { ok: false }): boolean {
  return ["status", "redirect", "not-json", "too-large"].includes(outcome.error?.kind ?? "");
}
