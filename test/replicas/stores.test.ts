/** What two replicas share through a real Redis. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { compact } from "../../src/answer/compact.ts";
import { redact } from "../../src/answer/redact.ts";
import { RefusedError } from "../../src/errors.ts";
import { redisAnswers } from "../../src/stores/answers.ts";
import { connectRedis } from "../../src/stores/redis.ts";
import { createStores, type Stores } from "../../src/stores/stores.ts";
import { freePort } from "./ports.ts";
import { askRedis, type RedisServer, startRedisServer } from "./redis-server.ts";

const answer = (value: unknown) => compact(redact(value, {}), { operationId: "x" });
const inTenMinutes = () => Date.now() + 10 * 60_000;
/** Generous: recovering takes a second or two. */
const patience = { timeout: 10_000, interval: 50 };

let directory: string;
let redis: RedisServer;
let said: string[];
let one: Stores;
let other: Stores;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "quay-mcp-redis-"));
  redis = await startRedisServer({ directory });
});

beforeEach(async () => {
  said = [];
  const say = (sentence: string) => said.push(sentence);
  [one, other] = await Promise.all([
    createStores({ redisUrl: redis.url, say }),
    createStores({ redisUrl: redis.url, say: () => {} }),
  ]);
});

afterEach(() => {
  one.close();
  other.close();
});

afterAll(async () => {
  await redis.kill();
  await rm(directory, { recursive: true });
});

