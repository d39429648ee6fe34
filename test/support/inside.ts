/** The server within the test's own process: for what takes another clock, or several callers at once. */
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { onTestFinished } from "vitest";
import { readSettings } from "../../src/config.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { createHandlers } from "../../src/mcp/handlers.ts";
import { createServer } from "../../src/mcp/server.ts";
import { createRuntime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import type { revisions, Session } from "./revisions.ts";

const listing = createWholeListing();

export interface Inside {
  readonly url: string;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A client on a server of its own, for one test. */
export async function connectInside(
  { connectOver }: Pick<(typeof revisions)[number], "connectOver">,
  { url, token, now, settings: given = {} }: Inside,
): Promise<Session> {
  const settings = readSettings(given, {});
  const runtime = createRuntime(settings, {
    connection: { url, token },
    secrets: noSecrets,
    audit: undefined,
    ...(now && { now }),
  });
  const guarded = listing.tools.map((tool) => tool.guarded);
  const policy = createPolicy(settings, guarded);
  const handlers = createHandlers(runtime, { listing, policy }, now);
  const [client, server] = InMemoryTransport.createLinkedPair();
  const parts = {
    tools: () => surfaceOf(listing, policy, settings.surface),
    handlers: async () => handlers,
  };
  serveStdio(() => createServer(parts), { transport: server });
  const session = await connectOver(client);
  onTestFinished(async () => {
    await session.close();
    await runtime.close();
  });
  return session;
}
