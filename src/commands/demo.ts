import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { startRegistry } from "../registry/server.ts";
import { version } from "../version.ts";

/** A question a person might ask, and the call with which an assistant would answer it. */
interface Step {
  readonly question: string;
  readonly tool: string;
  readonly given: (found: Found) => Record<string, unknown>;
}

/** What the tour found out on its way. */
interface Found {
  organization: string;
  repository: string;
}

const steps: readonly Step[] = [
  {
    question: "Which repositories does the organization have?",
    tool: "list_repositories",
    given: ({ organization }) => ({ namespace: organization }),
  },
  {
    question: "Which tags are in its first repository?",
    tool: "list_tags",
    given: ({ repository }) => ({ repository, onlyActiveTags: true, limit: 3 }),
  },
  {
    question: "Which teams can push there?",
    tool: "list_repository_team_permissions",
    given: ({ repository }) => ({ repository }),
  },
  {
    question: "Which robots does the organization have, and when were they last used?",
    tool: "list_organization_robots",
    given: ({ organization }) => ({ orgname: organization, permissions: true }),
  },
  {
    question: "What happened lately?",
    tool: "list_organization_logs",
    given: ({ organization }) => ({ orgname: organization }),
  },
];

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

  for (const { question, tool, given } of steps) {
    heading(question);
    await show(client, tool, given({ organization, repository }));
  }

  heading("The same as a resource, to browse");
  const uri = `quay://repositories/${repository}`;
  say(`  resources/read ${uri}`);
  say(`  ${cut(JSON.stringify(await read(client, uri)))}`);

  heading("Now something it should not do: delete the repository");
  await show(client, "delete_repository", { repository });
}

async function show(client: Client, tool: string, given: Record<string, unknown>): Promise<void> {
  say(`  ${tool} ${JSON.stringify(given)}`);
  say(`  ${cut(await call(client, tool, given))}`);
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

const longestAnswer = 600;

function cut(text: string): string {
  return text.length <= longestAnswer
    ? text
    : `${text.slice(0, longestAnswer)} … (${text.length} characters)`;
}

function heading(text: string): void {
  say(`\n▸ ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
