/** Requests of both protocol eras as they stand on the wire, from a client that does as little as a client can. */

/** The newest revision of each era. */
export const eras = ["2025-11-25", "2026-07-28"] as const;

export type Era = (typeof eras)[number];

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "soak", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** @param name of the tool or the resource */
export function message(era: Era, token: string, method: string, params: object, name?: string): Message {
  const isStateless = era === "2026-07-28";
  return {
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": era,
      ...(isStateless && { "mcp-method": method }),
      ...(isStateless && name !== undefined && { "mcp-name": name }),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: isStateless ? { ...params, _meta: envelope } : params,
    }),
  };
}

/** The request of a tool call, as a client of this era writes it. */
export function toolCall(era: Era, token: string, name: string, given: object): Message {
  return message(era, token, "tools/call", { name, arguments: given }, name);
}

/** The request that reads a resource. */
export function resourceRead(era: Era, token: string, uri: string): Message {
  return message(era, token, "resources/read", { uri }, uri);
}
