/** The HTTP server on the embedded registry, for tests: real sockets, the real way of a request. */
import { openCallers } from "../../src/http/callers/open.ts";
import { readHttpSettings } from "../../src/http/settings.ts";
import { type HttpParts, type HttpServer, startHttp } from "../../src/http/start.ts";
import type { Registry } from "../../src/registry/server.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { createStores } from "../../src/stores/stores.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import type { HttpAddress } from "../support/revisions.ts";

const listing = createWholeListing();

export interface Serving extends HttpServer {
  /** How a caller with this token reaches it. */
  as(token: string, headers?: Readonly<Record<string, string>>): HttpAddress;
}

/** Starts a server on any free port, with flags as on a command line, and parts of a test's own. */
export async function serve(
  registry: Pick<Registry, "url">,
  flags: Readonly<Record<string, string>> = {},
  parts: Partial<HttpParts> = {},
): Promise<Serving> {
  const settings = readHttpSettings({ url: registry.url, port: "0", drain: "2", ...flags }, {});
  const server = await startHttp(settings, {
    connection: { url: registry.url, token: "" },
    secrets: noSecrets,
    audit: undefined,
    listing,
    stores: await createStores(),
    ...(await openCallers(settings, {
      token: settings.token ?? "",
      tools: listing.tools.map(({ guarded }) => guarded),
    })),
    ...parts,
  });
  return Object.assign(server, {
    as: (token: string, headers = {}) => ({
      url: server.url,
      headers: { ...headers, authorization: `Bearer ${token}` },
    }),
  });
}
