import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { compact } from "../../src/answer/compact.ts";
import { redact } from "../../src/answer/redact.ts";
import { readSettings } from "../../src/config.ts";
import { RefusedError } from "../../src/errors.ts";
import { readHttpSettings } from "../../src/http/settings.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { createRuntime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { redisUrlTrouble } from "../../src/stores/redis-url.ts";
import { createStores, type Stores } from "../../src/stores/stores.ts";
import { freePort } from "../replicas/ports.ts";

const answer = (value: unknown) => compact(redact(value, {}), { operationId: "x" });

describe("the stores of one process", () => {
  it("are there at once: nonces, counts and answers", async () => {
    const { nonces, brakes, answers, ready } = await createStores();
    expect(ready()).toBe(true);
    await nonces.put("nonce", Date.now() + 1000);
    expect([await nonces.take("nonce"), await nonces.take("nonce")]).toEqual([true, false]);
    expect([await brakes.admit("ada", 1, 0), await brakes.admit("ada", 1, 0)]).toEqual([true, false]);
    const id = await answers.keep("ada", answer([1]));
    expect((await answers.read("ada", id!))?.value).toEqual([1]);
  });
});

describe("a Redis that is away", () => {
  const said: string[] = [];
  let stores: Stores;

  afterEach(() => {
    stores.close();
    said.length = 0;
  });

  const openStores = async (url: string) => {
    stores = await createStores({ redisUrl: url, say: (sentence) => said.push(sentence) });
    return stores;
  };
  const openAway = async () => openStores(`redis://somebody:hunter2@127.0.0.1:${await freePort()}`);

  it("does not keep a server from starting, and is told once, without the password", async () => {
    await openAway();
    expect(stores.ready()).toBe(false);
    expect(said).toEqual([
      "The shared store (--redis-url) fails: ECONNREFUSED. Destructive calls are refused until it answers.",
    ]);
  });

  it("refuses whatever needs a nonce or a count, and says that nothing was sent", async () => {
    const { nonces, brakes } = await openAway();
    for (const refused of [
      nonces.put("nonce", Date.now() + 1000),
      nonces.take("nonce"),
      brakes.admit("ada", 10, Date.now()),
      brakes.wouldAdmit("ada", 10, Date.now()),
    ]) {
      await expect(refused).rejects.toThrow(RefusedError);
      await expect(refused).rejects.toThrow(
        /^The call was not sent: this server's shared store is not reachable.*try again/,
      );
    }
  });

  it("keeps no answers, and says why one cannot be read", async () => {
    const { answers } = await openAway();
    expect(await answers.keep("ada", answer([1]))).toBeUndefined();
    await expect(answers.read("ada", "x".repeat(22))).rejects.toThrow(/shared store is not reachable/);
  });

  it("lets calls that only read go on, and refuses destructive ones before they are sent", async () => {
    const registry = await startRegistry();
    onTestFinished(registry.close);
    const { nonces, brakes, answers } = await openAway();
    const runtime = createRuntime(readSettings({ allow: "destructive" }, {}), {
      connection: { url: registry.url, token: registry.tokens.superuser },
      secrets: noSecrets,
      audit: undefined,
      sealKey: randomBytes(32),
      nonces,
      brakes,
      answers,
    });
    onTestFinished(() => runtime.close());
    const read = await runtime.read("list_tags", { repository: "acme/app" });
    expect(read.status).toBe(200);
    const given = { repository: "acme/app", tag: "latest" };
    for (const each of [given, { ...given, confirm: randomBytes(48).toString("base64url") }]) {
      await expect(runtime.call("delete_tag", each, { means: "code" })).rejects.toThrow(RefusedError);
    }
    await expect(runtime.call("delete_tag", given, { means: "code" })).rejects.toThrow(
      /The call was not sent: this server's shared store/,
    );
    expect(registry.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("is not waited for when it takes connections and says nothing", async () => {
    const silent = createServer(() => {});
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => {
      silent.close();
    });
    const address = silent.address();
    const { port } = address as { port: number };
    const opened = await openStores(`redis://127.0.0.1:${port}`);
    expect(opened.ready()).toBe(false);
    await expect(opened.nonces.take("nonce")).rejects.toThrow(RefusedError);
  });
});

describe("the URL of a Redis", () => {
  it.each([
    "redis://localhost",
    "rediss://user:p%40ss@redis.example.com:6380/2",
    "redis://:secret@[::1]:6379/",
  ])("may be %s", (url) => {
    expect(redisUrlTrouble(url)).toBeUndefined();
  });

  it.each([
    ["redis.example.com", /must be a URL/],
    ["https://redis.example.com", /must begin with redis:/],
    ["redis://:secret@redis.example.com/queue", /number of a database/],
    ["redis://:secret%zz@redis.example.com", /percent-encoded/],
  ])("is not %s, and what is wrong is said without it", (url, trouble) => {
    expect(redisUrlTrouble(url)).toMatch(trouble);
    expect(redisUrlTrouble(url)).not.toMatch(/secret/);
  });

  it("is looked at before the server starts", () => {
    const read = (redisUrl: string) =>
      readHttpSettings(
        { redisUrl },
        { QUAY_URL: "https://quay.example.com", QUAY_MCP_SEAL_KEY: "k".repeat(32) },
      );
    expect(read("redis://localhost").redisUrl).toBe("redis://localhost");
    expect(() => read("redis.example.com")).toThrow(/^--redis-url must be a URL/);
  });
});
