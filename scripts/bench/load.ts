/** What this server costs beside an empty node and beside plain undici, with a registry that answers at once. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bareEnvironment, startNode } from "../support/processes.ts";
import { memoryOf, RawClient } from "./raw-client.ts";
import { median, report } from "./report.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function emptyNode(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { env: bareEnvironment, stdio: "ignore" }), "exit");
  return performance.now() - started;
}

async function listAnswered(environment: Record<string, string>): Promise<{ time: number; memory: number }> {
  const started = performance.now();
  const client = new RawClient(["--allow", "destructive", "--surface", "all"], environment);
  await client.initialize();
  await client.request("tools/list");
  const time = performance.now() - started;
  const memory = client.memory("VmRSS");
  await client.close();
  return { time, memory };
}

async function idleNodeMemory(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('up')"], {
    env: bareEnvironment,
  });
  await once(child.stdout, "data");
  const memory = memoryOf(child.pid!, "VmRSS");
  child.kill();
  return memory;
}

async function startUp(environment: Record<string, string>): Promise<void> {
  const empty: number[] = [];
  const served: number[] = [];
  const memory: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    empty.push(await emptyNode());
    const answered = await listAnswered(environment);
    served.push(answered.time);
    memory.push(answered.memory);
    idle.push(await idleNodeMemory());
  }
  report("  an empty node", median(empty), "ms");
  report("  spawn to answered tools/list, all tools", median(served), "ms");
  const times = median(served) / median(empty);
  report("spawn to answered tools/list", times, "x empty node", "<= 5", times <= 5);
  const share = median(memory) / median(idle);
  report("  memory when the list is answered", median(memory), "MiB");
  report("memory when the list is answered", share, "x empty node", "<= 1.6", share <= 1.6);
}

interface Load {
  p50: number;
  perSecond: number;
  peakKiB: number;
}

async function plainUndici(url: string, calls: number, inFlight: number): Promise<Load> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script("plain-undici.mjs"), url, String(calls), String(inFlight)],
    { env: bareEnvironment },
  );
  return JSON.parse(stdout);
}

async function throughServer(client: RawClient, calls: number, inFlight: number): Promise<Load> {
  const times: number[] = [];
  const run = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left-- > 0) {
        const started = performance.now();
        const result = await client.request("tools/call", {
          name: "list_tags",
          arguments: { repository: "acme/app", onlyActiveTags: true },
        });
        if ((result as { isError?: boolean }).isError)
          throw new Error(`a call failed: ${JSON.stringify(result)}`);
        times.push(performance.now() - started);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  };
  await run(500);
  times.length = 0;
  const started = performance.now();
  await run(calls);
  const elapsed = performance.now() - started;
  return { p50: median(times), perSecond: (calls / elapsed) * 1000, peakKiB: client.memory("VmHWM") * 1024 };
}

/** Several rounds of both in turn, so that what else the machine does meets both alike. */
async function compared(url: string, environment: Record<string, string>, calls: number, inFlight: number) {
  const client = new RawClient([], environment);
  await client.initialize();
  const plain: Load[] = [];
  const served: Load[] = [];
  for (let round = 0; round < 5; round += 1) {
    plain.push(await plainUndici(url, calls, inFlight));
    served.push(await throughServer(client, calls, inFlight));
  }
  await client.close();
  const middle = (loads: Load[], figure: keyof Load) => median(loads.map((load) => load[figure]));
  const middles = (loads: Load[]): Load => ({
    p50: middle(loads, "p50"),
    perSecond: middle(loads, "perSecond"),
    peakKiB: Math.max(...loads.map((load) => load.peakKiB)),
  });
  return { plain: middles(plain), served: middles(served) };
}

async function calls(url: string, environment: Record<string, string>): Promise<void> {
  const one = await compared(url, environment, 2000, 1);
  report("  one call after another, plain undici, p50", one.plain.p50, "ms");
  report("  one call after another, p50", one.served.p50, "ms");
  const times = one.served.p50 / one.plain.p50;
  report("one call after another, p50", times, "x plain undici", "<= 2.5", times <= 2.5);

  const many = await compared(url, environment, 10_000, 16);
  report("  16 in flight, plain undici", many.plain.perSecond, "calls/s");
  report("  16 in flight", many.served.perSecond, "calls/s");
  const share = many.served.perSecond / many.plain.perSecond;
  report("16 in flight", share, "x plain undici", ">= 0.33", share >= 1 / 3);
  report("  peak memory with 16 in flight, plain undici", many.plain.peakKiB / 1024, "MiB");
  report("  peak memory with 16 in flight", many.served.peakKiB / 1024, "MiB");
  const memory = many.served.peakKiB / many.plain.peakKiB;
  report("peak memory with 16 in flight", memory, "x plain undici", "<= 1.4", memory <= 1.4);

  const lister = new RawClient(["--allow", "destructive", "--surface", "all"], environment);
  await lister.initialize();
  const started = performance.now();
  for (let round = 0; round < 1000; round += 1) await lister.request("tools/list");
  const perSecond = 1000 / ((performance.now() - started) / 1000);
  report("repeated tools/list, all tools", perSecond, "calls/s", ">= 500", perSecond >= 500);
  await lister.close();
}

/** Prints start-up, memory and throughput. */
export async function load(): Promise<void> {
  const registry = await startNode([script("instant-registry.mjs")], { on: "stdout", line: /^http/ });
  try {
    const environment = { QUAY_URL: registry.said, QUAY_TOKEN: "benchmark-token" };
    await startUp(environment);
    await calls(registry.said, environment);
  } finally {
    await registry.stop();
  }
}
