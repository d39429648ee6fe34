/** A server on loopback that plays one recorded answer at a time. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { discovery, type Recording } from "./facts.ts";

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** With the query, still encoded. */
  readonly path: string;
  readonly authorization: string | undefined;
  /** The parsed JSON, or undefined where nothing was sent. */
  readonly body: unknown;
}

export interface Playback {
  readonly url: string;
  /**
   * Every request since the last `play`, but for those that come on their own: for the discovery and registry tokens, and
   * what the guard reads before a write, which is answered as if nothing were there.
   */
  readonly requests: readonly WireRequest[];
  /** Answers the next requests with what was recorded. */
  play(recording: Recording): void;
  close(): Promise<void>;
}

/** What the registry's token endpoint hands out here; it must not appear in any answer. */
export const registryToken = "CANARYregistrytoken0000000000000000";

export async function startPlayback(): Promise<Playback> {
  let playing: Recording | undefined;
  let requests: WireRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const [pathname] = request.url!.split("?");
    if (pathname === "/v2/auth")
      return answer(response, 200, jsonType, JSON.stringify({ token: registryToken }));
    if (pathname === "/api/v1/discovery" && !isDiscovery(playing))
      return answer(response, 200, jsonType, JSON.stringify(discovery));
    if (request.method === "GET" && playing !== undefined && playing.method !== "GET")
      return answer(response, 404, jsonType, JSON.stringify(notFound));
    requests.push({
      method: request.method!,
      path: request.url!,
      authorization: request.headers.authorization,
      body: body === "" ? undefined : JSON.parse(body),
    });
    if (playing === undefined)
      return answer(response, 500, jsonType, JSON.stringify({ message: "nothing is being played" }));
    return answer(response, playing.status, playing.headers, bodyOf(playing));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    play(recording) {
      playing = recording;
      requests = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notFound = { status: 404, error_type: "not_found", detail: "Not Found", title: "not_found" };

const jsonType = { "Content-Type": "application/json" };

function isDiscovery(recording: Recording | undefined): boolean {
  return recording?.path === "/api/v1/discovery";
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.writeHead(status, headers).end(body);
}

/** A body that was cut when it was recorded gets its length back: the discovery as it is known, a page by spaces. */
function bodyOf(recording: Recording): string {
  const { body, bodyIsJson } = recording;
  if (isDiscovery(recording)) return JSON.stringify(discovery);
  if (typeof body === "object" && body !== null && "_head" in body) {
    const { _head: head, _truncated: length } = body as unknown as { _head: string; _truncated: number };
    return head.padEnd(length);
  }
  return bodyIsJson ? JSON.stringify(body) : String(body ?? "");
}
