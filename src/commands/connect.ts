import { readFileSync } from "node:fs";
import { type Settings, token } from "../config.ts";
import { codeOf, UsageError } from "../errors.ts";
import type { People } from "../registry/people.ts";
import type { Connection } from "../runtime.ts";
import { readAuthorities } from "./authorities.ts";

/** A registry that calls can be made to. */
export interface Connected {
  readonly connection: Connection;
  /** The tokens of the registry inside the program. */
  readonly tokens?: People;
  readonly stop: () => Promise<void>;
}

/**
 * The registry that the settings name, or the one inside the program with `--demo`; `stop` ends the latter.
 *
 * @param callersBringTokens no token is needed of the settings
 */
export async function connect(settings: Settings, callersBringTokens = false): Promise<Connected> {
  if (!settings.demo) {
    const named = { url: registryOf(settings), token: callersBringTokens ? "" : tokenOf(settings) };
    return { connection: await connectionTo(settings, named), stop: async () => {} };
  }
  if (settings.url !== undefined)
    throw new UsageError("--demo serves a registry of its own: leave --url and QUAY_URL away.");
  const { startRegistry } = await import("../registry/server.ts");
  const registry = await startRegistry({});
  return {
    connection: { url: registry.url, token: callersBringTokens ? "" : registry.tokens.superuser },
    tokens: registry.tokens,
    stop: () => registry.close(),
  };
}

async function connectionTo(
  settings: Settings,
  named: Pick<Connection, "url" | "token">,
): Promise<Connection> {
  const authorities = settings.caFile && (await readAuthorities(settings.caFile));
  return { ...named, environment: process.env, ...(authorities && { authorities }) };
}

/**
 * The registry that the settings name.
 *
 * @throws UsageError when none is
 */
export function registryOf({ url }: Pick<Settings, "url">): string {
  if (url !== undefined) return url;
  throw new UsageError(
    "The registry is not named: set QUAY_URL or --url, such as https://quay.example.com, or try --demo.",
  );
}

/**
 * The token that the settings name.
 *
 * @throws UsageError when there is none, or its file cannot be used
 */
export function tokenOf({ token: given, tokenFile }: Pick<Settings, "token" | "tokenFile">): string {
  if (given !== undefined && tokenFile !== undefined) {
    throw new UsageError("The token is given twice: set QUAY_TOKEN or --token-file, not both.");
  }
  if (given !== undefined) return given;
  if (tokenFile !== undefined) return readToken(tokenFile);
  throw new UsageError(
    "There is no token: set QUAY_TOKEN or --token-file to an OAuth access token of the registry (an organization's Applications page makes one).",
  );
}

function readToken(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`The token file ${file} cannot be read (${codeOf(error)}).`);
  }
  const parsed = token.safeParse(text);
  if (!parsed.success) throw new UsageError(`The token file ${file} must hold the token alone, on one line.`);
  return parsed.data;
}
