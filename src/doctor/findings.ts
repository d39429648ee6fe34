import { listed } from "../sentences/words.ts";
import type { CertificateReport } from "./certificate.ts";
import type { Examination } from "./examine.ts";
import type { OfferedReport } from "./offered.ts";
import { heldScopes } from "./scopes.ts";
import type { TokenReport } from "./token.ts";

/** One sentence about one thing that was looked at. Only a `problem` keeps the server from working. */
export interface Finding {
  readonly check: "registry" | "tls" | "token" | "role" | "features" | "scopes" | "guard";
  readonly level: "ok" | "note" | "warning" | "problem";
  readonly message: string;
}

const soonInDays = 21;
const slowInMilliseconds = 3000;

/** Puts an examination into words. */
export function findingsOf(
  examination: Examination,
  settings: { readonly caFile?: string | undefined; readonly scopes?: readonly string[] | undefined },
): readonly Finding[] {
  const { registry, certificate, token, offered, allowed } = examination;
  const findings: Finding[] = [ofRegistry(examination)];
  const tls = ofTls(registry.url, certificate, settings.caFile);
  if (tls !== undefined) findings.push(tls);
  if (registry.isQuay) {
    findings.push(ofToken(token));
    if (token.state === "valid") findings.push(ofRole(token));
  }
  if (offered !== null) findings.push(ofFeatures(offered));
  findings.push(...ofDeclared(token, settings.scopes));
  if (allowed.listed === 0)
    findings.push({ check: "guard", level: "warning", message: "no tool is listed with these settings" });
  return findings;
}

function ofRegistry({ registry, offered }: Examination): Finding {
  const check = "registry";
  const { problem, milliseconds } = registry;
  if (problem !== null) return { check, level: "problem", message: problem };
  const offers = `offers ${offered?.listed} of ${offered?.listable} operations (${offered?.unlisted} more are never listed)`;
  const took = `a Quay answers in ${milliseconds} ms, and ${offers}`;
  const slow = (milliseconds ?? 0) > slowInMilliseconds;
  return { check, level: slow ? "warning" : "ok", message: slow ? `${took}; that is slow` : took };
}

function ofTls(
  url: string,
  certificate: CertificateReport | null,
  caFile: string | undefined,
): Finding | undefined {
  const check = "tls";
  const { protocol, hostname } = new URL(url);
  if (protocol === "http:") {
    return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
      ? { check, level: "note", message: "none, on this machine alone" }
      : {
          check,
          level: "warning",
          message: "none: the token crosses the network in clear; use https:// if the registry has it",
        };
  }
  if (certificate === null)
    return {
      check,
      level: "note",
      message: "the certificate could not be looked at, or a proxy stands before it",
    };
  const { trusted, reason, issuer, subject, validUntil, daysLeft } = certificate;
  const who = issuer === subject ? `of ${subject}, signed by itself` : `of ${subject}, issued by ${issuer}`;
  const what = `certificate ${who}, valid until ${validUntil.slice(0, 10)}`;
  if (!trusted) {
    const message = `not trusted (${reason}): ${what}. A private authority's certificate is given with --ca-file`;
    return { check, level: "problem", message };
  }
  const how = caFile === undefined ? "trusted" : `trusted, with --ca-file ${caFile}`;
  return daysLeft < soonInDays
    ? { check, level: "warning", message: `${how}, but for ${daysLeft} days only: ${what}` }
    : { check, level: "ok", message: `${how}: ${what}` };
}

function ofToken({ state, owner, scopes }: TokenReport): Finding {
  const check = "token";
  if (state === "invalid") {
    const message =
      "the token is invalid or has expired, and the registry silently takes its bearer for anonymous. It takes an OAuth access token: robots' and application tokens do not work here";
    return { check, level: "problem", message };
  }
  if (state === "unknown") {
    const message = "whether the token is valid could not be found out: the registry did not answer";
    return { check, level: "problem", message };
  }
  const whose =
    owner === null ? "whose it is cannot be told, since it lacks user:read" : `it belongs to ${owner}`;
  const held = heldScopes(scopes);
  return {
    check,
    level: held.length === 0 ? "note" : "ok",
    message: `the token is valid; ${whose}${held.length === 0 ? "; no scope of it could be shown" : ""}`,
  };
}

function ofRole({ roles }: TokenReport): Finding {
  const { superuser, fullAccess, administers, memberOf } = roles;
  const access = {
    true: ", with full access to all namespaces",
    false: ", without access to others' namespaces",
  };
  const parts = {
    full: `superuser${fullAccess === null ? "" : access[`${fullAccess}`]}`,
    "read-only": "read-only superuser: sees everything",
    none: "does not act as a superuser",
    unknown: "whether it acts as a superuser is not known",
  };
  const some = (names: readonly string[]) =>
    names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : listed(names);
  const member =
    memberOf === null ? "" : `; belongs to ${memberOf.length === 0 ? "no organization" : some(memberOf)}`;
  const admin =
    administers === null ? "" : `; administers ${administers.length === 0 ? "none" : some(administers)}`;
  return { check: "role", level: "ok", message: `${parts[superuser]}${member}${admin}` };
}

function ofFeatures({ off, unknown, missing }: OfferedReport): Finding {
  const check = "features";
  const notTold = unknown.length === 0 ? "" : `; not told: ${unknown.join(", ")}`;
  if (missing.length === 0) return { check, level: "ok", message: `none is off${notTold}` };
  const names = off.map((features) => features.join(" or "));
  const because = names.length === 0 ? "another version of Quay" : `off: ${names.join(", ")}`;
  return { check, level: "note", message: `${because}; ${missing.length} tools will not work${notTold}` };
}

/** What `--scopes` declares, against what was found. */
function ofDeclared({ scopes }: TokenReport, declared: readonly string[] | undefined): Finding[] {
  const wrong = scopes
    .filter(({ scope, verdict }) => verdict === "missing" && declared?.includes(scope))
    .map(({ scope }) => scope);
  const message = `--scopes declares ${listed(wrong)}, which the token lacks`;
  return wrong.length === 0 ? [] : [{ check: "scopes", level: "warning", message }];
}
