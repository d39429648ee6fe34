/** The embedded registry with 100,000 repositories beside one with 100. */
import { type EmbeddedRegistry, sizeNames, sizes, start } from "./embedded.ts";
import { memoryOf } from "./raw-client.ts";
import { median, report, reportRatio } from "./report.ts";

interface Page {
  readonly repositories: readonly unknown[];
  readonly next_page?: string;
}

async function page({ url, token }: EmbeddedRegistry, query: string): Promise<Page> {
  const answer = await fetch(`${url}/api/v1/repository?${query}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status}`);
  return (await answer.json()) as Page;
}

/** Asks both in turn, each with its query, so that whatever else the machine does slows down both. */
async function pageTimes(
  running: readonly EmbeddedRegistry[],
  queries: readonly string[],
): Promise<number[]> {
  const times = running.map(() => [] as number[]);
  for (let round = 0; round < 300; round += 1) {
    for (const [position, registry] of running.entries()) {
      const started = performance.now();
      await page(registry, queries[position]!);
      if (round >= 100) times[position]!.push(performance.now() - started);
    }
  }
  return times.map(median);
}

/** Reads every page of a list, and returns how many repositories are on them and how the last full one is asked for. */
async function walk(registry: EmbeddedRegistry, query: string): Promise<{ count: number; last: string }> {
  let count = 0;
  let asked = query;
  for (let last = query; ; ) {
    const { repositories, next_page } = await page(registry, asked);
    count += repositories.length;
    if (next_page === undefined) return { count, last };
    last = asked;
    asked = `${query}&next_page=${encodeURIComponent(next_page)}`;
  }
}

const ofOrganization = "namespace=load-01";
const ofAll = "public=true&last_modified=true";

/** Prints how fast it starts and gives its pages, and how much memory they take. */
export async function embeddedRegistry(): Promise<void> {
  const times = sizes.map(() => [] as number[]);
  for (let round = 0; round < 7; round += 1) {
    for (const [position, size] of sizes.entries()) {
      const registry = await start(size);
      times[position]!.push(registry.time);
      await registry.stop();
    }
  }
  reportRatio("start of the registry", times.map(median), sizeNames);

  const running = [await start(sizes[0]), await start(sizes[1])];
  try {
    const same = (query: string) => pageTimes(running, [query, query]);
    reportRatio("page of an organization", await same(ofOrganization), sizeNames);
    reportRatio("page of all, with dates", await same(ofAll), sizeNames);
    await walk(running[0]!, ofAll);
    const large = running[1]!;
    const { count, last } = await walk(large, ofAll);
    report("  repositories on all pages together", count, "");
    // The second is the first page that has none of the company's, which have fewer tags.
    const second = `${ofAll}&next_page=${encodeURIComponent((await page(large, ofAll)).next_page!)}`;
    reportRatio("page of 100,000", await pageTimes([large, large], [second, last]), ["second", "last"]);
    const memory = running.map(({ child }) => memoryOf(child.pid!, "VmHWM"));
    report("  peak memory, 100 repositories", memory[0]!, "MiB");
    report("  peak memory, 100,000 repositories", memory[1]!, "MiB");
    const more = memory[1]! - memory[0]!;
    report("peak memory after all pages, 100,000 above 100", more, "MiB", "<= 200", more <= 200);
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}
