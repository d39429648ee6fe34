import { describe, expect, it } from "vitest";
import type { Call } from "../../src/call/context.ts";
import { QuayError } from "../../src/quay/errors.ts";
import { json, startServer, token } from "../quay/server.ts";
import { callsTo, follow } from "../support/calls.ts";

const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe("a registry that goes wrong", () => {
  const tag = (name: string) => ({ name, manifest_digest: `sha256:${name}` });
  const repository = (name: unknown) => ({ namespace: "acme", name });
  const serve = async (answer: (url: URL, count: number) => unknown) => {
    const server = await startServer((request, response, count) => {
      const body = answer(new URL(request.url ?? "", "http://registry"), count);
      if (body === undefined) json(response, 500, { message: "Something broke." });
      else json(response, 200, body);
    });
    return { call: callsTo(server.url, token), server };
  };
  const list = (call: Call, maxItems = 1000) =>
    follow(call, "list_repositories", { namespace: "acme" }, { maxItems });

  it("answers a damaged cursor with the first page again: it is read once", async () => {
    const { call, server } = await serve((_url, count) => ({
      repositories: [repository("a"), repository("b")],
      next_page: `gAAAAA${count}`,
    }));
    const { body, stoppedBy, cursor } = await list(call);
    expect(names(body.repositories)).toEqual(["a", "b"]);
    expect({ stoppedBy, cursor }).toEqual({ stoppedBy: "loop", cursor: undefined });
    expect(server.requests).toHaveLength(2);
  });

  it("goes round in a circle of several pages: each is read once", async () => {
    const { call } = await serve((_url, count) => ({
      repositories: [repository(`page ${count % 3}`)],
      next_page: "more",
    }));
    expect(await list(call)).toMatchObject({ read: 3, stoppedBy: "loop" });
  });

  it("ignores the number of the page", async () => {
    const { call } = await serve(() => ({ tags: [tag("a"), tag("b")], page: 1, has_additional: true }));
    const found = await follow(call, "list_tags", { repository: "acme/app" }, { maxItems: 1000 });
    expect(found).toMatchObject({ read: 2, pages: 2, stoppedBy: "loop" });
  });

  it("answers empty pages without an end, as with a limit of 0", async () => {
    const { call, server } = await serve((_url, count) => ({
      repositories: [],
      next_page: `gAAAAA${count}`,
    }));
    expect(await list(call)).toMatchObject({ read: 0, stoppedBy: "loop" });
    expect(server.requests.length).toBeLessThan(6);
  });

  it("has an empty page in the middle, and goes on behind it", async () => {
    const pages = [["a"], [], ["b"]];
    const { call } = await serve((_url, count) => ({
      repositories: pages[count - 1]!.map(repository),
      ...(count < 3 && { next_page: `gAAAAA${count}` }),
    }));
    const { body, stoppedBy } = await list(call);
    expect(names(body.repositories)).toEqual(["a", "b"]);
    expect(stoppedBy).toBeUndefined();
  });

  it("never ends: the most items end it", async () => {
    const { call, server } = await serve((_url, count) => ({
      repositories: [repository(`a${count}`), repository(`b${count}`)],
      next_page: `gAAAAA${count}`,
    }));
    expect(await list(call, 31)).toMatchObject({ read: 31, pages: 16, stoppedBy: "max_items", repeats: 1 });
    expect(server.requests).toHaveLength(16);
  });

  it("never ends, with huge items: their bytes end it", async () => {
    const { call } = await serve((_url, count) => ({
      repositories: [repository(`${count}${"x".repeat(6 * 1024 ** 2)}`)],
      next_page: `gAAAAA${count}`,
    }));
    expect(await list(call)).toMatchObject({ read: 3, stoppedBy: "size", cursor: { next_page: "gAAAAA3" } });
  });

  it("takes a cursor of another kind for none", async () => {
    for (const next_page of [null, "", 7, { of: "attack" }, ["x"]]) {
      const { call, server } = await serve(() => ({ repositories: [repository("a")], next_page }));
      const { read, stoppedBy } = await list(call);
      expect({ read, stoppedBy, requests: server.requests.length }).toEqual({
        read: 1,
        stoppedBy: undefined,
        requests: 1,
      });
    }
  });

  it("answers no list at all: that is the answer", async () => {
    const { call } = await serve(() => ({ message: "nothing here" }));
    expect(await list(call)).toMatchObject({ read: 0, pages: 1, body: { message: "nothing here" } });
  });

  it("tells a total that is none: progress says none either", async () => {
    const told: unknown[] = [];
    const { call } = await serve((_url, count) => ({
      repositories: [repository(`a${count}`)],
      total: [-5, "many"][count - 1],
      has_next: count < 2,
    }));
    await follow(
      call,
      "list_organization_mirror_repositories",
      { orgname: "acme" },
      { maxItems: 10, progress: (...each) => told.push(each) },
    );
    expect(told).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
  });

  it("fails in the middle: what was read is answered, and going on begins with the page that failed", async () => {
    const { call } = await serve((_url, count) =>
      count === 3 ? undefined : { repositories: [repository(`a${count}`)], next_page: `gAAAAA${count}` },
    );
    const { body, stoppedBy, cursor, error } = await list(call);
    expect(names(body.repositories)).toEqual(["a1", "a2"]);
    expect({ stoppedBy, cursor }).toEqual({ stoppedBy: "error", cursor: { next_page: "gAAAAA2" } });
    expect(error).toMatchObject({ status: 500 });
  });

  it("counts the lines of a build's log, and is asked for those that are missing, equal ones too", async () => {
    const lines = Array.from({ length: 7 }, () => ({ message: "again" }));
    const { call, server } = await serve((url) => {
      const start = Number(url.searchParams.get("start") ?? 0);
      return { start, total: lines.length, logs: lines.slice(start, start + 3) };
    });
    const given = { repository: "acme/app", build_uuid: "b" };
    const whole = await follow(call, "get_build_logs", given, { maxItems: 100 });
    expect(whole).toMatchObject({ read: 7, pages: 3, body: { total: 7 } });
    expect(server.requests.map(({ url }) => url.split("?")[1] ?? "")).toEqual(["", "start=3", "start=6"]);
    const part = await follow(call, "get_build_logs", given, { maxItems: 3 });
    expect(part).toMatchObject({ read: 3, stoppedBy: "max_items", cursor: { start: 3 } });
  });

  it("has no more than ten pages of a search", async () => {
    const { call, server } = await serve((_url, count) => ({
      results: [repository(`a${count}`)],
      has_additional: true,
      page: Math.min(count, 10),
    }));
    const found = await follow(call, "search_repositories", { query: "a" }, { maxItems: 1000 });
    expect(found).toMatchObject({ read: 10, stoppedBy: "last_page" });
    expect(found.cursor).toBeUndefined();
    expect(server.requests).toHaveLength(10);
  });

  it("is left alone after a cancellation between pages, and what was read is answered", async () => {
    const { call, server } = await serve((_url, count) => ({
      repositories: [repository(`a${count}`)],
      next_page: `gAAAAA${count}`,
    }));
    const controller = new AbortController();
    const found = await follow(
      call,
      "list_repositories",
      { namespace: "acme" },
      {
        maxItems: 1000,
        signal: controller.signal,
        progress: (read) => read === 2 && controller.abort(),
      },
    );
    expect(found).toMatchObject({ read: 2, stoppedBy: "cancelled", cursor: { next_page: "gAAAAA2" } });
    expect(server.requests).toHaveLength(2);
  });

  it("is cancelled while a page is awaited: what was read is answered", async () => {
    const controller = new AbortController();
    const server = await startServer((_request, response, count) => {
      if (count === 1) json(response, 200, { repositories: [repository("a")], next_page: "gAAAAA1" });
      else controller.abort();
    });
    const { signal } = controller;
    const call = callsTo(server.url, token, { signal });
    const found = await follow(call, "list_repositories", { namespace: "acme" }, { maxItems: 1000, signal });
    expect(found).toMatchObject({ read: 1, stoppedBy: "cancelled", cursor: { next_page: "gAAAAA1" } });
    expect(found.error).toBeInstanceOf(QuayError);
  });
});