describe("nonces of replicas", () => {
  it("are taken once, by whichever replica comes first", async () => {
    for (let round = 0; round < 50; round++) {
      const nonce = `nonce-${round}`;
      await one.nonces.put(nonce, inTenMinutes());
      const taken = await Promise.all([one, other, one, other].map(({ nonces }) => nonces.take(nonce)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    }
  });

  it("leave Redis by themselves when they have expired", async () => {
    await one.nonces.put("short", Date.now() + 100);
    await one.nonces.put("long", inTenMinutes());
    await vi.waitFor(async () => {
      expect(await askRedis(redis, "EXISTS quay-mcp:nonce:short")).toMatch(/^:0/);
    }, patience);
    const left = Number(/:(\d+)/.exec(await askRedis(redis, "PTTL quay-mcp:nonce:long"))?.[1]);
    expect(left).toBeGreaterThan(9 * 60_000);
    expect(left).toBeLessThanOrEqual(10 * 60_000);
  });

  it("that Redis knows from before it was started again are not taken", async () => {
    const own = await startRedisServer({
      directory,
      flags: ["--appendonly", "yes", "--appendfsync", "always"],
    });
    onTestFinished(own.kill);
    const stores = await createStores({ redisUrl: own.url, say: () => {} });
    onTestFinished(stores.close);
    await stores.nonces.put("before", inTenMinutes());
    await own.kill();
    await own.start();
    await vi.waitFor(() => expect(stores.ready()).toBe(true), patience);
    expect(await askRedis(own, "EXISTS quay-mcp:nonce:before")).toMatch(/^:1/);
    expect(await stores.nonces.take("before")).toBe(false);
  });
});

describe("the brake of replicas", () => {
  it("counts what all of them sent, each caller alone", async () => {
    const admitted = await Promise.all(
      Array.from({ length: 40 }, (_, call) => [one, other][call % 2]!.brakes.admit("ada", 10, Date.now())),
    );
    expect(admitted.filter(Boolean)).toHaveLength(10);
    expect(await other.brakes.admit("bob", 10, Date.now())).toBe(true);
  });

  it("can be looked at, and counts nothing then", async () => {
    for (const replica of [one, other]) {
      expect(await replica.brakes.wouldAdmit("frank", 1, Date.now())).toBe(true);
    }
    expect(await one.brakes.admit("frank", 1, Date.now())).toBe(true);
    expect(await other.brakes.wouldAdmit("frank", 1, Date.now())).toBe(false);
    expect(await other.brakes.wouldAdmit("gina", 1, Date.now())).toBe(true);
  });

  it("counts by Redis's clock, whatever a replica's is", async () => {
    expect(await one.brakes.admit("carol", 1, 0)).toBe(true);
    expect(await other.brakes.admit("carol", 1, Date.now() + 3_600_000)).toBe(false);
  });

  it("keeps its counts for a minute", async () => {
    await one.brakes.admit("dave", 1, Date.now());
    const keys = (await askRedis(redis, "KEYS quay-mcp:brake:*")).match(/quay-mcp:brake:\S+/g)!;
    for (const key of keys) {
      const left = Number(/:(\d+)/.exec(await askRedis(redis, `PTTL ${key}`))?.[1]);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
    }
  });
});

describe("answers of replicas", () => {
  it("are read through any replica, by their caller alone", async () => {
    const id = (await one.answers.keep("ada", answer({ tags: ["v1", "ünï"] })))!;
    expect(id).toMatch(/^[\w-]{22}$/);
    expect((await other.answers.read("ada", id))?.value).toEqual({ tags: ["v1", "ünï"] });
    expect(await other.answers.read("mallory", id)).toBeUndefined();
    expect(await other.answers.read("ada", "A".repeat(22))).toBeUndefined();
  });

  it("are kept for 15 minutes under names that do not tell the caller", async () => {
    await one.answers.keep("the-caller", answer([1]));
    const keys = (await askRedis(redis, "KEYS *")).match(/quay-mcp:\S+/g)!;
    expect(keys.filter((key) => key.startsWith("quay-mcp:answers:")).length).toBeGreaterThan(0);
    expect(keys.join(" ")).not.toContain("the-caller");
    for (const key of keys.filter((each) => each.startsWith("quay-mcp:answers"))) {
      const left = Number(/:(\d+)/.exec(await askRedis(redis, `PTTL ${key}`))?.[1]);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(15 * 60_000);
    }
  });

  it("leave for the same caller's newer ones when they are too many or too large", async () => {
    const connection = await connectRedis({ url: redis.url, say: () => {} });
    onTestFinished(connection.close);
    const answers = redisAnswers(connection, {
      milliseconds: 60_000,
      answersOfCaller: 3,
      bytesOfCaller: 100,
    });
    const bob = (await answers.keep("bob", answer("b")))!;
    const ids: string[] = [];
    for (const text of ["1", "2", "3", "4"]) ids.push((await answers.keep("erin", answer(text)))!);
    const values = () => Promise.all(ids.map(async (id) => (await answers.read("erin", id))?.value));
    expect(await values()).toEqual([undefined, "2", "3", "4"]);
    ids.push((await answers.keep("erin", answer("x".repeat(94))))!);
    expect(await values()).toEqual([undefined, undefined, undefined, "4", "x".repeat(94)]);
    expect(await answers.keep("erin", answer("x".repeat(99)))).toBeUndefined();
    expect((await values()).at(-1)).toHaveLength(94);
    expect((await answers.read("bob", bob))?.value).toBe("b");
  });

  it("end at their own time, also where newer ones keep the key", async () => {
    const connection = await connectRedis({ url: redis.url, say: () => {} });
    onTestFinished(connection.close);
    const limits = { answersOfCaller: 3, bytesOfCaller: 100 };
    const id = (await redisAnswers(connection, { milliseconds: 50, ...limits }).keep("ivan", answer(1)))!;
    const answers = redisAnswers(connection, { milliseconds: 60_000, ...limits });
    const newer = (await answers.keep("ivan", answer(2)))!;
    await vi.waitFor(async () => expect(await answers.read("ivan", id)).toBeUndefined(), patience);
    expect((await answers.read("ivan", newer))?.value).toBe(2);
  });
});

describe("a Redis that fails while replicas use it", () => {
  it("is missed at once when it dies, and found again when it is back, without what it knew", async () => {
    await one.nonces.put("lost", inTenMinutes());
    const id = (await one.answers.keep("ada", answer([1])))!;
    await redis.kill();
    await expect(one.nonces.put("another", inTenMinutes())).rejects.toThrow(RefusedError);
    await expect(one.brakes.admit("gus", 1, Date.now())).rejects.toThrow(RefusedError);
    expect(await one.answers.keep("ada", answer([1]))).toBeUndefined();
    await vi.waitFor(() => expect([one.ready(), other.ready()]).toEqual([false, false]), patience);
    await redis.start();
    await vi.waitFor(() => expect([one.ready(), other.ready()]).toEqual([true, true]), patience);
    expect(await other.nonces.take("lost")).toBe(false);
    expect(await other.answers.read("ada", id)).toBeUndefined();
    await one.nonces.put("found", inTenMinutes());
    expect(await other.nonces.take("found")).toBe(true);
    expect(said.at(0)).toMatch(/^The shared store \(--redis-url\) fails: .+ Destructive calls are refused/);
    expect(said.at(-1)).toBe("The shared store (--redis-url) answers again.");
  });

  it("is not waited for longer than a second when it does not answer, and is found when it does", async () => {
    redis.pause();
    const began = performance.now();
    await expect(one.nonces.put("late", inTenMinutes())).rejects.toThrow(RefusedError);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(one.ready()).toBe(false);
    const again = performance.now();
    await expect(one.nonces.take("late")).rejects.toThrow(RefusedError);
    expect(performance.now() - again).toBeLessThan(700);
    redis.resume();
    await vi.waitFor(() => expect(one.ready()).toBe(true), patience);
    await one.nonces.put("in time", inTenMinutes());
    expect(await other.nonces.take("in time")).toBe(true);
  });

  it("is given up for another connection when it stays silent", async () => {
    redis.pause();
    await expect(one.nonces.take("x")).rejects.toThrow(RefusedError);
    await vi.waitFor(() => expect(said.join(" ")).toMatch(/[Ss]ocket timeout|imeout/), patience);
    redis.resume();
    await vi.waitFor(() => expect(one.ready()).toBe(true), patience);
  });

  it.each([
    ["is full", ["CONFIG SET maxmemory 1"], ["CONFIG SET maxmemory 0"]],
    ["only follows another", ["REPLICAOF 127.0.0.1 1"], ["REPLICAOF NO ONE"]],
  ])("that %s takes nothing in, and goes on when it is well", async (_what, fall, recover) => {
    await askRedis(redis, ...fall);
    onTestFinished(() => void askRedis(redis, ...recover));
    await expect(one.nonces.put("x", inTenMinutes())).rejects.toThrow(RefusedError);
    expect(await one.answers.keep("ada", answer(1))).toBeUndefined();
    await askRedis(redis, ...recover);
    await one.nonces.put("x", inTenMinutes());
    expect(await other.nonces.take("x")).toBe(true);
  });

  it("refuses where it may not do what is asked, and says why", async () => {
    const flags = "--user default on nopass ~* &* +@all -info".split(" ");
    const strict = await startRedisServer({ directory, flags });
    onTestFinished(strict.kill);
    const sentences: string[] = [];
    const stores = await createStores({ redisUrl: strict.url, say: (sentence) => sentences.push(sentence) });
    onTestFinished(stores.close);
    expect(stores.ready()).toBe(true);
    await expect(stores.nonces.put("x", inTenMinutes())).rejects.toThrow(RefusedError);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(/can't run this command\. Destructive/);
  });

  it("is reached by a user with a password, which is never told, and with no more rights than documented", async () => {
    const documentation = await readFile(new URL("../../docs/replicas.md", import.meta.url), "utf8");
    const rights = /^user quay-mcp on >… (.*)$/m.exec(documentation)![1]!;
    const flags = `--user default off --user quay on >s3cr:et ${rights}`.split(" ");
    const locked = await startRedisServer({ directory, flags });
    onTestFinished(locked.kill);
    const sentences: string[] = [];
    const open = (password: string) =>
      createStores({
        redisUrl: `redis://quay:${password}@127.0.0.1:${locked.port}/0`,
        say: (sentence) => sentences.push(sentence),
      });
    const stores = await open("s3cr%3Aet");
    onTestFinished(stores.close);
    await stores.nonces.put("x", inTenMinutes());
    expect(await stores.nonces.take("x")).toBe(true);
    expect(await stores.brakes.admit("ada", 1, Date.now())).toBe(true);
    expect((await stores.answers.read("ada", (await stores.answers.keep("ada", answer(1)))!))?.value).toBe(1);
    const refused = await open("wr0ng");
    onTestFinished(refused.close);
    expect(refused.ready()).toBe(false);
    expect(sentences.join(" ")).toMatch(/WRONGPASS/);
    expect(sentences.join(" ")).not.toMatch(/s3cr|wr0ng/);
  });

  it("is reached with TLS, by the operator's own authority too, and by no other", async () => {
    const file = (name: string) => fileURLToPath(new URL(`../data/tls/${name}.pem`, import.meta.url));
    const port = await freePort();
    const certificate = `--tls-cert-file ${file("certificate")} --tls-key-file ${file("key")}`;
    const authority = `--tls-ca-cert-file ${file("certificate")} --tls-auth-clients no`;
    const flags = `--tls-port ${port} ${certificate} ${authority}`.split(" ");
    const encrypted = await startRedisServer({ directory, flags });
    onTestFinished(encrypted.kill);
    const sentences: string[] = [];
    const open = (authorities?: string) =>
      createStores({
        redisUrl: `rediss://localhost:${port}`,
        authorities,
        say: (sentence) => sentences.push(sentence),
      });
    const stores = await open(await readFile(file("certificate"), "utf8"));
    onTestFinished(stores.close);
    await stores.nonces.put("x", inTenMinutes());
    expect(await stores.nonces.take("x")).toBe(true);
    const strict = await open();
    onTestFinished(strict.close);
    expect(strict.ready()).toBe(false);
    expect(sentences.join(" ")).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);
  });
});
