import { randomBytes } from "node:crypto";
import type { Dispatcher } from "undici";
import { hidingIn } from "../audit/audit.ts";
import type { Origin } from "../call/context.ts";
import type { CallObserver } from "../call/observer.ts";
import { createPolicy } from "../guard/policy.ts";
import { canonical } from "../guard/seal.ts";
import { createHandlers } from "../mcp/handlers.ts";
import { createMcpEndpoint, type McpEndpoint } from "../mcp/http.ts";
import { createServer } from "../mcp/server.ts";
import type { Turn } from "../quay/client.ts";
import { openDispatcher } from "../quay/dispatcher.ts";
import { createScrubber } from "../quay/scrub.ts";
import { createRuntime, type Runtime, type RuntimeParts } from "../runtime.ts";
import type { Stores } from "../stores/stores.ts";
import type { ListedTool, Listing } from "../surface/listing.ts";
import { surfaceOf } from "../surface/surface.ts";
import { createAdmission } from "./admission.ts";
import type { Authenticate, Caller } from "./callers/caller.ts";
import { createNarrowing } from "./callers/narrowing.ts";
import type { Certificate } from "./certificate.ts";
import { createCrossOrigin, loopbackHosts } from "./cross-origin.ts";
import { type Limits, type Listener, listen, usualLimits } from "./listener.ts";
import type { Observer } from "./observe.ts";
import type { Pages } from "./pages.ts";
import { createRecentlyUsed } from "./recently-used.ts";
import type { HttpSettings } from "./settings.ts";
import { createWay } from "./way.ts";

/** What the server uses besides its settings. It closes none of them. */
export interface HttpParts extends Pick<RuntimeParts, "connection" | "secrets" | "audit"> {
  readonly listing: Listing;
  readonly authenticate: Authenticate;
  /** With which confirmations are sealed, the same for all replicas; without it, a random one. */
  readonly sealKey?: Buffer | undefined;
  readonly stores: Pick<Stores, "nonces" | "brakes" | "answers">;
  readonly tls?: Certificate | undefined;
  /** The pages for probes. */
  readonly health?: Pages | undefined;
  readonly pages?: Pages | undefined;
  readonly observer?: Observer & CallObserver;
  /** Gives a caller's request to Quay its turn among those of all callers. */
  readonly takeTurn?: (callerId: string) => Turn;
  readonly limits?: Partial<Limits>;
}

export interface HttpServer extends Pick<Listener, "url" | "draining" | "connections" | "renew"> {
  /** How many requests are under way. */
  readonly underWay: number;
  /** Waits for the requests under way, as long as the settings allow, and then for the writes that were sent. */
  close(): Promise<void>;
}

/** How many callers' connections to their tools are kept at hand; what drops out is made again when it is needed. */
const mostCallers = 1024;

/** What serves one caller. */
interface Desk {
  readonly endpoint: McpEndpoint;
  readonly runtime: Runtime;
}

/**
 * Starts to serve MCP over HTTP. Each caller has a runtime of their own; they share the connections to Quay and what is
 * the same for all.
 *
 * @throws UsageError where it cannot listen
 */
