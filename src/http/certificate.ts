/** The certificate with which the server serves https. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { UsageError } from "../errors.ts";
import type { HttpSettings } from "./settings.ts";

/** PEM, the certificate with its chain. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads what `--tls-cert` and `--tls-key` name.
 *
 * @returns undefined where they name nothing
 * @throws UsageError where one of them cannot be read
 */
export async function readCertificate({
  tlsCert,
  tlsKey,
}: Pick<HttpSettings, "tlsCert" | "tlsKey">): Promise<Certificate | undefined> {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const [cert, key] = await Promise.all([readPem(tlsCert, "--tls-cert"), readPem(tlsKey, "--tls-key")]);
  return { cert, key };
}

async function readPem(file: string, flag: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`The file ${file} of ${flag} cannot be read (${code}).`);
  }
}

/**
 * What a TLS server is given, after it was tried: Node would leave a server with one half of what cannot be used.
 *
 * @throws UsageError where it cannot be used, without a word of the key
 */
export function usable({ cert, key }: Certificate): SecureContextOptions {
  const options = { cert, key, minVersion: "TLSv1.2" } as const;
  try {
    // Node takes an empty text for none, and lets every handshake fail.
    if (cert === "" || key === "") throw Object.assign(new Error(), { code: "one is empty" });
    createSecureContext(options);
    return options;
  } catch (error) {
    const { code = "it is not PEM" } = error as NodeJS.ErrnoException;
    throw new UsageError(`The certificate of --tls-cert and its --tls-key cannot be used (${code}).`);
  }
}

/** Until when a certificate holds, such as `2026-12-24T18:00:00.000Z`. */
export function endOf({ cert }: Certificate): string {
  return new Date(new X509Certificate(cert).validTo).toISOString();
}
