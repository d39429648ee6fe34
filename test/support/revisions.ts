/** A client of each revision of the protocol, on the built program over stdio. */
import * as current from "@modelcontextprotocol/client";
import { StdioClientTransport as CurrentTransport } from "@modelcontextprotocol/client/stdio";
import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { commandOf, type Start } from "./program.ts";

/** What the tests do with a client, whichever it is. */
export interface Session {
  readonly revision: string | undefined;
  readonly instructions: string | undefined;
  readonly server:
    | { readonly name: string; readonly title?: string | undefined; readonly version: string }
    | undefined;
  listTools(): Promise<readonly current.Tool[]>;
  callTool(name: string, given?: Record<string, unknown>, signal?: AbortSignal): Promise<Said>;
  listResources(): Promise<readonly current.Resource[]>;
  listResourceTemplates(): Promise<readonly current.ResourceTemplateType[]>;
  readResource(uri: string): Promise<unknown>;
  complete(
    template: string,
    argument: { name: string; value: string },
    others?: Record<string, string>,
  ): Promise<Completion>;
  close(): Promise<void>;
}

/** A tool's result as its reader sees it. */
export interface Said {
  readonly text: string;
  readonly isError: boolean;
}

interface Completion {
  readonly values: readonly string[];
  readonly hasMore?: boolean | undefined;
}

interface Revision {
  readonly revision: string;
  readonly connect: (start: Start) => Promise<Session>;
}

const client = { name: "tests", version: "1.0.0" };

/** The revisions that the program is tested with, oldest first. */
export const revisions: readonly Revision[] = [
  {
    revision: "2025-03-26",
    connect: (start) => connectCurrent(start, { supportedProtocolVersions: ["2025-03-26"] }),
  },
  { revision: "2025-11-25", connect: connectEarlier },
  {
    revision: "2026-07-28",
    connect: (start) => connectCurrent(start, { versionNegotiation: { mode: { pin: "2026-07-28" } } }),
  },
];

async function connectEarlier(start: Start): Promise<Session> {
  const connection = new EarlierClient(client);
  const transport = new EarlierTransport(commandOf(start));
  let revision: string | undefined;
  Object.assign(transport, { setProtocolVersion: (agreed: string) => (revision = agreed) });
  await connection.connect(transport as never);
  return sessionOf(connection as never, revision, (params, signal) =>
    connection.callTool(params, undefined, { ...(signal && { signal }) }),
  );
}

async function connectCurrent(start: Start, options: current.ClientOptions): Promise<Session> {
  const connection = new current.Client(client, options);
  await connection.connect(new CurrentTransport(commandOf(start)));
  return sessionOf(connection, connection.getNegotiatedProtocolVersion(), (params, signal) =>
    connection.callTool(params, { ...(signal && { signal }) }),
  );
}

type Call = (
  params: { name: string; arguments: Record<string, unknown> },
  signal: AbortSignal | undefined,
) => Promise<object>;

/** The two clients differ in how options are passed to a call; the other methods are the same. */
function sessionOf(connection: current.Client, revision: string | undefined, call: Call): Session {
  return {
    revision,
    instructions: connection.getInstructions(),
    server: connection.getServerVersion(),
    listTools: async () => (await connection.listTools()).tools,
    async callTool(name, given = {}, signal) {
      const result = await call({ name, arguments: given }, signal);
      const { content, isError } = result as { content: { text: string }[]; isError?: boolean };
      const texts = content.map(({ text }) => text);
      return { text: texts.join(""), isError: isError === true };
    },
    listResources: async () => (await connection.listResources()).resources,
    listResourceTemplates: async () => (await connection.listResourceTemplates()).resourceTemplates,
    async readResource(uri) {
      const [first] = (await connection.readResource({ uri })).contents;
      return JSON.parse(first !== undefined && "text" in first ? first.text : "null");
    },
    async complete(uri, argument, others) {
      const { completion } = await connection.complete({
        ref: { type: "ref/resource", uri },
        argument,
        ...(others && { context: { arguments: others } }),
      });
      return completion;
    },
    close: () => connection.close(),
  };
}
