/** Callers who go on whatever happens, and what became of each of their calls. */
import { setTimeout as wait } from "node:timers/promises";
import { callTool, type Reply } from "./caller.ts";
import type { Ground, TagName } from "./ground.ts";

export interface Attempt {
  readonly began: number;
  readonly ended: number;
  readonly reply: Reply;
}

/** One target of a destructive call, and how far it is. */
export interface Job {
  readonly token: string;
  readonly target: TagName;
  /** Whether a code that was given for it was ever sent back. */
  confirmed: boolean;
  gone: boolean;
}

export interface Load {
  readonly reads: Attempt[];
  readonly writes: Attempt[];
  /** Those that were begun. */
  readonly jobs: readonly Job[];
  /** How many destructive calls were sent to a replica itself and are not answered. */
  underWay(url: string): number;
  /** Stops the readers, and waits for all that is under way. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly readers: number;
  readonly nextJob: () => Job;
  /** How many jobs are worked on at once. */
  readonly workers: number;
}

/** What a failed call waits before it is repeated. Milliseconds. */
const pause = 50;

/** Begins reads and deletions through nginx. Each job is repeated until its tag is gone. */
export function beginLoad(ground: Ground, { readers, nextJob, workers }: LoadOptions): Load {
  const reads: Attempt[] = [];
  const writes: Attempt[] = [];
  const jobs: Job[] = [];
  let stopped = false;

  const timed = async (list: Attempt[], call: () => Promise<Reply>) => {
    const began = performance.now();
    const reply = await call();
    list.push({ began, ended: performance.now(), reply });
    return reply;
  };
  const read = async () => {
    const token = ground.newCaller();
    while (!stopped) {
      const given = { repository: "acme/app", limit: 5 };
      const { isDone } = await timed(reads, () =>
        callTool({ url: ground.url, token, tool: "list_tags", given }),
      );
      if (!isDone) await wait(pause);
    }
  };
  const open: string[] = [];
  const remove = async (job: Job, url: string, confirm?: string) => {
    const given = { ...job.target, ...(confirm !== undefined && { confirm }) };
    open.push(url);
    const reply = await timed(writes, () => callTool({ url, token: job.token, tool: "delete_tag", given }));
    open.splice(open.indexOf(url), 1);
    return reply;
  };
  const work = async (job: Job) => {
    const urls = [ground.url, ...ground.replicas.map(({ url }) => url)];
    while (!stopped && !job.gone) {
      const { code, text } = await remove(job, ground.url);
      job.gone = /there is no /.test(text);
      if (code === undefined) {
        await wait(pause);
        continue;
      }
      job.confirmed = true;
      // As impatient as can be: the same code to every replica at once, and then again.
      const replies = await Promise.all(urls.map((url) => remove(job, url, code)));
      replies.push(await remove(job, ground.url, code));
    }
  };
  const workOn = async () => {
    while (!stopped) {
      const job = nextJob();
      jobs.push(job);
      await work(job);
    }
  };
  const all = [...Array.from({ length: readers }, read), ...Array.from({ length: workers }, workOn)];
  return {
    reads,
    writes,
    jobs,
    underWay: (url) => open.filter((each) => each === url).length,
    async stop() {
      stopped = true;
      await Promise.all(all);
    },
  };
}
