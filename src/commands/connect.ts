import { readAuthorities } from "../authorities.ts";
import { type Connection, connectionOf, registryOf, type Settings } from "../config.ts";
import { UsageError } from "../errors.ts";
import type { People } from "../registry/server.ts";

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
    const named = callersBringTokens ? { url: registryOf(settings), token: "" } : connectionOf(settings);
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
