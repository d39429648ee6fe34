import type { IncomingMessage, ServerResponse } from "node:http";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  isJSONRPCRequest,
  type JSONRPCRequest,
  type McpServer,
  PROTOCOL_VERSION_META_KEY,
  SdkError,
  SdkErrorCode,
  Server,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import type { Origin } from "../call/context.ts";
import { isRecord } from "../json.ts";
import { EarlierExchange, StatelessExchange } from "./exchange.ts";
import { statelessVersion } from "./server.ts";

/** A POST whose body was read. */
export interface Posted {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Parsed JSON. */
  readonly body: unknown;
  readonly origin: Origin;
}

/** Serves the protocol's requests of one caller. */
export interface McpEndpoint {
  /** Settles when the answer is written or the client has gone. */
  serve(posted: Posted): Promise<void>;
  close(): Promise<void>;
}

/**
 * Streamable HTTP without sessions, in both protocol eras: each request is served by a server of its own.
 *
 * A single request that says nothing unusual, as nearly all are, goes straight to its server. Handshakes, batches,
 * notifications, subscriptions and what is malformed are the SDK's handler's to answer.
 *
 * @param makeServer makes one
 * @param rejected hears why the SDK turned a request away
 */
export function createMcpEndpoint(
  makeServer: (origin: Origin) => McpServer | Server,
  rejected?: (error: Error) => void,
): McpEndpoint {
  const origins = new WeakMap<Request, Origin>();
  const handler = createMcpHandler(({ requestInfo }) => makeServer(origins.get(requestInfo!)!), {
    ...(rejected && { onerror: rejected }),
    maxSubscriptions: 4,
  });
  return {
    async serve(posted) {
      const { request, response, body, origin } = posted;
      if (response.destroyed) return;
      if (isEarlier(request, body)) return serveEarlier(makeServer(origin), body, response);
      if (isPlainlyStateless(request, body)) {
        const server = makeServer(origin);
        // What the tools of the other kind may demand of headers is the handler's to check.
        if (server instanceof Server) return serveStateless(server, body, response);
      }
      const asked = webRequest(request, response);
      origins.set(asked, origin);
      await write(await handler.fetch(asked, { parsedBody: body }), response);
    },
    close: () => handler.close(),
  };
}

/** What only requests of the newest revision have in their `_meta`, as far as these names begin. */
const envelopePrefix = "io.modelcontextprotocol/";

function metaOf({ params }: JSONRPCRequest): Readonly<Record<string, unknown>> {
  const meta = params?._meta;
  return isRecord(meta) ? meta : {};
}

/** A single request of a revision before 2026-07-28, and no handshake. */
function isEarlier({ headers }: IncomingMessage, body: unknown): body is JSONRPCRequest {
  const version = headers["mcp-protocol-version"] as string | undefined;
  return (
    (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) &&
    isJSONRPCRequest(body) &&
    body.method !== "initialize" &&
    !Object.keys(metaOf(body)).some((key) => key.startsWith(envelopePrefix))
  );
}

/** Where the usual methods have what the header Mcp-Name repeats. */
const nameIn: Readonly<Record<string, "name" | "uri" | undefined>> = {
  "tools/call": "name",
  "tools/list": undefined,
  "resources/read": "uri",
  "resources/list": undefined,
  "resources/templates/list": undefined,
  "prompts/get": "name",
  "prompts/list": undefined,
  "completion/complete": undefined,
};

/** A usual request of revision 2026-07-28 whose headers repeat its body to the letter: what else is right, the handler knows. */
function isPlainlyStateless({ headers }: IncomingMessage, body: unknown): body is JSONRPCRequest {
  if (headers["mcp-protocol-version"] !== statelessVersion || !isJSONRPCRequest(body)) return false;
  const { method, params } = body;
  if (headers["mcp-method"] !== method || !Object.hasOwn(nameIn, method)) return false;
  const field = nameIn[method];
  const [name, header] = [field && params?.[field], headers["mcp-name"] as string | undefined];
  return (
    header === name &&
    (field === undefined || typeof name === "string") &&
    // Said in base64, it would have to be read first.
    header?.startsWith("=?") !== true &&
    hasPlainEnvelope(metaOf(body))
  );
}

/** What the envelope holds in full, the server looks at by itself. */
function hasPlainEnvelope(meta: Readonly<Record<string, unknown>>): boolean {
  const client = meta[CLIENT_INFO_META_KEY];
  return (
    meta[PROTOCOL_VERSION_META_KEY] === statelessVersion &&
    isRecord(client) &&
    typeof client.name === "string" &&
    typeof client.version === "string" &&
    isRecord(meta[CLIENT_CAPABILITIES_META_KEY])
  );
}

async function serveEarlier(
  server: McpServer | Server,
  body: JSONRPCRequest,
  response: ServerResponse,
): Promise<void> {
  const exchange = new EarlierExchange(body, response);
  await server.connect(exchange);
  exchange.begin();
  await exchange.over;
}

async function serveStateless(server: Server, body: JSONRPCRequest, response: ServerResponse): Promise<void> {
  const exchange = new StatelessExchange({ era: "modern", revision: statelessVersion }, response);
  await server.connect(exchange);
  const unusual = exchange.handleMessage(body).then((answer) => write(answer, response));
  try {
    await Promise.race([exchange.over, unusual]);
  } catch (error) {
    const hasGone = error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed;
    if (!hasGone) throw error;
  }
}

/** The request for the SDK's handler; it is aborted where the client goes. */
function webRequest({ headers }: IncomingMessage, response: ServerResponse): Request {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") copied.set(name, value);
  }
  return new Request("http://localhost/mcp", { method: "POST", headers: copied, signal: gone.signal });
}

async function write(answer: Response, response: ServerResponse): Promise<void> {
  if (response.destroyed) return void (await answer.body?.cancel());
  const headers = Object.fromEntries(answer.headers);
  if (headers["content-type"] !== "text/event-stream") {
    response.writeHead(answer.status, headers).end(await answer.text());
    return;
  }
  response.writeHead(answer.status, headers);
  for await (const chunk of answer.body ?? []) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.once("drain", go).once("close", go);
  });
}
