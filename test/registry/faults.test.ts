import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Registry, type RegistryOptions, startRegistry } from "../../src/registry/server.ts";
import { ask, noon } from "./ask.ts";

const path = "/api/v1/repository/acme/app";

/** The status, or what became of the answer. */
async function outcome(registry: Registry): Promise<number | string> {
  const signal = AbortSignal.timeout(200);
  try {
    const headers = { Authorization: `Bearer ${registry.tokens.superuser}` };
    const answer = await fetch(`${registry.url}${path}`, { signal, headers });
    await answer.text();
    return answer.status;
  } catch {
    return signal.aborted ? "hang" : "reset";
  }
}

describe("an embedded registry that is asked for faults", () => {
  let registry: Registry;
  const start = async (options: RegistryOptions) => {
    registry = await startRegistry({ now: noon, ...options });
    return registry;
  };
  beforeEach(() => start({}));
  afterEach(() => registry.close());

  const plan = (body: unknown, method = "PUT") =>
    ask(registry, "/_control/faults", undefined, { method, body });

  it("refuses, breaks off and hangs in about the share that was asked for", async () => {
    const faults = { "429": 0.25, "503": 0.25, reset: 0.25 };
    await plan({ faults });
    const outcomes: (number | string)[] = [];
    for (let request = 0; request < 200; request += 1) outcomes.push(await outcome(registry));
    for (const kind of [429, 503, "reset", 200]) {
      const count = outcomes.filter((each) => each === kind).length;
      expect(count).toBeGreaterThan(30);
      expect(count).toBeLessThan(70);
    }
  });

  it("lets every request meet the one fault whose share is 1", async () => {
    for (const [kind, expected] of [
      ["429", 429],
      ["503", 503],
      ["reset", "reset"],
      ["hang", "hang"],
    ] as const) {
      await plan({ faults: { [kind]: 1 } });
      expect(await outcome(registry)).toBe(expected);
    }
    await plan(undefined, "DELETE");
    expect(await outcome(registry)).toBe(200);
  });

  it("meets the same requests with the same faults for the same seed", async () => {
    const faults = { latency: 0, faults: { "429": 0.3, "503": 0.3 } };
    const series = async (seed: number) => {
      const other = await startRegistry({ now: noon, seed, faults });
      const outcomes: (number | string)[] = [];
      for (let request = 0; request < 40; request += 1) outcomes.push(await outcome(other));
      await other.close();
      return outcomes;
    };
    expect(await series(5)).toEqual(await series(5));
    expect(await series(5)).not.toEqual(await series(6));
  });

  it("answers as the web server in front of Quay does: a page of its own, without Retry-After", async () => {
    await plan({ faults: { "429": 1 } });
    const answer = await ask(registry, path, registry.tokens.superuser);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([429, "text/html"]);
    expect(answer.headers.has("retry-after")).toBe(false);
    expect(await answer.text()).toContain("429 Too Many Requests");
  });

  it("does nothing of what it refuses, and does what it gives no answer to", async () => {
    const describeAs = (description: string) =>
      ask(registry, path, registry.tokens.superuser, { method: "PUT", body: { description } }).catch(
        () => undefined,
      );
    const description = () => registry.state.namespaces.get("acme")!.repositories.get("app")!.description;
    await plan({ faults: { "503": 1 } });
    await describeAs("Refused.");
    expect(description()).not.toBe("Refused.");
    await plan({ faults: { reset: 1 } });
    await describeAs("Done without an answer.");
    expect(description()).toBe("Done without an answer.");
    expect(registry.requests.map(({ status }) => status)).toEqual([503, 0]);
  });

  it("answers later by the latency", async () => {
    await plan({ latency: 120 });
    const started = performance.now();
    expect(await outcome(registry)).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
  });

  it("shows and changes the plan by a control route that no fault befalls and no list of requests shows", async () => {
    await plan({ latency: 5, faults: { "503": 1 } });
    const shown = await plan(undefined, "GET");
    expect([shown.status, await shown.json()]).toEqual([200, { latency: 5, faults: { "503": 1 } }]);
    expect(registry.requests).toEqual([]);
  });

  it("refuses a plan that makes no sense, in words, and keeps the one it had", async () => {
    for (const body of [
      { faults: { "418": 1 } },
      { faults: { "429": 2 } },
      { faults: { "429": 0.6, reset: 0.6 } },
      { latency: -1 },
      { slow: true },
      [],
      null,
    ]) {
      const answer = await plan(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ message: expect.stringMatching(/\w/) });
    }
    expect((await plan(undefined, "PUT")).status).toBe(400);
    expect((await plan(undefined, "POST")).status).toBe(405);
    expect((await ask(registry, "/_control/other")).status).toBe(404);
    expect(await outcome(registry)).toBe(200);
  });

  it("has a clock that a control route sets", async () => {
    const set = await ask(registry, "/_control/clock", undefined, {
      method: "PUT",
      body: { now: "2030-01-01T00:00:00Z" },
    });
    expect(await set.json()).toEqual({ now: "2030-01-01T00:00:00.000Z" });
    expect(registry.state.now()).toEqual(new Date("2030-01-01T00:00:00Z"));
    const wrong = await ask(registry, "/_control/clock", undefined, {
      method: "PUT",
      body: { now: "tomorrow" },
    });
    expect(wrong.status).toBe(400);
  });

  it("ends while requests hang", async () => {
    const hanging = await startRegistry({ now: noon, faults: { latency: 0, faults: { hang: 1 } } });
    const request = ask(hanging, path).catch(() => "broken off");
    await expect.poll(() => hanging.answered()).toBe(1);
    await hanging.close();
    expect(await request).toBe("broken off");
  });

  it("remembers the newest requests only, and counts them all", async () => {
    const forgetful = await startRegistry({ now: noon, requestsKept: 3 });
    for (const query of "abcde") await (await ask(forgetful, `/api/v1/messages?${query}`)).text();
    expect(forgetful.requests.map((request) => request.path.at(-1))).toEqual(["c", "d", "e"]);
    expect(forgetful.answered()).toBe(5);
    await forgetful.close();
  });
});
