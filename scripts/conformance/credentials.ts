/** The suite has no credentials to show: something before the server adds them, and changes nothing else. */
import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface CredentialsProxy {
  /** Without `/mcp`. */
  readonly url: string;
  close(): void;
}

/** @param target where requests go on to, on loopback */
export async function addCredentials(target: string, token: string): Promise<CredentialsProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    const { method, url, rawHeaders } = request;
    const headers = [...rawHeaders, "Authorization", `Bearer ${token}`];
    const asked = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
