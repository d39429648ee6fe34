/** Protected resource metadata (RFC 9728): how MCP clients learn where their user signs in. */
import { mcpPath } from "../cross-origin.ts";
import type { Pages } from "../pages.ts";

const wellKnown = "/.well-known/oauth-protected-resource";

export interface ProtectedResource {
  /** The URL under which clients reach MCP. */
  readonly url: string;
  readonly issuer: string;
  readonly scopes?: readonly string[] | undefined;
}

/** Where the metadata is, as section 3.1 of the RFC says: the path of the resource comes after the well-known one. */
export function metadataUrlOf({ url }: Pick<ProtectedResource, "url">): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${wellKnown}${pathname === "/" ? "" : pathname}`;
}

/** The metadata at its own place, and where clients look that know only the host, or a server without a proxy. */
export function metadataPages(resource: ProtectedResource): Pages {
  const { url, issuer, scopes } = resource;
  const text = JSON.stringify({
    resource: url,
    authorization_servers: [issuer],
    bearer_methods_supported: ["header"],
    ...(scopes && { scopes_supported: scopes }),
    resource_name: "quay-mcp",
  });
  const page = () => ({ status: 200, type: "application/json", text });
  const paths = [wellKnown, wellKnown + mcpPath, new URL(metadataUrlOf(resource)).pathname];
  return new Map(paths.map((path) => [path, page]));
}
