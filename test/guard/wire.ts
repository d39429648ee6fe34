/** Stands before a registry, passes everything on, and remembers the requests with their bodies. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { QuayRequest } from "../../src/quay/request.ts";

export interface Wire {
  readonly url: string;
  /** What came, as it came. */
  readonly requests: QuayRequest[];
  readonly close: () => Promise<void>;
}

export async function openWire(registry: string): Promise<Wire> {
  const requests: QuayRequest[] = [];
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = incoming;
    const body = await text(incoming);
    requests.push({
      method: method as QuayRequest["method"],
      path: url,
      ...(body === "" ? {} : { body: JSON.parse(body) }),
    });
    // Not with fetch, which would tidy the path up.
    const { hostname, port } = new URL(registry);
    const onward = request({ hostname, port, method, path: url, headers });
    onward.end(body);
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
