/** Where a call makes Quay send data, and whether that is a new place. */
import { cite } from "../sentences/cite.ts";
import type { Given, TargetState } from "../targets/target.ts";
import { hostOf } from "./hosts.ts";
import { valueAt } from "./naming.ts";

/** Arguments (dotted paths) whose host receives events, logs, builds, credentials or a mirror's stored password. */
const egressArguments = [
  "config.url",
  "config.email",
  "callback_url",
  "callback_email",
  "archive_url",
  "redirect_uri",
  "upstream_registry",
  "external_reference",
  "external_registry_url",
  "external_registry_config.proxy.https_proxy",
  "external_registry_config.proxy.http_proxy",
] as const;

/** One place that a call sends data to. */
export interface Egress {
  /** A dotted path. */
  readonly argument: string;
  /** Undefined where the value is not of a form that leaves no doubt. */
  readonly host: string | undefined;
  /** The host that is in use now. */
  readonly before?: string;
  /** It is neither the host in use nor one of `--hosts`. */
  readonly isNew: boolean;
}

/** All places that a call sends data to, for its preview. */
export function egressOf(given: Given, state: TargetState, hosts: readonly string[]): readonly Egress[] {
  return egressArguments.flatMap((argument) => egressAt(argument, given, state.now, argument, hosts) ?? []);
}

/** Where data would go, as a sentence without its full stop. */
export function egressInWords({ argument, host, before, isNew }: Egress): string {
  const where =
    host === undefined ? "a host that cannot be told" : isNew ? `the new host ${cite(host)}` : cite(host);
  const instead = before === undefined || before === host ? "" : ` instead of ${cite(before)}`;
  return `${argument} sends data to ${where}${instead}`;
}

/**
 * Where one argument sends data; undefined where it is not given, or clears its value.
 *
 * @param now the path in the target's state at which the value in use stands
 * @param hosts from `parseHosts`
 */
export function egressAt(
  argument: string,
  given: Given,
  state: TargetState["now"],
  now: string | undefined,
  hosts: readonly string[],
): Egress | undefined {
  const value = valueAt(given, argument);
  const clears = argument.endsWith("_proxy") && value === "none";
  if (value === undefined || value === null || value === "" || clears) return undefined;
  const host = hostOf(argument, String(value));
  const current = now === undefined ? undefined : valueAt(state, now);
  const before = typeof current === "string" ? hostOf(argument, current) : undefined;
  const isKnown = host === undefined ? value === current : host === before || hosts.includes(host);
  return { argument, host, ...(before === undefined ? {} : { before }), isNew: !isKnown };
}
