/** A server of a registry with 100,000 repositories beside one of a registry with 100: as fast, and hardly larger. */
import { type EmbeddedRegistry, sizeNames, sizes, start } from "./embedded.ts";
import { RawClient } from "./raw-client.ts";
import { median, report, reportRatio } from "./report.ts";

type Step = (client: RawClient) => Promise<unknown>;

const call = (client: RawClient, name: string, given: object) =>
  client.request("tools/call", { name, arguments: given }) as Promise<{
    isError?: boolean;
    content: [{ text: string }];
  }>;

/** A call whose answer is read, as far as it was not cut. */
async function answerOf(client: RawClient, name: string, given: object): Promise<Record<string, unknown>> {
  const { isError, content } = await call(client, name, given);
  if (isError) throw new Error(`${name}: ${content[0].text}`);
  return JSON.parse(content[0].text);
}

const complete = (uri: string, name: string, value: string, others = {}): Step => {
  const ref = { type: "ref/resource", uri };
  const params = { ref, argument: { name, value }, context: { arguments: others } };
  return (client) => client.request("completion/complete", params);
};

const repositoryTemplate = "quay://repositories/{namespace}/{repository}";
const within = { namespace: "load-01" };

/** What is there at once, however large the registry is. */
const firstPages: Readonly<Record<string, Step>> = {
  "first page of resources/list": (client) => client.request("resources/list"),
  "first page of list_repositories": (client) =>
    answerOf(client, "list_repositories", { namespace: "load-01" }),
};

/** Names are kept for a minute, so that they are measured once in each process. Where there are many, Quay's search helps. */
const completions: Readonly<Record<string, Step>> = {
  "completing a namespace": complete(repositoryTemplate, "namespace", "load"),
  "completing a repository": complete(repositoryTemplate, "repository", "service-0004", within),
};

/** Follows `resources/list` to its end. */
async function listEverything(client: RawClient): Promise<number> {
  let [count, cursor] = [0, undefined as string | undefined];
  do {
    const page = (await client.request("resources/list", { cursor })) as {
      resources: unknown[];
      nextCursor?: string;
    };
    count += page.resources.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return count;
}

/** What makes a server grow, if anything does, and how many items came of it. */
const largeSteps: Readonly<Record<string, (client: RawClient) => Promise<number>>> = {
  "an answer of 1,000 items": (client) => followed(client, { namespace: "load-01", max_items: 1000 }),
  "paging, 10,000 items of an organization": (client) =>
    followed(client, { namespace: "load-01", max_items: 10_000 }),
  "paging, 10,000 items of all": (client) => followed(client, { public: true, max_items: 10_000 }),
  "resources/list to its end": listEverything,
};

async function followed(client: RawClient, given: object): Promise<number> {
  const { note = "", repositories, answer } = await answerOf(client, "list_repositories", given);
  const [, all] = /shown: \d+ of (\d+) elements/.exec(String(note)) ?? [];
  return Number(
    all ?? ((repositories ?? (answer as Record<string, unknown[]>).repositories) as unknown[]).length,
  );
}

async function open({ url, token }: EmbeddedRegistry): Promise<RawClient> {
  const client = new RawClient(["--surface", "all"], { QUAY_URL: url, QUAY_TOKEN: token });
  await client.initialize();
  // Loads what only calls need.
  await answerOf(client, "get_my_user", {});
  return client;
}

/** Milliseconds of each step, of both servers. */
type Times = Map<string, [number[], number[]]>;

/** Times each step of both, in turn, so that whatever else the machine does slows down both. */
async function compare(clients: readonly RawClient[], steps: typeof firstPages, times: Times): Promise<void> {
  for (const [name, step] of Object.entries(steps)) {
    const ofStep = times.get(name) ?? [[], []];
    times.set(name, ofStep);
    for (const [position, client] of clients.entries()) {
      const started = performance.now();
      await step(client);
      ofStep[position]!.push(performance.now() - started);
    }
  }
}

/** Prints how long first pages and completions take, and how much memory everything takes. */
export async function browsing(): Promise<void> {
  const registries = [await start(sizes[0]), await start(sizes[1])];
  try {
    const times: Times = new Map();
    for (let round = 0; round < 7; round += 1) {
      const clients = await Promise.all(registries.map(open));
      await compare(clients, completions, times);
      for (let page = 0; page < 20; page += 1) await compare(clients, firstPages, times);
      await Promise.all(clients.map((client) => client.close()));
    }
    for (const [name, both] of times) {
      const middles = both.map(median);
      if (name in firstPages) reportRatio(name, middles, sizeNames);
      else for (const [at, size] of sizeNames.entries()) report(`  ${name}, ${size}`, middles[at]!, "ms");
    }
    await memory(registries);
  } finally {
    await Promise.all(registries.map((each) => each.stop()));
  }
}

async function memory(registries: readonly EmbeddedRegistry[]): Promise<void> {
  const clients = await Promise.all(registries.map(open));
  const peaks = () => clients.map((client) => client.memory("VmHWM"));
  for (const step of Object.values({ ...firstPages, ...completions }))
    for (const client of clients) await step(client);
  for (const [name, step] of Object.entries(largeSteps)) {
    for (const [position, client] of clients.entries())
      report(`  ${name}, ${sizeNames[position]}`, await step(client), "items");
    const [small, large] = peaks() as [number, number];
    report(`  peak memory after it, 100,000 above 100`, large - small, "MiB");
  }
  const [small, large] = peaks() as [number, number];
  report("  peak memory, 100 repositories", small, "MiB");
  report("  peak memory, 100,000 repositories", large, "MiB");
  report("peak memory of the server, 100,000 above 100", large - small, "MiB", "<= 60", large - small <= 60);
  await Promise.all(clients.map((client) => client.close()));
}
