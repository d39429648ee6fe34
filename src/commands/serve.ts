import { readSettings } from "../config.ts";
import { createPolicy } from "../guard/policy.ts";
import type { Handlers } from "../mcp/handlers.ts";
import { serveOverStdio } from "../mcp/stdio.ts";
import type { Runtime } from "../runtime.ts";
import { sayOnStandardError } from "../say.ts";
import { readListing } from "../surface/listing-file.ts";
import { surfaceOf } from "../surface/surface.ts";
import { openParts } from "./parts.ts";
import { freezeYoungHeap } from "./young-heap.ts";

/**
 * Serves MCP on standard input and output until the client closes its end. What only calls need (the catalogue's
 * schemas, the HTTP client) is loaded with the first call, so that the list is answered at once.
 */
export async function serve(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const settings = readSettings(flags, process.env);
  const listing = readListing();
  // Before anything is opened: a setting that is wrong must not leave a registry running.
  const policy = createPolicy(
    settings,
    listing.tools.map(({ guarded }) => guarded),
  );
  const { parts, stop } = await openParts(settings);
  const tools = surfaceOf(listing, policy, settings.surface);

  let runtime: Promise<Runtime> | undefined;
  const load = async () => {
    const { createRuntime } = await import("../runtime.ts");
    freezeYoungHeap();
    return createRuntime(settings, { ...parts, caller: "stdio" });
  };
  let handlers: Promise<Handlers> | undefined;
  const loadHandlers = async () => {
    runtime ??= load();
    return (await import("../mcp/handlers.ts")).createHandlers(await runtime, { listing, policy });
  };

  if (process.stdin.isTTY) {
    sayOnStandardError("MCP is served on standard input and output, for a client to start. Ctrl+C ends it.");
  }
  await serveOverStdio({ tools: () => tools, handlers: () => (handlers ??= loadHandlers()) });
  await (await runtime)?.close();
  await stop();
  return 0;
}
