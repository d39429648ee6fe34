import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { isLive } from "../../src/registry/state.ts";
import { catalogue } from "../../tools/index.ts";
import { noon } from "../registry/ask.ts";
import { callsTo, follow } from "../support/calls.ts";
import { recordings } from "../support/facts.ts";
import { routeOf } from "../support/routes.ts";

const names = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe("following pages in a registry", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ now: noon, repositories: 250, tagsPerRepository: 3 });
  });
  afterAll(() => registry.close());

  const superuser = () => callsTo(registry.url, registry.tokens.superuser);
  const since = async <Value>(work: () => Promise<Value>) => {
    registry.requests.length = 0;
    const value = await work();
    return { value, paths: registry.requests.map(({ path }) => path) };
  };
  const repositoriesOf = (namespace: string) => [
    ...registry.state.namespaces.get(namespace)!.repositories.keys(),
  ];

  it("reads a list to its end by next_page, and tells how far it is", async () => {
    const told: unknown[] = [];
    const { value, paths } = await since(() =>
      follow(
        superuser(),
        "list_repositories",
        { namespace: "load-01" },
        { maxItems: 1000, progress: (...each) => told.push(each) },
      ),
    );
    expect(names(value.body.repositories)).toEqual(repositoriesOf("load-01"));
    expect(value).toMatchObject({ read: 250, pages: 3 });
    expect(value.stoppedBy).toBeUndefined();
    expect(value.cursor).toBeUndefined();
    expect(value.body).not.toHaveProperty("next_page");
    expect(paths).toHaveLength(3);
    expect(told).toEqual([
      [100, undefined],
      [200, undefined],
      [250, undefined],
    ]);
  });

  it("stops at the most items, in the middle of a page, and loses none by going on from the cursor", async () => {
    const given = { namespace: "load-01" };
    const first = await follow(superuser(), "list_repositories", given, { maxItems: 150 });
    expect(first).toMatchObject({ read: 150, pages: 2, stoppedBy: "max_items", repeats: 50 });
    const rest = await follow(
      superuser(),
      "list_repositories",
      { ...given, ...first.cursor },
      { maxItems: 1000 },
    );
    expect([
      ...names(first.body.repositories),
      ...names(rest.body.repositories).slice(first.repeats),
    ]).toEqual(repositoriesOf("load-01"));
  });

  it("has no cursor where it stops within the first page: only a larger number shows more", async () => {
    const first = await follow(superuser(), "list_repositories", { namespace: "load-01" }, { maxItems: 5 });
    expect(first).toMatchObject({ read: 5, pages: 1, stoppedBy: "max_items" });
    expect(first.cursor).toBeUndefined();
  });

  it("reads logs to the empty page that ends them", async () => {
    const entries = registry.state.logs.filter(({ namespace }) => namespace === "shop");
    const given = { orgname: "shop", starttime: "2026-10-01", endtime: "2026-11-21" };
    const { value, paths } = await since(() =>
      follow(superuser(), "list_organization_logs", given, { maxItems: 10_000 }),
    );
    expect(entries.length).toBeGreaterThan(40);
    expect(value.read).toBe(entries.length);
    expect(value.stoppedBy).toBeUndefined();
    expect(value.body).toHaveProperty("start_time");
    expect(paths).toHaveLength(Math.ceil(entries.length / 20) + 1);
  });

  it("asks for large pages of tags, and by their number for the further ones", async () => {
    const { tags } = registry.state.namespaces.get("acme")!.repositories.get("app")!;
    const live = tags.filter((tag) => isLive(tag, registry.state)).length;
    const given = { repository: "acme/app", onlyActiveTags: true };
    expect(live).toBeGreaterThan(10);
    const { value, paths } = await since(() =>
      follow(superuser(), "list_tags", { ...given, limit: 10 }, { maxItems: 1000 }),
    );
    expect(value.read).toBe(live);
    expect(paths.at(-1)).toContain(`page=${Math.ceil(live / 10)}`);
    const whole = await since(() => follow(superuser(), "list_tags", given, { maxItems: 1000 }));
    expect(whole.value.body.tags).toEqual(value.body.tags);
    expect(whole.paths).toHaveLength(1);
    expect(whole.paths[0]).toContain("limit=100");
  });

  it("keeps the size of the pages in the cursor, since their numbers depend on it", async () => {
    const given = { repository: "acme/app" };
    const first = await follow(superuser(), "list_tags", given, { maxItems: 7 });
    expect(first).toMatchObject({ read: 7, stoppedBy: "max_items", cursor: { page: 2, limit: 7 } });
    const rest = await follow(superuser(), "list_tags", { ...given, ...first.cursor }, { maxItems: 1000 });
    const whole = await follow(superuser(), "list_tags", given, { maxItems: 1000 });
    expect([...(first.body.tags as []), ...(rest.body.tags as [])]).toEqual(whole.body.tags);
  });

  it("answers an empty list for a page beyond the end", async () => {
    const beyond = await follow(
      superuser(),
      "list_tags",
      { repository: "acme/app", page: 99 },
      { maxItems: 100 },
    );
    expect(beyond).toMatchObject({ read: 0, pages: 1, body: { tags: [] } });
    expect(beyond.stoppedBy).toBeUndefined();
  });

  it("sends the limit without which a superuser's lists have no pages", async () => {
    const { value, paths } = await since(() =>
      follow(superuser(), "superuser_list_organizations", {}, { maxItems: 3 }),
    );
    expect(value).toMatchObject({ read: 3, stoppedBy: "max_items" });
    expect(paths).toEqual([expect.stringContaining("limit=3")]);
    const rest = await follow(superuser(), "superuser_list_organizations", value.cursor!, { maxItems: 100 });
    const organizations = [...registry.state.namespaces.values()].filter(
      ({ kind }) => kind === "organization",
    );
    expect([...names(value.body.organizations), ...names(rest.body.organizations)].sort()).toEqual(
      organizations.map(({ name }) => name).sort(),
    );
  });

  it("knows the total of a mirror's repositories", async () => {
    const told: unknown[] = [];
    const { read, pages, body } = await follow(
      superuser(),
      "list_organization_mirror_repositories",
      { orgname: "upstream", limit: 1 },
      { maxItems: 100, progress: (...each) => told.push(each) },
    );
    expect({ read, pages, total: body.total }).toEqual({ read: 3, pages: 3, total: 3 });
    expect(told).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("asks for one item more where there is nothing but a limit, to know whether there are more", async () => {
    const given = { repository: "acme/weather" };
    const some = await since(() => follow(superuser(), "list_builds", given, { maxItems: 3 }));
    expect(some.value).toMatchObject({ read: 3, stoppedBy: "max_items" });
    expect(some.value.cursor).toBeUndefined();
    expect(some.paths).toEqual([expect.stringContaining("limit=4")]);
    const all = await follow(superuser(), "list_builds", given, { maxItems: 4 });
    expect(all.read).toBe(4);
    expect(all.stoppedBy).toBeUndefined();
  });

  it("never limits robots, since the limit would count what they can reach", async () => {
    const { value, paths } = await since(() =>
      follow(
        superuser(),
        "list_organization_robots",
        { orgname: "acme", permissions: true },
        { maxItems: 100 },
      ),
    );
    expect(paths[0]).not.toContain("limit");
    expect(names(value.body.robots)).toEqual(["acme+ci", "acme+deploy", "acme+legacy", "acme+scanner"]);
  });

  it("fails as the call does where already the first page is refused", async () => {
    const call = callsTo(registry.url, registry.tokens.outsider);
    await expect(
      follow(call, "list_organization_logs", { orgname: "shop" }, { maxItems: 100 }),
    ).rejects.toMatchObject({ status: 403 });
  });
});

describe("the catalogue's paged operations", () => {
  it("have one list in every recorded answer, which is what pages are joined by", () => {
    const paged = catalogue.filter(({ paging }) => paging !== undefined);
    const wrong: string[] = [];
    const met = new Set<string>();
    for (const { method, path, status, body } of recordings) {
      const operationId = routeOf(method, path)?.operationId;
      const tool = paged.find((each) => each.operationId === operationId);
      if (tool === undefined || status !== 200 || typeof body !== "object" || body === null) continue;
      if ("_truncated" in body) continue;
      met.add(tool.name);
      if (Object.values(body).filter(Array.isArray).length !== 1) wrong.push(`${tool.name} ${path}`);
    }
    expect(wrong).toEqual([]);
    expect(met.size).toBeGreaterThanOrEqual(paged.length - 3);
  });
});
