import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Scope } from "../../src/operation.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { revisions, type Session } from "../support/revisions.ts";

let registry: Registry;
let superuser: Session;

beforeAll(async () => {
  registry = await startRegistry();
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(() => registry.close());

const repositoryTemplate = "quay://repositories/{namespace}/{repository}";
/** "Resource not found", in every revision (as the newest one demands). */
const notFound = -32602;

/** The program with a token of its own, for one test. */
async function withToken<Value>(
  { connect }: (typeof revisions)[number],
  token: string,
  use: (session: Session) => Promise<Value>,
): Promise<Value> {
  const session = await connect({ settings: { QUAY_URL: registry.url, QUAY_TOKEN: token } });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

const urisOf = async (session: Session) => (await session.listResources()).map(({ uri }) => uri);

describe.each(revisions)("with a client of protocol $revision", (revision) => {
  const { connect } = revision;
  beforeAll(async () => {
    superuser = await connect({
      settings: { QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser },
    });
  });
  afterAll(() => superuser.close());

  describe("resources/list", () => {
    it("shows a superuser every organization and its repositories", async () => {
      const resources = await superuser.listResources();
      expect(resources[0]).toMatchObject({ uri: "quay://organizations", mimeType: "application/json" });
      const uris = resources.map(({ uri }) => uri);
      for (const { name, kind, repositories } of registry.state.namespaces.values()) {
        if (kind !== "organization") continue;
        expect(uris).toContain(`quay://organizations/${name}`);
        for (const repository of repositories.keys()) {
          expect(uris).toContain(`quay://repositories/${name}/${encodeURIComponent(repository)}`);
        }
      }
      for (const { title, name } of resources) expect([title, name]).not.toContain(undefined);
    });

    it("writes the slashes in a repository's name as %2F", async () => {
      expect(await urisOf(superuser)).toContain("quay://repositories/research/simulation%2Fengine");
    });

    it("shows a member the own organizations and account, and not everything that is public", async () => {
      const uris = await withToken(revision, registry.tokens.member, urisOf);
      expect(uris).toEqual(
        expect.arrayContaining(["quay://organizations/acme", "quay://repositories/bob/sandbox"]),
      );
      expect(uris).not.toContain("quay://organizations/platform");
      expect(uris).not.toContain("quay://repositories/platform/base");
    });

    it("shows nobody's namespaces to who has none", async () => {
      expect(await withToken(revision, registry.tokens.outsider, urisOf)).toEqual(["quay://organizations"]);
    });

    it.each<[string, Scope[]]>([
      [
        "without user:read and super:user, the namespaces of the private repositories it lists",
        ["repo:read"],
      ],
      ["with org:admin besides, the same", ["repo:read", "org:admin"]],
    ])("shows a token %s", async (_, scopes) => {
      const token = registry.addToken({ user: "bob", scopes });
      const uris = await withToken(revision, token, urisOf);
      expect(uris).toEqual(
        expect.arrayContaining(["quay://organizations/acme", "quay://repositories/acme/app"]),
      );
      expect(uris).not.toContain("quay://repositories/platform/base");
    });

    it("tells what is wrong where the token is good for nothing", async () => {
      await expect(withToken(revision, "no-such-token", urisOf)).rejects.toThrow(
        /token is invalid or has expired/,
      );
    });
  });

  it("has a template for an organization, a repository and their lists", async () => {
    const templates = await superuser.listResourceTemplates();
    expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "quay://organizations/{organization}",
      "quay://organizations/{organization}/repositories",
      repositoryTemplate,
      `${repositoryTemplate}/tags`,
    ]);
    for (const template of templates) {
      expect(template).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      expect(template.mimeType).toBe("application/json");
    }
  });

  describe("resources/read", () => {
    it.each([
      ["quay://organizations", { organizations: expect.arrayContaining(["acme", "shop"]), account: "ada" }],
      ["quay://organizations/acme", { name: "acme", teams: expect.any(Object) }],
      ["quay://organizations/acme/repositories", { repositories: expect.any(Array) }],
      ["quay://repositories/acme/app", { namespace: "acme", name: "app" }],
      ["quay://repositories/research/simulation%2Fengine", { name: "simulation/engine" }],
      ["quay://repositories/research/simulation%2Fengine/tags", { tags: expect.any(Array) }],
    ])("reads %s", async (uri, content) => {
      expect(await superuser.readResource(uri)).toMatchObject(content);
    });

    it("is without credentials, as a tool's answer is", async () => {
      expect(await superuser.readResource("quay://repositories/acme/app")).toMatchObject({
        status_token: "[redacted]",
      });
    });

    it.each([
      ["quay://organizations/nosuch", /Quay answered 404/],
      ["quay://repositories/acme/nosuch", /Quay answered 404/],
      ["quay://repositories/acme/..", /Nothing was sent/],
      ["quay://repositories/acme", /not found/],
      ["quay://organizations/", /not found/],
      ["quay://organizations/%ff", /not found/],
      ["quay://robots/acme", /not found/],
      ["https://example.com/", /not found/],
    ])("tells that %s is not there", async (uri, words) => {
      const error = await superuser.readResource(uri).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: notFound,
        message: expect.stringMatching(words),
      });
    });

    it("goes by the guard, as every call does", async () => {
      const session = await connect({
        settings: { QUAY_URL: registry.url, QUAY_TOKEN: registry.tokens.superuser },
        flags: [
          "--exclude-tools",
          "get_organization,list_repositories,get_my_user,superuser_list_organizations",
        ],
      });
      await expect(session.readResource("quay://organizations/acme")).rejects.toThrow(/--exclude-tools/);
      await expect(session.listResources()).rejects.toThrow(/--exclude-tools/);
      await expect(
        session.complete(repositoryTemplate, { name: "repository", value: "" }, { namespace: "acme" }),
      ).rejects.toThrow(/--exclude-tools/);
      expect(registry.requests).toEqual([]);
      await session.close();
    });
  });

  describe("completion/complete", () => {
    it("completes the names of organizations", async () => {
      const argument = { name: "organization", value: "S" };
      expect((await superuser.complete("quay://organizations/{organization}", argument)).values).toEqual([
        "shop",
      ]);
    });

    it("completes namespaces, the own account's too, and repositories of the namespace that was chosen", async () => {
      const namespaces = await superuser.complete(repositoryTemplate, { name: "namespace", value: "a" });
      expect(namespaces.values).toEqual(["ada", "acme"]);
      const argument = { name: "repository", value: "up" };
      const { values } = await superuser.complete(repositoryTemplate, argument, { namespace: "acme" });
      expect(values).toEqual(["uplink", "uplink-legacy"]);
      expect((await superuser.complete(repositoryTemplate, argument)).values).toEqual([]);
    });

    it("has nothing for what is no variable of a template", async () => {
      const argument = { name: "namespace", value: "a" };
      expect((await superuser.complete("quay://organizations/{organization}", argument)).values).toEqual([]);
      expect((await superuser.complete("quay://nosuch/{namespace}", argument)).values).toEqual([]);
    });
  });
});

describe("on a registry with very many repositories", () => {
  it("resources/list shows 1,000, and a completion a hundred of them", async () => {
    const large = await startRegistry({ repositories: 3000 });
    const [{ connect }] = revisions.slice(-1) as [(typeof revisions)[number]];
    const session = await connect({ settings: { QUAY_URL: large.url, QUAY_TOKEN: large.tokens.superuser } });
    expect(await session.listResources()).toHaveLength(1000);
    const { values, hasMore } = await session.complete(
      repositoryTemplate,
      { name: "repository", value: "" },
      { namespace: "load-01" },
    );
    expect({ count: values.length, hasMore }).toEqual({ count: 100, hasMore: true });
    await session.close();
    await large.close();
  });
});
