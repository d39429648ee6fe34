import * as tls from "node:tls";
import { systemAuthorities } from "../quay/dispatcher.ts";
import type { Connection } from "../runtime.ts";

/** What the registry showed in a TLS handshake. */
export interface CertificateReport {
  readonly trusted: boolean;
  /** Why it is not trusted, as node names it: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, … */
  readonly reason: string | null;
  readonly protocol: string | null;
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly validUntil: string;
  readonly daysLeft: number;
}

const dayInMilliseconds = 86_400_000;

/**
 * Looks at a registry's certificate. Nothing is sent but the handshake, so an untrusted one may be looked at too.
 *
 * @returns undefined where there is none to be seen: not https, a proxy in between, or no TLS connection
 */
export function readCertificate(
  { url, authorities, environment = {} }: Connection,
  timeoutMs: number,
): Promise<CertificateReport | undefined> {
  const { protocol, hostname, port } = new URL(url);
  const proxied = environment.HTTPS_PROXY || environment.https_proxy;
  if (protocol !== "https:" || proxied) return Promise.resolve(undefined);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = tls.connect({
      host,
      port: Number(port || 443),
      // Server names are names; an address is not sent as one.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(authorities === undefined ? {} : { ca: [...systemAuthorities(), authorities] }),
      rejectUnauthorized: false,
    });
    const finish = (report: CertificateReport | undefined) => {
      resolve(report);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => finish(undefined));
    socket.on("error", () => finish(undefined));
    socket.on("secureConnect", () => finish(reportOf(socket)));
  });
}

function reportOf(socket: tls.TLSSocket): CertificateReport | undefined {
  const certificate = socket.getPeerCertificate();
  if (certificate.valid_to === undefined) return undefined;
  const until = new Date(certificate.valid_to);
  // Node's types promise an Error; without rejectUnauthorized it is the error's code.
  const reason = socket.authorizationError as unknown;
  return {
    trusted: socket.authorized,
    reason: socket.authorized ? null : String((reason as { code?: unknown } | null)?.code ?? reason),
    protocol: socket.getProtocol(),
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validUntil: until.toISOString(),
    daysLeft: Math.floor((until.getTime() - Date.now()) / dayInMilliseconds),
  };
}

function nameOf(name: tls.Certificate | undefined): string {
  const found = [name?.CN, name?.O].flat().find((each) => typeof each === "string" && each !== "");
  return found?.slice(0, 200) ?? "somebody without a name";
}
