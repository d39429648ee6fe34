/** A registry that holds its answers back until it is told to give them. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HeldRequest {
  readonly line: string;
  answer(body: unknown): void;
  /** Resolves when the caller has given the request up. */
  readonly abandoned: Promise<void>;
}

export interface HeldRegistry {
  readonly url: string;
  /** The next request, as soon as it has come. */
  next(): Promise<HeldRequest>;
  close(): Promise<void>;
}

export async function startHeldRegistry(): Promise<HeldRegistry> {
  const waiting: HeldRequest[] = [];
  const wanted: ((request: HeldRequest) => void)[] = [];
  const server = createServer((request, response) => {
    const held = hold(request, response);
    const take = wanted.shift();
    if (take === undefined) waiting.push(held);
    else take(held);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () =>
      new Promise((resolve) => {
        const held = waiting.shift();
        if (held === undefined) wanted.push(resolve);
        else resolve(held);
      }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function hold({ method, url }: IncomingMessage, response: ServerResponse): HeldRequest {
  return {
    line: `${method} ${url}`,
    answer(body) {
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    },
    abandoned: new Promise((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) resolve();
      });
    }),
  };
}
