/** A client of each revision of the protocol: on the built program over stdio, or on a server over HTTP. */
import * as current from "@modelcontextprotocol/client";
import { StdioClientTransport as CurrentTransport } from "@modelcontextprotocol/client/stdio";
import { Client as EarlierClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as EarlierTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as EarlierHttpTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
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
  /** Every page together. */
  listResources(): Promise<readonly current.Resource[]>;
  /** The first page, or the one of a cursor. */
  listResourcePage(cursor?: string): Promise<ResourcePage>;
  listResourceTemplates(): Promise<readonly current.ResourceTemplateType[]>;
  readResource(uri: string): Promise<unknown>;
  listPrompts(): Promise<readonly current.Prompt[]>;
  /** The text of the prompt's one message. */
  getPrompt(name: string, given?: Record<string, string>): Promise<string>;
  /** Completes a variable of a template or an argument of a prompt. */
  complete(
    of: string,
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
  readonly total?: number | undefined;
  readonly hasMore?: boolean | undefined;
}

interface ResourcePage {
  readonly resources: readonly current.Resource[];
  readonly nextCursor?: string | undefined;
}

interface Revision {
  readonly revision: string;
  readonly connect: (start: Start) => Promise<Session>;
  readonly connectTo: (server: HttpAddress) => Promise<Session>;
  /** On a transport of the tests' own. */
  readonly connectOver: (transport: current.Transport) => Promise<Session>;
}

/** Where a server is, and what every request to it carries. */
export interface HttpAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const client = { name: "tests", version: "1.0.0" };

/** The revisions that the program is tested with, oldest first. */
export const revisions: readonly Revision[] = [
  {
    revision: "2025-03-26",
    ...currentWith({ supportedProtocolVersions: ["2025-03-26"] }),
  },
  {
    revision: "2025-11-25",
    connect: (start) => connectEarlier(new EarlierTransport(commandOf(start))),
    connectTo: (server) =>
      connectEarlier(new EarlierHttpTransport(endpointOf(server), { requestInit: initOf(server) })),
    connectOver: connectEarlier,
  },
  {
    revision: "2026-07-28",
    ...currentWith({ versionNegotiation: { mode: { pin: "2026-07-28" } } }),
  },
];

function currentWith(options: current.ClientOptions): Omit<Revision, "revision"> {
  return {
    connect: (start) => connectCurrent(new CurrentTransport(commandOf(start)), options),
    connectTo: (server) =>
      connectCurrent(
        new current.StreamableHTTPClientTransport(endpointOf(server), { requestInit: initOf(server) }),
        options,
      ),
    connectOver: (transport) => connectCurrent(transport, options),
  };
}

const endpointOf = ({ url }: HttpAddress) => new URL("/mcp", url);
const initOf = ({ headers }: HttpAddress) => ({ headers: { ...headers } });

async function connectEarlier(transport: object): Promise<Session> {
  const connection = new EarlierClient(client);
  let revision: string | undefined;
  Object.assign(transport, { setProtocolVersion: (agreed: string) => (revision = agreed) });
  await connection.connect(transport as never);
  return sessionOf(connection as never, revision, {
    call: (params, signal) => connection.callTool(params, undefined, { ...(signal && { signal }) }),
    page: (params) => connection.listResources(params) as never,
  });
}

async function connectCurrent(
  transport: current.Transport,
  options: current.ClientOptions,
): Promise<Session> {
  const connection = new current.Client(client, options);
  await connection.connect(transport);
  return sessionOf(connection, connection.getNegotiatedProtocolVersion(), {
    call: (params, signal) => connection.callTool(params, { ...(signal && { signal }) }),
    page: (params) => connection.request({ method: "resources/list", params }),
  });
}

interface Differing {
  readonly call: (
    params: { name: string; arguments: Record<string, unknown> },
    signal: AbortSignal | undefined,
  ) => Promise<object>;
  /** One page; the current client's own method goes through all of them. */
  readonly page: (params: { cursor?: string }) => Promise<ResourcePage>;
}

/** The two clients differ in how options are passed to a call, and in who goes through the pages of a list. */
function sessionOf(
  connection: current.Client,
  revision: string | undefined,
  { call, page }: Differing,
): Session {
  const listResourcePage = (cursor?: string) => page(cursor === undefined ? {} : { cursor });
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
    listResourcePage,
    async listResources() {
      const found: current.Resource[] = [];
      let cursor: string | undefined;
      do {
        const { resources, nextCursor } = await listResourcePage(cursor);
        found.push(...resources);
        cursor = nextCursor;
      } while (cursor !== undefined);
      return found;
    },
    listResourceTemplates: async () => (await connection.listResourceTemplates()).resourceTemplates,
    async readResource(uri) {
      const [first] = (await connection.readResource({ uri })).contents;
      return JSON.parse(first !== undefined && "text" in first ? first.text : "null");
    },
    listPrompts: async () => (await connection.listPrompts()).prompts,
    async getPrompt(name, given = {}) {
      const { messages } = await connection.getPrompt({ name, arguments: given });
      return messages.map(({ content }) => (content.type === "text" ? content.text : "")).join("");
    },
    async complete(of, argument, others) {
      const { completion } = await connection.complete({
        ref: of.startsWith("quay:") ? { type: "ref/resource", uri: of } : { type: "ref/prompt", name: of },
        argument,
        ...(others && { context: { arguments: others } }),
      });
      return completion;
    },
    close: () => connection.close(),
  };
}
