/**
 * `npm run soak`: what the HTTP server does under load, on loopback. 300 callers at once, each with a token of their own,
 * for a minute; the same for ten more minutes, to see whether memory grows; and how much it answers beside node:http with
 * plain undici. Prints each figure with its bar; the exit status is 1 where one is missed.
 *
 * `-- --seconds N` makes each part that long. Then only errors and answers given to the wrong caller count, and a share
 * that is far off: the other figures need a quiet machine and their time. The last line counts.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { conclude, median, report } from "./bench/report.ts";
import type { CallersTask, RepeatTask, Seen } from "./soak/load.ts";
import { eras } from "./soak/wire.ts";
import { type Running, startHttpProgram, startNode } from "./support/processes.ts";

const { values } = parseArgs({ options: { seconds: { type: "string" } } });
const short = values.seconds === undefined ? undefined : Number(values.seconds);

const callers = 300;
const inFlight = 32;
const seconds = { callers: short ?? 60, memory: short ?? 600, between: short === undefined ? 10 : 1 };
const rounds = short === undefined ? 5 : 1;
const turn = short === undefined ? 5 : short / 10;
/** The least share of the baseline's throughput, and the one below which something is broken on any machine. */
const leastShare = 1 / 4.5;
const farOff = 1 / 20;

const script = (name: string) => fileURLToPath(new URL(`./soak/${name}`, import.meta.url));
const inTypeScript = ["--import", "tsx"];
const seen = ["--expose-gc", "--import", script("inside.mjs")];
const anyLine = { on: "stdout", line: /./ } as const;

const startLoad = () => startNode([...inTypeScript, script("load.ts")], anyLine);

/** @throws Error where the process ends before it answers */
function ask<Answer>({ child }: Running, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("A process of the soak ended before its time."));
    child.once("exit", fail).once("message", (answer) => {
      child.off("exit", fail);
      resolve(answer as Answer);
    });
    child.send(question);
  });
}

interface Inside {
  /** Bytes. */
  readonly rss: number;
  /** Bytes of the heap that are reachable. */
  readonly held: number;
  /** Microseconds since its start. */
  readonly cpu: number;
}

const lookInside = (running: Running) => ask<Inside>(running, {});

/** Looks at a process's memory now and then until told to stop. */
function watchMemory(running: Running): () => Promise<readonly Inside[]> {
  const looks: Inside[] = [];
  let stopped = () => {};
  const stop = new Promise<void>((resolve) => (stopped = resolve));
  const watching = (async () => {
    for (;;) {
      const pause = new AbortController();
      const tick = new Promise((resolve) => {
        const timer = setTimeout(resolve, seconds.between * 1000, true);
        pause.signal.addEventListener("abort", () => clearTimeout(timer));
      });
      const goesOn = await Promise.race([tick, stop]);
      pause.abort();
      if (goesOn !== true) return looks;
      looks.push(await lookInside(running));
    }
  })();
  return () => {
    stopped();
    return watching;
  };
}

function reportSafety(what: string, { errors, mixed }: Seen): void {
  report(`${what}: errors`, errors.length, "", "0", errors.length === 0);
  report(`${what}: answers to the wrong caller`, mixed.length, "", "0", mixed.length === 0);
  for (const line of [...errors, ...mixed]) process.stdout.write(`      ${line}\n`);
}

const mebibytes = (bytes: number) => bytes / 1024 / 1024;

/** What the second tenth of the time came to, after it came to rest, beside the last. */
function reportGrowth(what: string, sizes: readonly number[], of: (part: readonly number[]) => number): void {
  const part = Math.max(1, Math.floor(sizes.length / 10));
  const [first, last] = [of(sizes.slice(part, 2 * part + 1)), of(sizes.slice(-part))];
  const growth = (last / first - 1) * 100;
  report(`  ${what}, in the second tenth`, mebibytes(first), "MiB", "", true);
  report(`  ${what}, in the last tenth`, mebibytes(last), "MiB", "", true);
  report(`${what}, growth`, growth, "%", "-10 to 10", short !== undefined || Math.abs(growth) <= 10);
}

/** What is there whatever is under way. */
const least = (sizes: readonly number[]) => Math.min(...sizes);

