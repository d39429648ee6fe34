import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createQuayClient, type QuayClient, type QuayClientOptions } from "../../src/quay/client.ts";
import { QuayError } from "../../src/quay/errors.ts";

/** As long as Quay's own. */
export const token = "TOKENtokenTOKENtokenTOKENtokenTOKENtoken";

export interface Server {
  readonly url: string;
  readonly origin: string;
  /** What it was asked, in order. */
  readonly requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
}

/** Starts a registry for one test. It answers what the listener says, after the whole request has come. */
export async function startServer(
  listener: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  prefix = "",
): Promise<Server> {
  const requests: Server["requests"] = [];
  const record: RequestListener = (request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      listener(request, response, requests.length);
    });
  };
  const server = createServer(record);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, url: origin + prefix, requests };
}

/** A client for one test, in a hurry. */
export function connect(url: string, options: Partial<QuayClientOptions> = {}): QuayClient {
  const client = createQuayClient({ url, token, timeoutMs: 2000, userAgent: "quay-mcp/0.0.0", ...options });
  onTestFinished(() => client.close());
  return client;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The error that a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<QuayError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof QuayError) return error;
  throw new Error(
    `expected a QuayError, not ${error instanceof Error ? error.stack : JSON.stringify(error)}`,
  );
}
