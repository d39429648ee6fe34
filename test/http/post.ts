/** Requests of protocol 2026-07-28 by hand, for what no client lets one choose. */
export interface Posting {
  /** Of the server, without `/mcp`. */
  readonly url: string;
  readonly token: string;
  readonly tool: string;
  readonly given?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Besides what the protocol asks for. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Whether the client can show a form. */
  readonly canAsk?: boolean;
  /** What the user answered to the question of an earlier request. */
  readonly answered?: { readonly requestState: string; readonly inputResponses: object };
}

export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  /** The result's or the error's JSON. */
  readonly text: string;
}

/** Calls a tool. */
export async function post({ url, token, tool, given = {}, ...more }: Posting): Promise<Posted> {
  const { headers = {}, meta = {}, canAsk = false, answered = {} } = more;
  const answer = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": tool,
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: tool,
        arguments: given,
        ...answered,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
          "io.modelcontextprotocol/clientCapabilities": canAsk ? { elicitation: {} } : {},
          ...meta,
        },
      },
    }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
