/** The embedded registry as an HTTP server: a small Quay on loopback, with state, for trying things and for tests. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { catalogue } from "../../tools/index.ts";
import { scopes as allScopes, type Scope } from "../operation.ts";
import { type Answer, internalServerError } from "./answers.ts";
import { besides } from "./besides.ts";
import { handlers } from "./chapters/index.ts";
import { type Clock, createClock } from "./clock.ts";
import { fillWithCompany } from "./company/fill.ts";
import { type Controlled, control, controlPrefix } from "./control.ts";
import { createFaults, type FaultPlan, type Faults, frontPage } from "./faults.ts";
import { type Handling, handle } from "./handle.ts";
import { addManyRepositories } from "./many.ts";
import type { People } from "./people.ts";
import { createRouter } from "./routing.ts";
import { emptyState, type State } from "./state.ts";

export interface RegistryOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** Fills the registry when it starts; with the company, unless said otherwise. */
  readonly fill?: (state: State) => People;
  /** The time it is in the registry, until a test sets another. */
  readonly now?: () => Date;
  /** The same seed gives the same identifiers and credentials. */
  readonly seed?: number;
  /** As many more repositories, made when they are asked for, in organizations `load-01`, …; none, unless said otherwise. */
  readonly repositories?: number;
  /** Of those; 20, unless said otherwise. */
  readonly tagsPerRepository?: number;
  /** What goes wrong; nothing, unless said otherwise. */
  readonly faults?: FaultPlan;
  /** How many of the requests are remembered; 10,000, unless said otherwise. */
  readonly requestsKept?: number;
}

/** A request that was answered. */
export interface Served {
  readonly method: string;
  /** With the query, as it came. */
  readonly path: string;
  /** 0 where a fault took the answer away. */
  readonly status: number;
}

export interface Registry {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** A token with every scope for each kind of user. */
  readonly tokens: People;
  /** What was asked since the start, or since a test emptied it; the newest of them, where they are many. */
  readonly requests: Served[];
  /** How many requests were answered since the start. */
  readonly answered: () => number;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Issues an OAuth token. */
  readonly addToken: (options: {
    readonly user: string;
    readonly scopes: readonly Scope[];
    readonly expired?: boolean;
  }) => string;
  readonly state: State;
  readonly close: () => Promise<void>;
}

const longestBody = 16 * 1024 * 1024;

/** Starts a registry that listens on loopback only. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { port = 0, fill = fillWithCompany, now = () => new Date(), seed = 1 } = options;
  const { repositories = 0, tagsPerRepository = 20, requestsKept = 10_000 } = options;
  const clock = createClock(now);
  const faults = createFaults(options.faults ?? { latency: 0, faults: {} }, seed);
  const state = emptyState({ now: clock.now, seed });
  const people = fill(state);
  addManyRepositories(state, { repositories, tagsPerRepository }, seed);
  const requests: Served[] = [];
  let answered = 0;
  const served = [...catalogue, ...besides].filter(
    (operation) => handlers[operation.operationId] !== undefined,
  );
  const router = createRouter(served);
  let handling: Handling & Controlled;

  const note = (request: Served) => {
    answered += 1;
    requests.push(request);
    if (requests.length > requestsKept) requests.shift();
  };
  const server = createServer((request, response) => {
    serve(request, response, handling, note).catch(() => response.destroy());
  });
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handling = { state, router, handlers, url, faults, clock };

  const addToken: Registry["addToken"] = ({ user, scopes, expired = false }) => {
    const secret = state.random.code(40);
    state.tokens.set(secret, { id: state.nextId("token"), user, scopes, expired });
    return secret;
  };
  const tokenFor = (user: string) => addToken({ user, scopes: allScopes });
  return {
    url,
    tokens: {
      superuser: tokenFor(people.superuser),
      member: tokenFor(people.member),
      outsider: tokenFor(people.outsider),
      readonly_superuser: tokenFor(people.readonly_superuser),
    },
    requests,
    answered: () => answered,
    clock,
    faults,
    addToken,
    state,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers one request, or lets a fault befall it, and notes it. */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handling: Handling & Controlled,
  note: (served: Served) => void,
): Promise<void> {
  const url = request.url ?? "";
  const method = request.method ?? "";
  const [path = "", query = ""] = splitOnce(url, "?");
  const body = await read(request);
  if (path.startsWith(controlPrefix)) {
    send(response, control({ method, path, body: body ?? "" }, handling), false);
    return;
  }
  const fault = handling.faults.next();
  const { latency } = handling.faults.plan();
  if (latency > 0) await wait(latency, undefined, { ref: false });
  const answer =
    fault === "429" || fault === "503"
      ? frontPage(fault)
      : body === undefined
        ? tooLarge
        : handle({ method, path, query, headers: headersOf(request), body }, handling);
  const lost = fault === "reset" || fault === "hang";
  note({ method, path: url, status: lost ? 0 : answer.status });
  if (fault === "reset") request.socket.resetAndDestroy();
  else if (fault !== "hang") send(response, answer, method === "HEAD");
}

const tooLarge: Answer = {
  status: 413,
  body: { message: "The data value transmitted exceeds the capacity limit." },
};

function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  const { status, body, type = "application/json", headers = {} } = answer;
  const text =
    body === undefined ? "" : type === "application/json" ? `${JSON.stringify(body)}\n` : String(body);
  try {
    response.writeHead(status, {
      ...headers,
      "Content-Type": type,
      ...(status === 204 ? {} : { "Content-Length": Buffer.byteLength(text) }),
    });
  } catch {
    // A header that HTTP does not allow, made of what was asked for.
    const failure = internalServerError();
    response.writeHead(failure.status, { "Content-Type": failure.type });
    response.end(failure.body);
    return;
  }
  response.end(headOnly || status === 204 ? undefined : text);
}

function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

/** The whole body as text; undefined where it is longer than anyone needs. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= longestBody) chunks.push(chunk as Buffer);
  }
  return length > longestBody ? undefined : Buffer.concat(chunks).toString("utf8");
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
