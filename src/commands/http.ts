import { readFile } from "node:fs/promises";
import { UsageError } from "../errors.ts";
import { openCallers } from "../http/callers/open.ts";
import { readConfigFile } from "../http/config-file.ts";
import { createLog, type Say, sayWith } from "../http/log.ts";
import { openOperation } from "../http/operation.ts";
import {
  allHttpSettings,
  HttpSettings,
  isLoopback,
  readHttpSettings,
  redisUrlOf,
  sealKeyOf,
} from "../http/settings.ts";
import { type HttpServer, startHttp } from "../http/start.ts";
import { readListing } from "../listing-file.ts";
import type { People } from "../registry/server.ts";
import { createStores } from "../stores/stores.ts";
import { openParts } from "./parts.ts";

/** Serves MCP over HTTP until the process is told to stop; requests under way may then end. */
export async function serveOverHttp(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const sources = { flags, environment: process.env };
  const file = await readConfigFile(sources, HttpSettings, allHttpSettings);
  const settings = readHttpSettings(flags, process.env, file);
  const sealKey = sealKeyOf(settings);
  const redisUrl = redisUrlOf(settings);
  const tls = await readCertificate(settings);
  const callersBringTokens = settings.auth === "passthrough";
  const toldToStop = interrupted();
  const log = await createLog(settings.logLevel);
  const say = sayWith(log);
  // Callers must not use the secrets of this machine.
  const opened = await openParts(settings, { callersBringTokens, secretsIn: {}, say });
  const ends: (() => unknown)[] = [opened.stop];
  try {
    const { connection } = opened.parts;
    const listing = readListing();
    const tools = listing.tools.map(({ guarded }) => guarded);
    const callers = await openCallers(settings, { ...connection, tools });
    const stores = await createStores({ redisUrl, authorities: connection.authorities, say });
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
    introduce(settings, server.url, opened.tokens, say);
    if (operation.metricsUrl !== undefined) say(`Metrics are at ${operation.metricsUrl}.`);
    await toldToStop;
    await server.close();
  } finally {
    for (const end of ends.reverse()) await end();
  }
  return 0;
}

function storesState(redisUrl: string | undefined, ready: boolean) {
  if (redisUrl === undefined) return "process";
  return ready ? "reachable" : "away";
}

async function readCertificate({ tlsCert, tlsKey }: HttpSettings) {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const [cert, key] = await Promise.all([readPem(tlsCert, "--tls-cert"), readPem(tlsKey, "--tls-key")]);
  return { cert, key };
}

async function readPem(file: string, flag: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`The file ${file} of ${flag} cannot be read (${code}).`);
  }
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

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
