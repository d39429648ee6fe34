import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pushesOf } from "../../src/registry/company/repositories.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import type { State } from "../../src/registry/state.ts";
import { catalogue } from "../../tools/index.ts";
import { ask, noon, read } from "./ask.ts";

const day = 86_400_000;

describe("the company in the embedded registry", () => {
  let registry: Registry;
  let state: State;
  beforeAll(async () => {
    registry = await startRegistry({ now: noon });
    state = registry.state;
  });
  afterAll(() => registry.close());

  const repositories = () =>
    [...state.namespaces.values()].flatMap((each) => [...each.repositories.values()]);
  const organizations = () => [...state.namespaces.values()].filter(({ kind }) => kind === "organization");

  it("is the same for the same seed and time, and another one for another seed", async () => {
    const start = (seed: number) => startRegistry({ now: noon, seed });
    const [one, same, other] = await Promise.all([start(7), start(7), start(8)]);
    const dump = ({ state: { namespaces, logs, collections } }: Registry) => ({
      namespaces,
      logs,
      collections,
    });
    expect(dump(same)).toEqual(dump(one));
    expect(same.tokens).toEqual(one.tokens);
    expect(other.tokens).not.toEqual(one.tokens);
    expect([...other.state.namespaces.keys()]).toEqual([...one.state.namespaces.keys()]);
    await Promise.all([one.close(), same.close(), other.close()]);
  });

  it("has several organizations, and some forty repositories with tags over two years", () => {
    expect(organizations().length).toBeGreaterThanOrEqual(5);
    expect(repositories().length).toBeGreaterThanOrEqual(40);
    const starts = repositories().flatMap(({ tags }) => tags.map(({ start }) => start * 1000));
    expect(Math.min(...starts)).toBeLessThan(noon().getTime() - 700 * day);
    expect(Math.max(...starts)).toBeLessThanOrEqual(noon().getTime());
    expect(starts.length).toBeGreaterThan(300);
  });

  it("points every tag at a manifest that is there, and every list at its children", () => {
    for (const { tags, manifests } of repositories()) {
      for (const { digest } of tags) expect(manifests.has(digest)).toBe(true);
      for (const { children } of manifests.values()) {
        for (const child of children) expect(manifests.has(child)).toBe(true);
      }
    }
  });

  it("gives roles only to those who are there", () => {
    const isThere = (name: string) => {
      const [owner = "", robot] = name.split("+");
      const namespace = state.namespaces.get(owner);
      return robot === undefined ? namespace?.kind === "user" : namespace?.robots.has(robot) === true;
    };
    for (const { namespace, userPermissions, teamPermissions } of repositories()) {
      expect([...userPermissions.keys()].filter((name) => !isThere(name))).toEqual([]);
      const { teams } = state.namespaces.get(namespace)!;
      expect([...teamPermissions.keys()].filter((name) => !teams.has(name))).toEqual([]);
    }
    const members = organizations().flatMap(({ teams }) =>
      [...teams.values()].flatMap((team) => [...team.members]),
    );
    expect(members.filter((name) => !isThere(name))).toEqual([]);
  });

  it("answers every read about everything it has", async () => {
    const paths = new Set<string>();
    for (const { method, path } of catalogue) {
      if (method !== "GET" || !path.startsWith("/api/v1/")) continue;
      const owners = path.includes("{orgname}") ? organizations().map(({ name }) => name) : [""];
      const inside = path.includes("{repository}") ? repositories() : [undefined];
      for (const owner of owners) {
        for (const repository of inside) {
          const [manifest] = repository?.manifests.keys() ?? [];
          const filled = path
            .replace("{orgname}", owner)
            .replace("{repository}", `${repository?.namespace}/${repository?.name}`)
            .replace("{manifestref}", manifest ?? "sha256:none");
          if (!filled.includes("{")) paths.add(filled);
        }
      }
    }
    expect(paths.size).toBeGreaterThan(500);
    const failed: string[] = [];
    for (const path of paths) {
      const { status } = await ask(registry, path, registry.tokens.superuser);
      if (status >= 500) failed.push(`${path}: ${status}`);
    }
    expect(failed).toEqual([]);
  });

  it("has robots that nobody uses, and one of them is an owner", async () => {
    interface Robot {
      readonly name: string;
      readonly last_accessed: string | null;
      readonly teams: readonly { readonly name: string }[];
    }
    const found = await Promise.all(
      organizations().map(({ name }) =>
        read<{ robots: Robot[] }>(registry, `organization/${name}/robots?permissions=true`),
      ),
    );
    const robots = found.flatMap((each) => each.robots);
    const idle = robots.filter(
      ({ last_accessed }) => Date.parse(last_accessed ?? "2000-01-01") < noon().getTime() - 90 * day,
    );
    expect(idle.map(({ name }) => name)).toEqual([
      "acme+legacy",
      "acme+scanner",
      "platform+jenkins",
      "research+notebook",
      "shop+export",
    ]);
    expect(
      idle.filter(({ teams }) => teams.some(({ name }) => name === "owners")).map(({ name }) => name),
    ).toEqual(["platform+jenkins"]);
  });

  it("has namespaces near their quota", async () => {
    interface Report {
      readonly name: string;
      readonly quota_report: { readonly quota_bytes: number; readonly configured_quota: number | null };
    }
    const { organizations: shown } = await read<{ organizations: Report[] }>(
      registry,
      "superuser/organizations/",
    );
    const used = shown.flatMap(({ name, quota_report: { quota_bytes, configured_quota } }) =>
      configured_quota === null ? [] : [[name, Math.round((100 * quota_bytes) / configured_quota)] as const],
    );
    expect(used.filter(([, percent]) => percent > 80 && percent < 100).map(([name]) => name)).toEqual([
      "platform",
      "research",
      "shop",
    ]);
  });

  it("still ships what is known to be broken, by real CVE numbers", async () => {
    interface Scanned {
      readonly status: string;
      readonly data: {
        readonly Layer: { readonly Features: readonly { readonly CVEIds: readonly string[] }[] };
      } | null;
    }
    const newest = async (repository: string) => {
      const { tags } = await read<{ tags: { manifest_digest: string }[] }>(
        registry,
        `repository/${repository}/tag/?onlyActiveTags=true`,
      );
      const path = `repository/${repository}/manifest/${tags[0]!.manifest_digest}/security?vulnerabilities=true`;
      const { status, data } = await read<Scanned>(registry, path);
      return { status, cves: data?.Layer.Features.flatMap(({ CVEIds }) => CVEIds) };
    };
    expect((await newest("acme/guidance")).cves).toContain("CVE-2021-44228");
    expect((await newest("shop/search")).cves).not.toContain("CVE-2022-42889");
    // A list of manifests has no result of its own, and what was pushed today waits.
    expect(await newest("platform/python")).toEqual({ status: "unsupported", cves: undefined });
    expect((await newest("platform/toolbox")).status).toBe("queued");
    expect((await newest("research/notebooks")).status).toBe("manifest_layer_too_large");
  });

  it("has a month of logs of more than a dozen kinds, with what an auditor would look for", async () => {
    const { aggregated } = await read<{ aggregated: { kind: string }[] }>(
      registry,
      "organization/shop/aggregatelogs?starttime=10/25/2026",
    );
    expect(new Set(aggregated.map(({ kind }) => kind))).toContain("change_repo_visibility");
    expect(new Set(state.logs.map(({ kind }) => kind)).size).toBeGreaterThan(12);
    const times = state.logs.map(({ time }) => time.getTime());
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThan(noon().getTime() - 33 * day);
    expect(times.at(-1)).toBeLessThanOrEqual(noon().getTime());
  });

  it("has a mirrored organization, mirrors that fail, and a proxy cache", async () => {
    const mirror = await read<{ repo_sync_status_counts: unknown }>(registry, "organization/upstream/mirror");
    expect(mirror.repo_sync_status_counts).toMatchObject({ SUCCESS: 2, FAIL: 1 });
    expect(await read(registry, "repository/vendor/postgres/mirror")).toMatchObject({
      sync_status: "FAIL",
      sync_retries_remaining: 0,
    });
    expect(await read(registry, "organization/hub/proxycache")).toMatchObject({
      upstream_registry: "docker.io/library",
    });
  });

  it("has policies, and notifications that Quay gave up on", async () => {
    const { policies } = await read<{ policies: unknown[] }>(
      registry,
      "organization/research/autoprunepolicy/",
    );
    expect(policies).toMatchObject([{ method: "number_of_tags", value: 2, tagPattern: "^trial" }]);
    const { notifications } = await read<{ notifications: { number_of_failures: number }[] }>(
      registry,
      "repository/acme/app/notification/",
    );
    expect(notifications.map(({ number_of_failures }) => number_of_failures)).toEqual([0, 3]);
  });

  it("has an architecture for each child of a list, and a signature of its newest release", async () => {
    const { tags } = await read<{ tags: { manifest_digest: string; child_manifest_count: number }[] }>(
      registry,
      "repository/platform/base/tag/?specificTag=latest&onlyActiveTags=true",
    );
    expect(tags).toHaveLength(1);
    expect(tags[0]!.child_manifest_count).toBe(3);
    const base = state.namespaces.get("platform")!.repositories.get("base")!;
    const subjects = [...base.manifests.values()].map(({ data }) => JSON.parse(data).subject?.digest);
    expect(subjects.filter((subject) => subject === tags[0]!.manifest_digest)).toHaveLength(2);
  });

  it("goes by a clock that tests can set", async () => {
    const live = async () => {
      const path = "repository/acme/app/tag/?onlyActiveTags=true&filter_tag_name=like:pr-";
      return (await read<{ tags: unknown[] }>(registry, path)).tags.length;
    };
    expect(await live()).toBe(8);
    registry.clock.set(new Date("2026-11-28T12:00:00Z"));
    expect(await live()).toBe(2);
    registry.clock.reset();
    expect(await live()).toBe(8);
  });
});

describe("the short way in which the facts tell of tags", () => {
  it("names a tag and its age", () => {
    expect(pushesOf("v1@30 v2@3")).toEqual([
      { name: "v1", daysAgo: 30 },
      { name: "v2", daysAgo: 3 },
    ]);
  });

  it("counts up, from an age on and so many days apart", () => {
    expect(pushesOf("v1.{8..10}-a@20/5")).toEqual([
      { name: "v1.8-a", daysAgo: 20 },
      { name: "v1.9-a", daysAgo: 15 },
      { name: "v1.10-a", daysAgo: 10 },
    ]);
  });

  it("does not reach into the future", () => {
    expect(() => pushesOf("{1..5}@10/5")).toThrow("4 would be pushed in the future");
  });
});
