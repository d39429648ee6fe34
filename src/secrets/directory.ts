/** Where credentials come from and go to beside the conversation: `--secrets-dir` and the environment. */
import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Settings } from "../config.ts";
import { codeOf, UsageError } from "../errors.ts";

/** What the operator said about credentials. */
export interface Secrets {
  /** The real path of `--secrets-dir`. */
  readonly directory: string | undefined;
  /** `--reveal-secrets` */
  readonly reveal: boolean;
  /** Holds `QUAY_MCP_SECRET_NAME` variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** For calls that neither take credentials nor keep or show any. */
export const noSecrets: Secrets = { directory: undefined, reveal: false, environment: {} };

/** What a secret may be called: no path, no hidden file. */
export const secretName = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/;

const variablePrefix = "QUAY_MCP_SECRET_";

/** Passwords and keys; what is larger is something else. */
const mostBytes = 64 * 1024;

/**
 * Checks the directory for secrets, once, at the start.
 *
 * @throws UsageError where it is none, or others could put secrets into it or take them away
 */
export async function openSecrets(
  { secretsDir, revealSecrets }: Pick<Settings, "secretsDir" | "revealSecrets">,
  environment: Secrets["environment"],
): Promise<Secrets> {
  const directory = secretsDir === undefined ? undefined : await usableDirectory(secretsDir);
  return { directory, reveal: revealSecrets, environment };
}

async function usableDirectory(given: string): Promise<string> {
  try {
    const directory = await realpath(given);
    const { mode } = await openDirectory(directory);
    if (writableByOthers(mode)) {
      throw new UsageError(
        `The secrets directory ${given} can be written by other users (mode ${(mode & 0o7777).toString(8)}): take that away, such as with chmod 700.`,
      );
    }
    return directory;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The secrets directory ${given} cannot be used (${codeOf(error)}).`);
  }
}

async function openDirectory(directory: string) {
  const found = await stat(directory);
  if (!found.isDirectory()) throw Object.assign(new Error(), { code: "it is no directory" });
  return found;
}

/** Whether the group or everyone may write; Windows has no such modes. */
function writableByOthers(mode: number): boolean {
  return process.platform !== "win32" && (mode & 0o022) !== 0;
}

/**
 * The secret of a name: the one line of the file with this name in the directory, or the environment variable
 * `QUAY_MCP_SECRET_` and the name in capitals, with `_` for `.` and `-`.
 *
 * @returns undefined where there is none
 * @throws UsageError where there is a file that cannot be used
 */
export async function readSecret(name: string, secrets: Secrets): Promise<string | undefined> {
  const fromFile =
    secrets.directory === undefined ? undefined : await readSecretFile(name, secrets.directory);
  return fromFile ?? (secrets.environment[variableOf(name)] || undefined);
}

/** The environment variable that holds the secret of a name. */
export function variableOf(name: string): string {
  return variablePrefix + name.replace(/[.-]/g, "_").toUpperCase();
}

async function readSecretFile(name: string, directory: string): Promise<string | undefined> {
  const text = await readInside(name, directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`The file of secret:${name} cannot be used (${codeOf(error)}).`);
  });
  if (text === undefined) return undefined;
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "" || /[\r\n\0]/.test(secret))
    throw new UsageError(`The file of secret:${name} must hold the secret alone, on one line.`);
  return secret;
}

/** Links are followed within the directory alone: orchestrators mount secrets as links to a hidden folder beside them. */
async function readInside(name: string, directory: string): Promise<string> {
  const path = await realpath(join(directory, name));
  if (!path.startsWith(directory.endsWith(sep) ? directory : directory + sep))
    throw Object.assign(new Error(), { code: "it is a link that leads out of the directory" });
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw Object.assign(new Error(), { code: "it is no file" });
    if (found.size > mostBytes) throw Object.assign(new Error(), { code: "it is too large" });
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
