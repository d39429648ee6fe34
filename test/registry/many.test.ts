import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { ask, noon, read } from "./ask.ts";

interface Listed {
  readonly repositories: readonly { readonly namespace: string; readonly name: string }[];
  readonly next_page?: string;
}

const size = { repositories: 25_250, tagsPerRepository: 50 } as const;

describe("repositories that are made when they are asked for", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ now: noon, ...size });
  });
  afterAll(() => registry.close());

  const write = (method: string, path: string, body?: unknown) =>
    ask(registry, `/api/v1/${path}`, registry.tokens.superuser, { method, body });

  async function pages(query: string, token = registry.tokens.superuser): Promise<string[]> {
    const found: string[] = [];
    let next = "";
    do {
      const answer = await ask(registry, `/api/v1/repository?${query}${next}`, token);
      const { repositories, next_page } = (await answer.json()) as Listed;
      found.push(...repositories.map(({ namespace, name }) => `${namespace}/${name}`));
      next = next_page === undefined ? "" : `&next_page=${encodeURIComponent(next_page)}`;
    } while (next !== "");
    return found;
  }

  it("are on the pages of a list, each of them once", async () => {
    const all = await pages("public=true");
    const made = all.filter((path) => path.startsWith("load-"));
    expect(made).toHaveLength(size.repositories);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(size.repositories);
    expect(await pages("namespace=load-03")).toHaveLength(5250);
  });

  it("are shown to those who may see them", async () => {
    const { member, outsider } = registry.tokens;
    const mine = await pages("namespace=load-03", member);
    expect(mine).toHaveLength(Math.ceil(5250 / 4));
    expect(await pages("namespace=load-03", outsider)).toEqual([]);
    expect(await pages("namespace=load-03&public=true", outsider)).toHaveLength(525);
    expect((await ask(registry, "/api/v1/repository/load-01/service-00001", outsider)).status).toBe(403);
    expect((await ask(registry, "/api/v1/repository/load-01/service-00010", outsider)).status).toBe(200);
  });

  it("have the tags that were asked for, with their manifests", async () => {
    const path = "repository/load-02/service-00042";
    const { tags } = await read<{ tags: { name: string; manifest_digest: string; size: number }[] }>(
      registry,
      `${path}/tag/?limit=100`,
    );
    expect(tags).toHaveLength(size.tagsPerRepository);
    expect(new Set(tags.map(({ manifest_digest }) => manifest_digest)).size).toBe(size.tagsPerRepository);
    const manifest = await read<{ digest: string }>(registry, `${path}/manifest/${tags[7]!.manifest_digest}`);
    expect(manifest.digest).toBe(tags[7]!.manifest_digest);
  });

  it("are the same in every registry of the same seed", async () => {
    const again = await startRegistry({ now: noon, ...size });
    const path = "repository/load-02/service-00042?includeTags=true";
    expect(await read(again, path)).toEqual(await read(registry, path));
    await again.close();
  });

  it("are found by a search", async () => {
    const { results, has_additional } = await read<{ results: { name: string }[]; has_additional: boolean }>(
      registry,
      "find/repositories?query=service-0004&page=2",
    );
    // Ten in each of the three organizations.
    expect(results.map(({ name }) => name)).toEqual(
      Array.from({ length: 10 }, (_, index) => `service-0004${index}`),
    );
    expect(has_additional).toBe(true);
    const all = await read<{ results: { name: string }[] }>(registry, "find/all?query=service-09999");
    expect(all.results).toHaveLength(2);
  });

  it("count in what superusers are shown of their organizations", async () => {
    interface Shown {
      readonly organizations: readonly {
        readonly name: string;
        readonly quota_report: { readonly quota_bytes: number };
      }[];
    }
    const { organizations } = await read<Shown>(registry, "superuser/organizations/");
    const { quota_report } = organizations.find(({ name }) => name === "load-03")!;
    const sizes = [...registry.state.namespaces.get("load-03")!.repositories.values()].map(
      (each) => each.size,
    );
    expect(quota_report.quota_bytes).toBe(sizes.reduce((sum, each) => sum + each, 0));
  });

  it("keep what a write did to them", async () => {
    const path = "repository/load-01/service-00007";
    expect((await write("PUT", path, { description: "Changed." })).status).toBe(200);
    expect((await write("DELETE", `${path}/tag/v1.49`)).status).toBe(204);
    expect(await read(registry, path)).toMatchObject({ description: "Changed." });
    const { tags } = await read<{ tags: unknown[] }>(registry, `${path}/tag/?limit=100&onlyActiveTags=true`);
    expect(tags).toHaveLength(size.tagsPerRepository - 1);
  });

  it("stay away when they are deleted, and come back only when they are made anew", async () => {
    const path = "repository/load-03/service-00100";
    expect((await write("DELETE", path)).status).toBe(204);
    expect((await write("GET", path)).status).toBe(404);
    expect(await pages("namespace=load-03")).toHaveLength(5249);
    const made = {
      namespace: "load-03",
      repository: "service-00100",
      visibility: "private",
      description: "",
    };
    expect((await write("POST", "repository", made)).status).toBe(201);
    const all = await pages("namespace=load-03");
    expect(all).toHaveLength(5250);
    expect(new Set(all).size).toBe(5250);
    expect(await read(registry, `${path}/tag/`)).toMatchObject({ tags: [] });
  });

  it("lose a robot that is deleted, however many they are", async () => {
    expect((await write("DELETE", "organization/load-03/robots/ci")).status).toBe(204);
    const { permissions } = await read<{ permissions: object }>(
      registry,
      "repository/load-03/service-05249/permissions/user/",
    );
    expect(Object.keys(permissions)).toEqual(["ada"]);
  });

  it("go with their organization when it gets another name", async () => {
    expect((await write("PUT", "superuser/organizations/load-03", { name: "renamed" })).status).toBe(200);
    expect((await write("GET", "repository/load-03/service-00001")).status).toBe(404);
    expect(await read(registry, "repository/renamed/service-00001")).toMatchObject({ namespace: "renamed" });
    expect(new Set(await pages("namespace=renamed")).size).toBe(5250);
  });

  it("are not there for names that only look like theirs", async () => {
    for (const name of ["service-5", "service-000001", "service-99999", "service-00001x", "service--0001"]) {
      expect((await write("GET", `repository/load-01/${name}`)).status).toBe(404);
    }
  });
});
