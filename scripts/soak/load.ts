/**
 * The load, in a process of its own, so that what it costs is not measured as the server's: it does what the parent asks for
 * in a message, and answers with what it saw.
 */
import { Pool } from "undici";
import { markOf, marksIn } from "./marks.ts";
import { type Era, eras, type Message, message, resourceRead, toolCall } from "./wire.ts";

/** Every caller asks one thing after another, and everything that it sees must be its own. */
export interface CallersTask {
  readonly kind: "callers";
  readonly url: string;
  readonly tokens: readonly string[];
  readonly seconds: number;
}

/** The same request again and again. */
export interface RepeatTask {
  readonly kind: "repeat";
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  readonly era: Era;
  readonly what: "call" | "list";
  readonly inFlight: number;
}

export interface Seen {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were none or said an error, and those that showed what is another caller's: the first of each. */
  readonly errors: readonly string[];
  readonly mixed: readonly string[];
}

const mostKept = 10;

type Judge = (text: string) => string | undefined;

interface Ground {
  readonly pool: Pool;
  readonly until: number;
  readonly times: number[];
  readonly errors: string[];
  readonly mixed: string[];
}

/** Sends a message and measures how long its whole answer took. */
async function send({ pool, times, errors, mixed }: Ground, sent: Message, isMixed: Judge): Promise<void> {
  const began = performance.now();
  try {
    const { statusCode, body } = await pool.request({ method: "POST", path: "/mcp", ...sent });
    const text = await body.text();
    times.push(performance.now() - began);
    if (statusCode !== 200 || hasFailed(text)) keep(errors, `${statusCode} ${text}`);
    const wrong = isMixed(text);
    if (wrong !== undefined) keep(mixed, wrong);
  } catch (error) {
    keep(errors, String(error));
  }
}

const hasFailed = (text: string) => text.includes('"isError":true') || text.includes('"error":{');

function keep(list: string[], text: string): void {
  if (list.length < mostKept) list.push(text.slice(0, 500));
}

async function askAsCaller(ground: Ground, token: string, number: number): Promise<void> {
  const mark = markOf(number);
  const namespace = `org-${mark}`;
  const judge: Judge = (text) => {
    const marks = marksIn(text);
    return marks.size === 1 && marks.has(mark) ? undefined : `${mark} was shown ${[...marks]}: ${text}`;
  };
  const messages = eras.flatMap((era) => [
    toolCall(era, token, "get_my_user", {}),
    toolCall(era, token, "list_repositories", { namespace }),
    toolCall(era, token, "get_repository", { repository: `${namespace}/app-${mark}` }),
    resourceRead(era, token, `quay://organizations/${namespace}`),
  ]);
  for (let turn = number; performance.now() < ground.until; turn += 1)
    await send(ground, messages[turn % messages.length]!, judge);
}

async function repeat(ground: Ground, { era, token, what, inFlight }: RepeatTask): Promise<void> {
  const sent =
    what === "list"
      ? message(era, token, "tools/list", {})
      : toolCall(era, token, "list_tags", { repository: "acme/app", onlyActiveTags: true });
  const worker = async () => {
    while (performance.now() < ground.until) await send(ground, sent, () => undefined);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function run(task: CallersTask | RepeatTask): Promise<Seen> {
  const connections = task.kind === "callers" ? task.tokens.length : task.inFlight;
  const pool = new Pool(task.url, { connections });
  const began = performance.now();
  const ground: Ground = { pool, until: began + task.seconds * 1000, times: [], errors: [], mixed: [] };
  const { times, errors, mixed } = ground;
  if (task.kind === "repeat") await repeat(ground, task);
  else await Promise.all(task.tokens.map((token, number) => askAsCaller(ground, token, number)));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    answers: times.length,
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    errors,
    mixed,
  };
}

process.on("message", (task: CallersTask | RepeatTask) => {
  void run(task).then((seen) => process.send!(seen));
});
process.stdout.write("ready\n");
