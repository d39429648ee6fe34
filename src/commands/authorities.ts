import { readFileSync } from "node:fs";
import { UsageError } from "../errors.ts";

/**
 * Reads a file of certificate authorities (PEM), and sees that it holds some.
 *
 * @throws UsageError when it cannot be used
 */
export async function readAuthorities(file: string): Promise<string> {
  const { createSecureContext } = await import("node:tls");
  try {
    const text = readFileSync(file, "utf8");
    if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error("it holds no certificate");
    createSecureContext({ ca: text });
    return text;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `The CA file ${file} cannot be used (${code ?? message}): it must be a readable PEM file of certificates.`,
    );
  }
}