export async function startHttp(settings: HttpSettings, parts: HttpParts): Promise<HttpServer> {
  const { observer = {}, health = new Map(), pages = new Map(), takeTurn } = parts;
  const { maxConnectionsPerAddress: mostConnectionsPerAddress } = settings;
  const limits = { ...usualLimits, mostConnectionsPerAddress, ...parts.limits };
  const { sealKey = randomBytes(32) } = parts;
  const connections = sharedConnections(settings, parts);
  const offers = createOffers(settings, parts.listing);
  const desks = createRecentlyUsed<Desk>(mostCallers, closeDesk);

  const open = (caller: Caller): Desk => {
    const { tools, offer } = offers(caller.restrictions);
    const runtime = createRuntime(settings, {
      ...parts.stores,
      connection: { ...parts.connection, token: caller.token },
      secrets: parts.secrets,
      audit: parts.audit && hidingIn(parts.audit, createScrubber([caller.token])),
      caller: caller.name,
      callerId: caller.id,
      restrictions: caller.restrictions,
      sealKey,
      observer,
      quay: {
        connections: connections.open,
        ...(takeTurn && { takeTurn: () => takeTurn(caller.id) }),
        ...(observer.exchanged && { observe: observer.exchanged }),
      },
    });
    const handlers = Promise.resolve(createHandlers(runtime, offer));
    const serverParts = { tools: () => tools, handlers: () => handlers };
    const makeServer = (origin: Origin) => createServer({ ...serverParts, origin });
    const endpoint = createMcpEndpoint(makeServer, observer.rejected);
    return { endpoint, runtime };
  };

  const admission = createAdmission({
    inAll: settings.maxRequests,
    perCaller: settings.maxRequestsPerCaller,
  });
  const way = createWay({
    crossOrigin: createCrossOrigin({
      hosts: settings.allowedHosts ?? loopbackHosts,
      origins: settings.allowedOrigins,
    }),
    authenticate: parts.authenticate,
    narrow: createNarrowing(parts.listing.tools.map(({ guarded }) => guarded)),
    admission,
    async serve({ caller, ...asked }) {
      const desk = desks.lease(deskKey(caller), () => open(caller));
      try {
        await desk.value.endpoint.serve(asked);
      } finally {
        desk.giveBack();
      }
    },
    health,
    pages,
    observer,
    ...limits,
  });
  const { host, port, drain } = settings;
  const { tls } = parts;
  const listener = await listen(way, { host, port, tls, limits, refused: observer.refusedConnection });
  return {
    url: listener.url,
    renew: listener.renew,
    get draining() {
      return listener.draining;
    },
    get connections() {
      return listener.connections;
    },
    get underWay() {
      return admission.underWay;
    },
    async close() {
      await listener.close(drain * 1000);
      await desks.close();
      await connections.close();
    },
  };
}

/** The name, too: a person may get another, and the audit log has the one of the day. */
const deskKey = ({ id, name, restrictions }: Caller) => canonical([id, name, restrictions]);

async function closeDesk({ endpoint, runtime }: Desk): Promise<void> {
  await endpoint.close();
  await runtime.close();
}

/** One pool of connections for all callers: each request carries its caller's own token. */
function sharedConnections({ timeout, maxQuayRequests }: HttpSettings, { connection }: HttpParts) {
  let opened: Promise<Dispatcher> | undefined;
  const { authorities, environment } = connection;
  const { origin } = new URL(connection.url);
  return {
    open: () =>
      (opened ??= openDispatcher({
        origin,
        timeoutMs: timeout * 1000,
        connections: maxQuayRequests,
        authorities,
        environment,
      })),
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

interface Offered {
  readonly tools: readonly ListedTool[];
  readonly offer: Parameters<typeof createHandlers>[1];
}

/** Restrictions are few, since they are an operator's or a team's: their listings are kept. */
const mostOffers = 64;

/** What callers are offered, by what they are restricted to. */
function createOffers(
  settings: HttpSettings,
  listing: Listing,
): (restrictions: Caller["restrictions"]) => Offered {
  const made = new Map<string, Offered>();
  const guarded = listing.tools.map((entry) => entry.guarded);
  const make = (restrictions: Caller["restrictions"]): Offered => {
    const policy = createPolicy(settings, guarded, restrictions);
    return { tools: surfaceOf(listing, policy, settings.surface), offer: { listing, policy } };
  };
  return (restrictions) => {
    const key = canonical(restrictions);
    const offered = made.get(key) ?? make(restrictions);
    made.delete(key);
    made.set(key, offered);
    const [oldest] = made.keys();
    if (made.size > mostOffers) made.delete(oldest!);
    return offered;
  };
}
