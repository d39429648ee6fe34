/** What a client sees of the built program, asked by a real one over standard input and output. */
import type {
  Client,
  GetPromptResult,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ListToolsResult,
} from "@modelcontextprotocol/client";
import { connectProgram } from "../../test/support/program.ts";

type ShownTool = ListToolsResult["tools"][number];
type ShownPrompt = ListPromptsResult["prompts"][number];

/** One choice of tools to list, and what the client is told beside it. */
interface Surface {
  readonly flags: string;
  readonly capabilities: unknown;
  readonly instructions: string;
  readonly ttlMs: unknown;
  readonly cacheScope: unknown;
  /** The names of its tools, in the order of the list. */
  readonly tools: readonly string[];
}

interface RenderedPrompt {
  readonly arguments: Readonly<Record<string, string>>;
  readonly messages: GetPromptResult["messages"];
}

export interface ClientView {
  readonly surfaces: Readonly<Record<string, Surface>>;
  /** Every tool of any surface. */
  readonly tools: readonly ShownTool[];
  /** The resources that are there in every registry. */
  readonly resources: ListResourcesResult["resources"];
  readonly resourceTemplates: ListResourceTemplatesResult["resourceTemplates"];
  readonly prompts: readonly (ShownPrompt & { readonly rendered: readonly RenderedPrompt[] })[];
}

/** By name, the flags that choose what is listed. */
const surfaceFlags = {
  default: "",
  all: "--allow destructive --surface all",
  auto: "--allow destructive --surface auto",
  search: "--allow destructive --surface search",
};

/** A value for every argument of a prompt, by name. */
const promptValues: Readonly<Record<string, string>> = {
  place: "acme/app",
  namespace: "acme",
  organization: "acme",
  repository: "acme/app",
  team: "platform",
  members: "ada, grace",
  repositories: "acme/app, acme/web",
  like: "devs",
  account: "acme+ci",
  robot: "acme+ci",
  since: "2026-11-01",
  days: "180",
  keep: "the last ten of each branch",
};

/** Starts the program once for each surface. */
export async function clientView(): Promise<ClientView> {
  const surfaces: Record<string, Surface> = {};
  const tools = new Map<string, ShownTool>();
  for (const [name, flags] of Object.entries(surfaceFlags)) {
    const seen = await connected(flags, surfaceSeenBy);
    surfaces[name] = { flags, ...seen.told, tools: seen.tools.map((tool) => tool.name) };
    for (const tool of seen.tools) tools.set(tool.name, sameAs(tools.get(tool.name), tool));
  }
  const browsed = await connected(surfaceFlags.all, async (client) => ({
    ...(await resourcesSeenBy(client)),
    prompts: await promptsSeenBy(client),
  }));
  return { surfaces, tools: [...tools.values()], ...browsed };
}

async function connected<Seen>(flags: string, look: (client: Client) => Promise<Seen>): Promise<Seen> {
  const client = await connectProgram({}, ["--demo", ...flags.split(" ").filter(Boolean)]);
  try {
    return await look(client);
  } finally {
    await client.close();
  }
}

async function surfaceSeenBy(client: Client) {
  const { tools, ttlMs, cacheScope } = await client.listTools();
  return {
    told: {
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions() ?? "",
      ttlMs,
      cacheScope,
    },
    tools,
  };
}

/** @throws Error where a name means one thing on one surface and another on another */
function sameAs(known: ShownTool | undefined, tool: ShownTool): ShownTool {
  if (known === undefined || JSON.stringify(known) === JSON.stringify(tool)) return tool;
  throw new Error(`${tool.name} differs from surface to surface.`);
}

async function resourcesSeenBy(client: Client) {
  const { resourceTemplates } = await client.listResourceTemplates();
  const { resources } = await client.listResources();
  const expansions = resourceTemplates.map(
    ({ uriTemplate }) => new RegExp(`^${uriTemplate.replace(/\{[^}]*\}/g, "[^/]+")}$`),
  );
  return {
    resourceTemplates,
    resources: resources.filter(({ uri }) => !expansions.some((expansion) => expansion.test(uri))),
  };
}

async function promptsSeenBy(client: Client): Promise<ClientView["prompts"]> {
  const { prompts } = await client.listPrompts();
  return Promise.all(
    prompts.map(async (prompt) => ({ ...prompt, rendered: await renderedBy(client, prompt) })),
  );
}

/** The prompt with every argument, and with the required ones alone where that is something else. */
async function renderedBy(
  client: Client,
  { name, arguments: taken = [] }: ShownPrompt,
): Promise<RenderedPrompt[]> {
  const needed = taken.filter(({ required }) => required);
  const choices = needed.length === taken.length ? [taken] : [taken, needed];
  return Promise.all(
    choices.map(async (choice) => {
      const values = Object.fromEntries(choice.map((argument) => [argument.name, sampleFor(argument.name)]));
      const { messages } = await client.getPrompt({ name, arguments: values });
      return { arguments: values, messages };
    }),
  );
}

function sampleFor(argument: string): string {
  const value = promptValues[argument];
  if (value === undefined) throw new Error(`promptValues has no value for the argument ${argument}.`);
  return value;
}
