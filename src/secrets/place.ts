/** New files for credentials that Quay shows once. */
import { randomBytes } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { cite } from "../sentences/cite.ts";
import { isCredentialName } from "./names.ts";

/** A file that was made before the call, so that its credential cannot be lost for want of a place. */
export interface Place {
  readonly file: string;
  /** The same as a sentence names it: strangers may have chosen the name of what the credential is of. */
  readonly cited: string;
  readonly handle: FileHandle;
}

/** More than the longest credential: blanks that keep this much of the disk until it is there. */
const reservedBytes = 16 * 1024;

/**
 * Makes a new file that only this user can read, and takes the disk space it will need.
 *
 * @param label what the credential is of; letters, digits, `.`, `_` and `-` of it become part of the name
 * @throws a system error
 */
export async function openPlace(directory: string, label: string): Promise<Place> {
  const plain = label
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 60);
  const random = randomBytes(8).toString("hex");
  const file = join(directory, `${plain}-${random}`);
  const cited = join(directory, `${cite(plain)}-${random}`);
  const place = { file, cited, handle: await open(file, "wx", 0o600) };
  try {
    await place.handle.write(" ".repeat(reservedBytes), 0);
    await place.handle.sync();
    return place;
  } catch (error) {
    await leavePlace(place);
    throw error;
  }
}

/** Writes a text where the blanks are, and waits until it is on the disk. */
export async function fillPlace({ handle }: Place, text: string): Promise<void> {
  try {
    const bytes = Buffer.from(text);
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, 0);
    if (bytesWritten < bytes.length) throw Object.assign(new Error(), { code: "ENOSPC" });
    await handle.truncate(bytes.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Takes an unused file away. */
export async function leavePlace({ file, handle }: Place): Promise<void> {
  await handle.close();
  await unlink(file);
}

/** The credentials of an answer by the names of their fields, at whatever depth; of two under one name, the first. */
export function credentialsIn(body: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  const look = (current: unknown) => {
    if (typeof current !== "object" || current === null) return;
    for (const [name, value] of Object.entries(current)) {
      if (typeof value !== "string") look(value);
      else if (value !== "" && isCredentialName(name)) found[name] ??= value;
    }
  };
  look(body);
  return found;
}
