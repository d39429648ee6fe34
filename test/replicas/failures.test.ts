/** Replicas under load, of which one dies, and whose Redis dies and comes back empty. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { callTool } from "./caller.ts";
import { freshTags, type Ground, openGround, type TagName } from "./ground.ts";
import { type Attempt, beginLoad, type Job, type Load } from "./load.ts";

/** How soon all must be well again. Generous: it takes a second or two. */
const secondsToRecover = 10;
const patience = { timeout: secondsToRecover * 1000, interval: 20 };

const refusal = /was not sent: this server's shared store is not reachable/;

let ground: Ground;
let load: Load;
const tags = freshTags();
const freshTag = (): TagName => tags.next().value;

beforeAll(async () => {
  // Long enough for what fails to fail in the middle of calls.
  ground = await openGround({ settings: { QUAY_MCP_BRAKE: "0" }, latency: 10 });
});

afterAll(async () => {
  await load?.stop();
  await ground?.close();
});

const gone = () => load.jobs.filter((job) => job.gone).length;
const allDeletions = () => ground.registry.requests.filter(({ method }) => method === "DELETE").length;
const since = (attempts: readonly Attempt[], time: number) => attempts.filter(({ began }) => began >= time);
const failed = (attempts: readonly Attempt[]) => attempts.filter(({ reply }) => !reply.isDone);
const codeFor = async (token: string, target: TagName) => {
  const { code, text } = await callTool({ url: ground.url, token, tool: "delete_tag", given: { ...target } });
  expect(code, text).toBeDefined();
  return code!;
};
/** The destructive calls that were under way then, and of which nobody heard again. */
const interruptedAt = (time: number) =>
  load.writes.filter(({ began, ended, reply }) => began < time && ended >= time && reply.status !== 200);
/** That many jobs more are done than now. */
const moreAreGone = (count: number) => {
  const before = gone();
  return vi.waitFor(() => expect(gone()).toBeGreaterThanOrEqual(before + count), patience);
};
/** As many reads as were never under way at once succeeded one after the other. */
const readsGoOn = (time: number) =>
  vi.waitFor(() => {
    const last = since(load.reads, time).slice(-50);
    expect(last.length).toBe(50);
    expect(failed(last)).toEqual([]);
  }, patience);

describe("two replicas under the load of many callers", () => {
  it("answer reads and act on codes", async () => {
    const callers = Array.from({ length: 40 }, () => ground.newCaller());
    let begun = 0;
    const nextJob = (): Job => {
      const token = callers[begun++ % callers.length]!;
      return { token, target: freshTag(), confirmed: false, gone: false };
    };
    load = beginLoad(ground, { readers: 6, nextJob, workers: 10 });
    await moreAreGone(10);
    expect(failed(load.reads)).toEqual([]);
  });

  it.each([0, 1, 0] as const)("go on when one of them (%i) is killed, and take it back", async (number) => {
    const replica = ground.replicas[number];
    await vi.waitFor(() => expect(load.underWay(replica.url)).toBeGreaterThan(2), patience);
    const killed = performance.now();
    await replica.kill();
    await readsGoOn(killed);
    await moreAreGone(10);
    expect(interruptedAt(killed)).not.toEqual([]);
    await replica.start();
    await moreAreGone(10);
    const late = failed(load.reads).filter(({ began }) => began > killed + secondsToRecover * 1000);
    expect(late).toEqual([]);
  });

  it("read on while Redis is away, send nothing that destroys, and act again when it is back", async () => {
    const [token, target] = [ground.newCaller(), freshTag()];
    const code = await codeFor(token, target);
    const killed = performance.now();
    await ground.redis.kill();
    // What was admitted before may still be on its way to the registry.
    await vi.waitFor(() => {
      expect(
        since(load.writes, killed).filter(({ reply }) => refusal.test(reply.text)).length,
      ).toBeGreaterThan(20);
    }, patience);
    const deleted = allDeletions();
    for (const given of [{ ...target }, { ...target, confirm: code }]) {
      for (const { url } of ground.replicas) {
        const reply = await callTool({ url, token, tool: "delete_tag", given });
        expect(reply.text).toMatch(refusal);
      }
    }
    await readsGoOn(performance.now());
    expect(allDeletions()).toBe(deleted);
    expect(failed(since(load.reads, killed))).toEqual([]);

    await ground.redis.start();
    await moreAreGone(10);
    for (const { url } of ground.replicas) {
      const given = { ...target, confirm: code };
      expect((await callTool({ url, token, tool: "delete_tag", given })).text).toMatch(/already used/);
    }
    expect(ground.deletions(target)).toBe(0);
    expect(failed(since(load.reads, killed))).toEqual([]);
  });

  it("lose Redis and one replica at once, and recover from both", async () => {
    const killed = performance.now();
    await Promise.all([ground.redis.kill(), ground.replicas[1].kill()]);
    await Promise.all([ground.redis.start(), ground.replicas[1].start()]);
    await Promise.all([readsGoOn(killed), moreAreGone(10)]);
  });

  it("ran no destructive call twice, and none that nobody confirmed", async () => {
    await load.stop();
    const counts = load.jobs.map((job) => ({ job, count: ground.deletions(job.target) }));
    expect(counts.filter(({ count }) => count > 1)).toEqual([]);
    expect(counts.filter(({ job, count }) => count > 0 && !job.confirmed)).toEqual([]);
    expect(counts.filter(({ job, count }) => job.gone && count !== 1)).toEqual([]);
    expect(allDeletions()).toBe(counts.reduce((sum, { count }) => sum + count, 0));
  });
});
