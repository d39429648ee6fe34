/** Clients of both eras whose user answers questions: on the built program over stdio, or on a server over HTTP. */
import * as current from "@modelcontextprotocol/client";
import { StdioClientTransport as CurrentTransport } from "@modelcontextprotocol/client/stdio";
import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as EarlierHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { commandOf, type Start } from "./program.ts";
import type { HttpAddress, Said } from "./revisions.ts";

/** What the user is shown. */
export interface Form {
  readonly message: string;
  readonly requestedSchema: {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required?: string[];
  };
}

/** What the user does with a form; a client that throws instead shows none. */
export type Answering = (form: Form) => Promise<FormAnswer> | FormAnswer;

export interface FormAnswer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Record<string, string>;
}

export interface AskingSession {
  callTool(name: string, given: Record<string, unknown>, options?: CallOptions): Promise<Said>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; message?: string | undefined }) => void;
}

type Elicitation = { readonly form?: Record<string, never>; readonly url?: Record<string, never> };

interface Era {
  readonly revision: string;
  readonly connect: (
    server: Start | HttpAddress,
    answer: Answering,
    elicitation?: Elicitation,
  ) => Promise<AskingSession>;
}

const about = { name: "tests", version: "1.0.0" };

export const eras: readonly Era[] = [
  {
    revision: "2025-11-25",
    async connect(server, answer, elicitation = {}) {
      const client = new EarlierClient(about, { capabilities: { elicitation } });
      client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({
        ...(await answer(params as Form)),
      }));
      const transport =
        "url" in server
          ? new EarlierHttpTransport(new URL("/mcp", server.url), {
              requestInit: { headers: server.headers },
            })
          : new EarlierTransport(commandOf(server));
      // Their types differ where one is optional and the other may be undefined.
      await client.connect(transport as EarlierTransport);
      return {
        async callTool(name, given, options = {}) {
          return saidBy(await client.callTool({ name, arguments: given }, undefined, options));
        },
        close: () => client.close(),
      };
    },
  },
  {
    revision: "2026-07-28",
    async connect(server, answer, elicitation = {}) {
      const client = new current.Client(about, {
        capabilities: { elicitation },
        versionNegotiation: { mode: { pin: "2026-07-28" } },
      });
      client.setRequestHandler("elicitation/create", async ({ params }) => ({
        ...(await answer(params as Form)),
      }));
      await client.connect(
        "url" in server
          ? new current.StreamableHTTPClientTransport(new URL("/mcp", server.url), {
              requestInit: { headers: server.headers },
            })
          : new CurrentTransport(commandOf(server)),
      );
      return {
        async callTool(name, given, options = {}) {
          return saidBy(await client.callTool({ name, arguments: given }, options));
        },
        close: () => client.close(),
      };
    },
  },
];

function saidBy(result: Readonly<Record<string, unknown>>): Said {
  const { content, isError } = result;
  const [first] = content as { text: string }[];
  return { text: first?.text ?? "", isError: isError === true };
}
