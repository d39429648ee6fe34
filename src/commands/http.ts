import type { Callers } from "../http/callers/open.ts";
import { type Certificate, endOf, readCertificate } from "../http/certificate.ts";
import { isLoopback } from "../http/cross-origin.ts";
import { createLog, sayWith } from "../http/log.ts";
import { openOperation } from "../http/operation.ts";
import { type Rereadable, rereadOnHangup } from "../http/rereading.ts";
import type { HttpSettings } from "../http/settings.ts";
import { type HttpServer, startHttp } from "../http/start.ts";
import type { People } from "../registry/people.ts";
import type { Say } from "../say.ts";
import { createStores } from "../stores/stores.ts";
import { readListing } from "../surface/listing-file.ts";
import { readGiven } from "./http-settings.ts";
import { openParts } from "./parts.ts";

/** Serves MCP over HTTP until the process is told to stop; requests under way may then end. */
export async function serveOverHttp(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const listing = readListing();
  const tools = listing.tools.map(({ guarded }) => guarded);
  const { settings, sealKey, redisUrl, tls, callers } = await readGiven(flags, tools);
  const callersBringTokens = settings.auth === "passthrough";
  const toldToStop = interrupted();
  const log = await createLog(settings.logLevel);
  const say = sayWith(log);
  // Callers must not use the secrets of this machine.
  const opened = await openParts(settings, { callersBringTokens, secretsIn: {}, say });
  const ends: (() => unknown)[] = [opened.stop];
  try {
    const { authorities } = opened.parts.connection;
    const stores = await createStores({ redisUrl, authorities, say });
    ends.push(() => stores.close());
    let server: HttpServer | undefined;
    const operation = await openOperation(settings, {
      log,
      requests: () => server?.underWay ?? 0,
      draining: () => server?.draining ?? false,
      stores: () => storesState(redisUrl, stores.ready()),
    });
    ends.push(() => operation.close());
    server = await startHttp(settings, {
      ...opened.parts,
      ...callers,
      sealKey,
      tls,
      stores,
      listing,
      health: operation.health,
      observer: operation.observer,
      takeTurn: operation.takeTurn,
    });
    ends.push(rereadOnHangup([certificateFiles(settings, tls, server), callers.files], log));
    introduce(settings, server.url, opened.tokens, say);
    if (operation.metricsUrl !== undefined) say(`Metrics are at ${operation.metricsUrl}.`);
    const asking = new AbortController();
    ends.push(() => asking.abort());
    void tellTrouble(callers, asking.signal, say);
    const signal = await toldToStop;
    say(`Told to stop (${signal}): requests under way have ${settings.drain} seconds to end.`);
    await server.close();
  } finally {
    for (const end of ends.reverse()) await end();
  }
  say("The server has ended.");
  return 0;
}

function storesState(redisUrl: string | undefined, ready: boolean) {
  if (redisUrl === undefined) return "process";
  return ready ? "reachable" : "away";
}

function certificateFiles(
  settings: HttpSettings,
  tls: Certificate | undefined,
  server: HttpServer,
): Rereadable | undefined {
  if (tls === undefined) return undefined;
  return {
    async reread() {
      const certificate = (await readCertificate(settings))!;
      server.renew(certificate);
      return `The certificate of --tls-cert was read again: it holds until ${endOf(certificate)}.`;
    },
  };
}

/** What somebody who starts the server must know. */
function introduce(settings: HttpSettings, url: string, tokens: People | undefined, say: Say): void {
  const { host, tlsCert, sealKey, sealKeyFile } = settings;
  say(`MCP is served at ${url}/mcp until it is interrupted.`);
  if (tokens !== undefined) {
    say("It serves a small registry inside the program. Tokens of its users, to bring as Bearer:");
    for (const [kind, token] of Object.entries(tokens)) say(`  ${kind.padEnd(18)}  ${token}`);
  }
  if (!isLoopback(host) && tlsCert === undefined)
    say(
      "Callers' tokens come in without TLS: put a proxy with TLS in front, or set --tls-cert and --tls-key.",
    );
  if (sealKey === undefined && sealKeyFile === undefined)
    say(
      "Confirmations are sealed with a random key, which holds for this process alone: replicas need one in QUAY_MCP_SEAL_KEY or --seal-key-file.",
    );
}

/** The server waits neither for what callers are recognised with nor for the answer. */
async function tellTrouble({ trouble }: Callers, signal: AbortSignal, say: Say): Promise<void> {
  const sentence = await trouble?.(signal);
  if (sentence !== undefined) say(sentence);
}

/** The first signal; a second one, also of the other kind, ends the process at once, as signals do. */
function interrupted(): Promise<NodeJS.Signals> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  return new Promise((resolve) => {
    const stop = (told: NodeJS.Signals) => {
      for (const signal of signals) process.off(signal, stop);
      resolve(told);
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