async function manyCallers(): Promise<void> {
  const registry = await startNode([...inTypeScript, script("registry.ts"), String(callers)], anyLine);
  const { url, tokens } = JSON.parse(registry.said);
  const program = await startHttpProgram(["--url", url], seen);
  const load = await startLoad();
  try {
    const task = (length: number): CallersTask => ({
      ...{ kind: "callers", url: program.url, tokens, seconds: length },
    });
    const minute = await ask<Seen>(load, task(seconds.callers));
    report(`  ${callers} callers, answers`, minute.answers, "", "", true);
    report(`  ${callers} callers`, minute.perSecond, "answers/s", "", true);
    report(`  ${callers} callers, p50`, minute.p50, "ms", "", true);
    report(`  ${callers} callers, p99`, minute.p99, "ms", "", true);
    reportSafety(`${callers} callers`, minute);

    const stop = watchMemory(program);
    const soaked = await ask<Seen>(load, task(seconds.memory));
    const looks = await stop();
    report("  soak, answers", soaked.answers, "", "", true);
    reportSafety("soak", soaked);
    reportGrowth(
      "least heap after a full collection",
      looks.map(({ held }) => held),
      least,
    );
    reportGrowth(
      "median resident memory",
      looks.map(({ rss }) => rss),
      median,
    );
  } finally {
    for (const running of [load, program, registry]) await running.stop();
  }
}

/** A server, and what it is asked for. */
interface Contender {
  readonly name: string;
  readonly running: Running;
  readonly task: RepeatTask;
}

interface Measured {
  readonly perSecond: number;
  /** Microseconds of the server's processor time for each answer. */
  readonly cpu: number;
}

async function measure(load: Running, { name, running, task }: Contender): Promise<Measured> {
  const before = await lookInside(running);
  const { perSecond, answers, errors } = await ask<Seen>(load, task);
  const after = await lookInside(running);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]}`);
  return { perSecond, cpu: (after.cpu - before.cpu) / answers };
}

/** Several rounds of all in turn, so that what else the machine does meets all alike. */
async function throughput(): Promise<void> {
  const instant = fileURLToPath(new URL("./bench/instant-registry.mjs", import.meta.url));
  const registry = await startNode([instant], anyLine);
  const baseline = await startNode([...seen, script("baseline.mjs"), registry.said], anyLine);
  const program = await startHttpProgram(["--url", registry.said], seen);
  const load = await startLoad();
  const task = (url: string, era: RepeatTask["era"], what: RepeatTask["what"]): RepeatTask => ({
    ...{ kind: "repeat", url, token: "soak-token", seconds: turn, era, what, inFlight },
  });
  const plain = {
    name: "node:http with plain undici",
    running: baseline,
    task: task(baseline.said, "2025-11-25", "call"),
  };
  const others = eras.flatMap((era) =>
    (["call", "list"] as const).map((what) => ({
      name: `${what === "call" ? "tools/call" : "tools/list"}, ${era}`,
      running: program,
      task: task(program.url, era, what),
    })),
  );
  const measured = new Map<Contender, Measured[]>();
  try {
    for (const contender of [plain, ...others]) {
      await measure(load, contender);
      measured.set(contender, []);
    }
    for (let round = 0; round < rounds; round += 1) {
      // Whoever comes after another finds a process that is warmer: each comes first once.
      const all = [...measured];
      for (const [contender, list] of [...all.slice(round), ...all.slice(0, round)])
        list.push(await measure(load, contender));
    }
  } finally {
    for (const running of [load, program, baseline, registry]) await running.stop();
  }
  const middle = (contender: Contender, figure: keyof Measured) =>
    median(measured.get(contender)!.map((each) => each[figure]));
  for (const contender of [plain, ...others]) {
    report(`  ${contender.name}`, middle(contender, "perSecond"), "answers/s", "", true);
    report(`  ${contender.name}, processor time`, middle(contender, "cpu"), "µs/answer", "", true);
  }
  const bar = short === undefined ? leastShare : farOff;
  for (const contender of others) {
    const share = middle(contender, "perSecond") / middle(plain, "perSecond");
    report(`${contender.name}`, share, "x plain", `>= ${bar.toFixed(3)}`, share >= bar);
  }
}

await manyCallers();
await throughput();
conclude();
