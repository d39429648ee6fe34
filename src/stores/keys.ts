import { createHash } from "node:crypto";

/** The key of something that belongs to no caller. */
export function keyOf(kind: string, name: string): string {
  return `quay-mcp:${kind}:${name}`;
}

/**
 * The key of something of one caller, who cannot be told from it. The braces keep all of a caller's keys on one node of a
 * cluster.
 */
export function keyOfCaller(kind: string, caller: string): string {
  return keyOf(kind, `{${createHash("sha256").update(caller).digest("base64url")}}`);
}
