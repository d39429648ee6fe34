/**
 * A caller's requests as they stand on the wire, so that each can go to a replica of its own and carry whatever an attacker
 * would put into it.
 */
export interface Request {
  readonly url: string;
  readonly token: string;
  readonly tool: string;
  readonly given: Readonly<Record<string, unknown>>;
  /** Revision 2026-07-28, from a client that can show a form; else 2025-11-25, from one that cannot. */
  readonly form?: { readonly state?: string; readonly name?: string };
}

export interface Reply {
  /** HTTP's; 0 where the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
  /** Whether the tool answered, and with success. */
  readonly isDone: boolean;
  /** The code that a notice holds. */
  readonly code: string | undefined;
  /** The state that comes with a question to the user. */
  readonly state: string | undefined;
}

export async function callTool(request: Request): Promise<Reply> {
  const { form } = request;
  try {
    const response = await fetch(request.url, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${request.token}`,
        Accept: "application/json, text/event-stream",
        "Content-Type": "application/json",
        "MCP-Protocol-Version": form === undefined ? "2025-11-25" : "2026-07-28",
        ...(form && { "Mcp-Method": "tools/call", "Mcp-Name": request.tool }),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: paramsOf(request) }),
      signal: AbortSignal.timeout(20_000),
    });
    return replyOf(response.status, await response.text());
  } catch (error) {
    return { status: 0, text: String(error), isDone: false, code: undefined, state: undefined };
  }
}

function paramsOf({ tool, given, form }: Request): object {
  const called = { name: tool, arguments: given };
  if (form === undefined) return called;
  return {
    ...called,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    },
    ...(form.state !== undefined && {
      requestState: form.state,
      inputResponses: { confirm: { action: "accept", content: { name: form.name } } },
    }),
  };
}

interface Result {
  readonly content?: readonly { readonly text?: string }[];
  readonly isError?: boolean;
  readonly requestState?: string;
}

function replyOf(status: number, body: string): Reply {
  const result = resultIn(body);
  const text = result?.content?.map((part) => part.text ?? "").join("") ?? body;
  const code = codeIn(text);
  const state = result?.requestState;
  const isDone = result?.content !== undefined && result.isError !== true && code === undefined;
  return { status, text, isDone, code, state };
}

/** The result in a body of JSON or in the last event of a stream. */
function resultIn(body: string): Result | undefined {
  const events = body.split("\n").filter((line) => line.startsWith("data:") && line.length > 6);
  try {
    const message = JSON.parse(events.at(-1)?.slice("data:".length) ?? body) as { result?: Result };
    return message.result;
  } catch {
    return undefined;
  }
}

function codeIn(text: string): string | undefined {
  try {
    const { sent, confirm } = JSON.parse(text) as { sent?: unknown; confirm?: unknown };
    return sent === false && typeof confirm === "string" ? confirm : undefined;
  } catch {
    return undefined;
  }
}
