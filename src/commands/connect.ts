import { readAuthorities } from "../authorities.ts";
import { type Connection, connectionOf, type Settings } from "../config.ts";
import { UsageError } from "../errors.ts";

/** The registry that the settings name, or the one inside the program with `--demo`; `stop` ends the latter. */
export async function connect(
  settings: Settings,
): Promise<{ connection: Connection; stop: () => Promise<void> }> {
  if (!settings.demo) return { connection: await connectionTo(settings), stop: async () => {} };
  if (settings.url !== undefined)
    throw new UsageError("--demo serves a registry of its own: leave --url and QUAY_URL away.");
  const { startRegistry } = await import("../registry/server.ts");
  const registry = await startRegistry({});
  return {
    connection: { url: registry.url, token: registry.tokens.superuser },
    stop: () => registry.close(),
  };
}

async function connectionTo(settings: Settings): Promise<Connection> {
  const authorities = settings.caFile && (await readAuthorities(settings.caFile));
  return { ...connectionOf(settings), environment: process.env, ...(authorities && { authorities }) };
}
