import { settings as everySetting, readSettings } from "../config.ts";
import { advise, clientSettings, givenSettings } from "../doctor/advice.ts";
import { clientConfigurations } from "../doctor/clients.ts";
import { examine } from "../doctor/examine.ts";
import { findingsOf } from "../doctor/findings.ts";
import { type DoctorReport, reportText } from "../doctor/report.ts";
import { openSecrets } from "../secrets/directory.ts";
import { version } from "../version.ts";
import { connect } from "./connect.ts";

/**
 * Finds out whether the registry, the token and the settings work together, by harmless reads, and prints it with the
 * settings to use and the configuration of the usual clients. With `--json`, one object:
 *
 * - `version` of the program, and `ok`: no finding is a problem
 * - `findings`: `{check, level, message}`, the level `ok`, `note`, `warning` or `problem`
 * - `registry`: `{url, reachable, isQuay, milliseconds, problem}`
 * - `tls`: `{trusted, reason, protocol, subject, issuer, validUntil, daysLeft}`, or null without a certificate to look at
 * - `token`: `{state: "valid" | "invalid" | "unknown", owner}`
 * - `roles`: `{superuser: "full" | "read-only" | "none" | "unknown", fullAccess, administers, memberOf}`, null where not known
 * - `scopes`: for each of Quay's, `{scope, verdict: "held" | "missing" | "unknown", because}`
 * - `features`: `{listed, listable, unlisted, off, unknown, missing}`, or null; `off` holds lists of flags of which at least one is off
 * - `guard`: `{total, tasks, listed, byAccess, lackScope, notOffered}`
 * - `settings`: `{flags, note}`; `clients`: `{client, file, note, content}`
 * - `probes`: `{tool, arguments, proves, outcome}`, everything that was asked
 *
 * @returns 0, or 1 where a problem was found
 * @throws UsageError where the program was started wrongly
 */
export async function doctor(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { json, ...rest } = flags;
  const settings = readSettings(rest, process.env);
  const given = givenSettings(everySetting, rest, process.env);
  // No probe needs the directory, but the server refuses to start with one that it cannot use.
  await openSecrets(settings, process.env);
  const { connection, stop } = await connect(settings);
  try {
    const examination = await examine(settings, connection);
    const advice = advise(everySetting, given, examination.token);
    const report: DoctorReport = {
      ...examination,
      findings: findingsOf(examination, settings),
      advice,
      clients: clientConfigurations(clientSettings(given, advice.flags)),
    };
    process.stdout.write(
      json === true
        ? `${JSON.stringify(machineReadable(report), undefined, 2)}\n`
        : reportText(report, everySetting, given),
    );
    return isOk(report) ? 0 : 1;
  } finally {
    await stop();
  }
}

const isOk = ({ findings }: DoctorReport) => findings.every(({ level }) => level !== "problem");

function machineReadable(report: DoctorReport) {
  const { registry, certificate, token, offered, allowed, attempts, findings, advice, clients } = report;
  return {
    version,
    ok: isOk(report),
    findings,
    registry,
    tls: certificate,
    token: { state: token.state, owner: token.owner },
    roles: token.roles,
    scopes: token.scopes,
    features: offered,
    guard: allowed,
    settings: advice,
    clients,
    probes: attempts,
  };
}
