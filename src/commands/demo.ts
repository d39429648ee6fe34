import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { startRegistry } from "../registry/server.ts";
import { version } from "../version.ts";

/** A question a person might ask, the call with which an assistant would answer it, and what it would make of the answer. */
interface Step {
  readonly question: string;
  readonly tool: string;
  readonly given: (found: Found) => Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of Quay, of which each step shows two or three fields.
  readonly lines: (answer: any) => string[];
}

/** What the tour found out on its way. */
interface Found {
  readonly organization: string;
  readonly repository: string;
}

const steps: readonly Step[] = [
  {
    question: "Which repositories does the organization have?",
    tool: "list_repositories",
    given: ({ organization }) => ({ namespace: organization }),
    lines: ({ repositories }) =>
      repositories.map(({ name, state, description }: Fields) => `${name} (${state}): ${description}`),
  },
  {
    question: "Which tags are in the first of them?",
    tool: "list_tags",
    given: ({ repository }) => ({ repository, onlyActiveTags: true, limit: 5 }),
    lines: ({ tags }) =>
      tags.map(({ name, last_modified, expiration }: Fields) =>
        expiration === undefined
          ? `${name}, ${last_modified}`
          : `${name}, ${last_modified}, expires ${expiration}`,
      ),
  },
  {
    question: "Which teams may do what there?",
    tool: "list_repository_team_permissions",
    given: ({ repository }) => ({ repository }),
    lines: ({ permissions }) =>
      Object.entries<Fields>(permissions).map(([name, { role }]) => `${name}: ${role}`),
  },
  {
    question: "Which robots does the organization have, and when were they last used?",
    tool: "list_organization_robots",
    given: ({ organization }) => ({ orgname: organization, permissions: true }),
    lines: ({ robots }) =>
      robots.map(({ name, last_accessed }: Fields) => `${name}: ${last_accessed ?? "never"}`),
  },
  {
    question: "What happened lately?",
    tool: "list_organization_logs",
    given: ({ organization }) => ({ orgname: organization }),
    lines: ({ logs }) =>
      logs.map(
        ({ datetime, kind, performer }: Fields) =>
          `${datetime}: ${kind} by ${(performer as Fields | undefined)?.name ?? "an anonymous client"}`,
      ),
  },
];

type Fields = Record<string, unknown>;

/**
 * A tour for somebody who has no registry at hand: starts the embedded one, starts the server on it as a client would,
 * and shows what goes back and forth.
 */
export async function demo(): Promise<number> {
  const registry = await startRegistry();
  const client = new Client({ name: "quay-mcp-demo", version });
  try {
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [fileURLToPath(import.meta.resolve("./main.js"))],
        env: { PATH: process.env.PATH ?? "", QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser },
      }),
    );
    say(`A small registry of an invented company is running at ${registry.url}.`);
    say(
      "quay-mcp was started on it as an MCP client would: a child process over stdio, allowed to read only.\n",
    );
    await tour(client);
  } finally {
    await client.close();
    await registry.close();
  }
  say(
    "\nThat was all. Try it in your own assistant: `quay-mcp --demo`, or QUAY_URL and QUAY_TOKEN for a real registry.",
  );
  return 0;
}

async function tour(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  heading("tools/list");
  say(
    `${tools.length} tools, such as ${tools
      .slice(0, 6)
      .map(({ name }) => name)
      .join(", ")}.`,
  );

  const organizations = await read<{ organizations: string[] }>(client, "quay://organizations");
  const organization = organizations.organizations[0]!;
  const listed = await call(client, "list_repositories", { namespace: organization });
  const repository = `${organization}/${JSON.parse(listed).repositories[0].name}`;

  for (const { question, tool, given, lines } of steps) {
    heading(question);
    const answer = await show(client, tool, given({ organization, repository }));
    shown(lines(JSON.parse(answer)));
  }

  heading("The same as a resource, to browse");
  const uri = `quay://repositories/${repository}`;
  say(`  resources/read ${uri}`);
  shown([JSON.stringify(await read(client, uri))]);

  heading("Now something it should not do: delete the repository");
  shown([await show(client, "delete_repository", { repository })]);
}

/** Says which call is made, and makes it. */
async function show(client: Client, tool: string, given: Record<string, unknown>): Promise<string> {
  say(`  ${tool} ${JSON.stringify(given)}`);
  return call(client, tool, given);
}

async function call(client: Client, name: string, given: Record<string, unknown>): Promise<string> {
  const { content } = await client.callTool({ name, arguments: given });
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

async function read<Value>(client: Client, uri: string): Promise<Value> {
  const { contents } = await client.readResource({ uri });
  const [first] = contents;
  return JSON.parse(first !== undefined && "text" in first ? first.text : "null");
}

const mostLines = 6;
const longestLine = 240;

function shown(lines: readonly string[]): void {
  for (const line of lines.slice(0, mostLines)) {
    say(
      `    ${line.length <= longestLine ? line : `${line.slice(0, longestLine)} … (${line.length} characters)`}`,
    );
  }
  if (lines.length > mostLines) say(`    … and ${lines.length - mostLines} more`);
}

function heading(text: string): void {
  say(`\n▸ ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
