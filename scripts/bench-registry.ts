/**
 * The second half of `npm run bench`: the embedded registry with 100,000 repositories beside one with 100. Prints each figure
 * with its bar; the exit status is 1 where one is missed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bareEnvironment, memoryOf } from "./bench/raw-client.ts";
import { conclude, median, report } from "./bench/report.ts";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  /** Milliseconds until it said where it is. */
  readonly time: number;
}

async function start(repositories: number): Promise<Running> {
  const started = performance.now();
  const size = ["--repositories", String(repositories), "--tags-per-repository", "50"];
  const child = spawn(process.execPath, [main, "registry", "--json", ...size], {
    env: bareEnvironment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
  const time = performance.now() - started;
  const { url, tokens } = JSON.parse(line);
  return { child, url, token: tokens.superuser, time };
}

async function stop({ child }: Running): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

interface Page {
  readonly repositories: readonly unknown[];
  readonly next_page?: string;
}

async function page({ url, token }: Running, query: string): Promise<Page> {
  const answer = await fetch(`${url}/api/v1/repository?${query}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status}`);
  return (await answer.json()) as Page;
}

/** Asks both in turn, so that whatever else the machine does slows down both. */
async function pageTimes(running: readonly Running[], query: string): Promise<number[]> {
  const times = running.map(() => [] as number[]);
  for (let round = 0; round < 300; round += 1) {
    for (const [position, registry] of running.entries()) {
      const started = performance.now();
      await page(registry, query);
      if (round >= 100) times[position]!.push(performance.now() - started);
    }
  }
  return times.map(median);
}

/** Reads every page of everything, and returns how many repositories there are and what the last page took. */
async function walk(registry: Running): Promise<{ count: number; last: number }> {
  let count = 0;
  let next = "";
  for (;;) {
    const started = performance.now();
    const { repositories, next_page } = await page(registry, `public=true&last_modified=true${next}`);
    count += repositories.length;
    if (next_page === undefined) return { count, last: performance.now() - started };
    next = `&next_page=${encodeURIComponent(next_page)}`;
  }
}

function reportRatio(figure: string, [small, large]: readonly number[], bar: number): void {
  report(`  ${figure}, 100 repositories`, small!, "ms", "", true);
  report(`  ${figure}, 100,000 repositories`, large!, "ms", "", true);
  const ratio = large! / small!;
  report(`${figure}, 100,000 beside 100`, ratio, "x", `<= ${bar}`, ratio <= bar);
}

const sizes = [100, 100_000] as const;
const times = sizes.map(() => [] as number[]);
for (let round = 0; round < 7; round += 1) {
  for (const [position, size] of sizes.entries()) {
    const registry = await start(size);
    times[position]!.push(registry.time);
    await stop(registry);
  }
}
reportRatio("start of the registry", times.map(median), 2);

const running = [await start(sizes[0]), await start(sizes[1])];
try {
  for (const query of ["namespace=load-01", "public=true&last_modified=true"]) {
    reportRatio(`page of repositories (${query})`, await pageTimes(running, query), 2);
  }
  const walks = [await walk(running[0]!), await walk(running[1]!)];
  report("  repositories on all pages together", walks[1]!.count, "repositories", "", true);
  report("  the last page of them", walks[1]!.last, "ms", "", true);
  const memory = running.map(({ child }) => memoryOf(child.pid!, "VmHWM"));
  report("  peak memory, 100 repositories", memory[0]!, "MiB", "", true);
  report("  peak memory, 100,000 repositories", memory[1]!, "MiB", "", true);
  const more = memory[1]! - memory[0]!;
  report("peak memory after every page was read, 100,000 above 100", more, "MiB", "<= 200", more <= 200);
} finally {
  await Promise.all(running.map(stop));
}
conclude();
