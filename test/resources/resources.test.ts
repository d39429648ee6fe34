import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scope } from "../../src/operation.ts";
import { shareRegistry, superuserOf } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

let superuser: Session;
const registry = await shareRegistry();

const organizationTemplate = "quay://organizations/{organization}";
const repositoryTemplate = "quay://repositories/{namespace}/{repository}";
/** "Resource not found", in every revision (as the newest one demands). */
const notFound = -32602;

interface Tags {
  readonly tags: readonly { readonly manifest_digest: string }[];
}

/** What the registry answered, also where something is said beside it. */
const partOf = (read: unknown) => (read as { answer?: unknown }).answer ?? read;

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
      settings: superuserOf(registry),
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

  it("has a template for everything that can be browsed, each with the tool that gives the same", async () => {
    const session = await connect({
      settings: superuserOf(registry),
      flags: ["--surface", "all"],
    });
    const templates = await session.listResourceTemplates();
    expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      organizationTemplate,
      `${organizationTemplate}/repositories`,
      `${organizationTemplate}/teams`,
      `${organizationTemplate}/teams/{teamname}`,
      `${organizationTemplate}/members`,
      `${organizationTemplate}/robots`,
      `${organizationTemplate}/robots/{robot_shortname}`,
      `${organizationTemplate}/mirror`,
      `${organizationTemplate}/quota`,
      `${organizationTemplate}/logs`,
      repositoryTemplate,
      `${repositoryTemplate}/tags`,
      `${repositoryTemplate}/tags/{tag}`,
      `${repositoryTemplate}/manifests/{manifestref}`,
      `${repositoryTemplate}/manifests/{manifestref}/security`,
      `${repositoryTemplate}/mirror`,
      `${repositoryTemplate}/logs`,
      "quay://answers/{id}",
    ]);
    for (const template of templates) {
      expect(template).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      expect(template.mimeType).toBe("application/json");
    }
    const tools = new Set((await session.listTools()).map(({ name }) => name));
    const [organizations] = await session.listResources();
    const named = [...templates, organizations].flatMap(
      (each) => each?._meta?.["quay-mcp/tools"] as string[],
    );
    expect(named).toHaveLength(templates.length + 2);
    expect(named.filter((name) => !tools.has(name))).toEqual([]);
    await session.close();
  });

  describe("resources/read", () => {
    it.each<[string, object]>([
      ["quay://organizations", { organizations: expect.arrayContaining(["acme", "shop"]), account: "ada" }],
      ["quay://organizations/acme", { name: "acme", teams: expect.any(Object) }],
      ["quay://organizations/acme/repositories", { repositories: expect.any(Array) }],
      ["quay://organizations/acme/teams", { teams: { devs: { role: "member" }, owners: { role: "admin" } } }],
      ["quay://organizations/acme/teams/devs", { members: expect.any(Array) }],
      ["quay://organizations/acme/members", { members: expect.any(Array) }],
      ["quay://organizations/acme/robots", { robots: expect.any(Array) }],
      ["quay://organizations/acme/robots/ci", { name: "acme+ci" }],
      ["quay://organizations/upstream/mirror", { external_namespace: "prometheus" }],
      ["quay://organizations/platform/quota", [{ limit_bytes: expect.any(Number) }]],
      ["quay://organizations/acme/logs", { logs: expect.any(Array) }],
      ["quay://repositories/acme/app", { namespace: "acme", name: "app" }],
      ["quay://repositories/research/simulation%2Fengine", { name: "simulation/engine" }],
      ["quay://repositories/research/simulation%2Fengine/tags", { tags: expect.any(Array) }],
      ["quay://repositories/vendor/redis/tags/7.4", { tags: [{ name: "7.4" }] }],
      ["quay://repositories/vendor/redis/mirror", { external_reference: "docker.io/library/redis" }],
      ["quay://repositories/acme/app/logs", { logs: expect.any(Array) }],
    ])("reads %s", async (uri, content) => {
      expect(partOf(await superuser.readResource(uri))).toMatchObject(content);
    });

    it("reads a manifest and what was found in it, by digest", async () => {
      const tags = await superuser.readResource("quay://repositories/vendor/redis/tags/7.4");
      const [{ manifest_digest: digest } = { manifest_digest: "" }] = (tags as Tags).tags;
      const uri = `quay://repositories/vendor/redis/manifests/${encodeURIComponent(digest)}`;
      expect(partOf(await superuser.readResource(uri))).toMatchObject({ digest });
      expect(partOf(await superuser.readResource(`${uri}/security`))).toMatchObject({ status: "scanned" });
    });

    it("reads the logs of the last day", async () => {
      registry.requests.length = 0;
      await superuser.readResource("quay://repositories/shop/payments/logs");
      const now = registry.clock.now().getTime();
      const [yesterday, today] = [now - 86_400_000, now].map((time) =>
        new Date(time).toISOString().replace(/^(\d+)-(\d+)-(\d+)T.*$/, "$2/$3/$1"),
      );
      const { searchParams } = new URL(registry.requests[0]?.path ?? "", registry.url);
      expect(Object.fromEntries(searchParams)).toMatchObject({ starttime: yesterday, endtime: today });
    });

    it("reads an answer that was kept, and tells of one that was not", async () => {
      const { text } = await superuser.callTool("get_api_discovery");
      const [, id] = /read_answer with id \\"([\w-]+)\\"/.exec(text) ?? [];
      expect(await superuser.readResource(`quay://answers/${id}`)).toMatchObject({
        page: 1,
        answer: expect.any(Object),
      });
      await expect(superuser.readResource("quay://answers/none")).rejects.toMatchObject({
        code: notFound,
        message: expect.stringMatching(/No answer is kept under this id/),
      });
    });

    it("marks what strangers wrote, as a tool's answer does", async () => {
      const { description } = (await superuser.readResource("quay://repositories/acme/app")) as {
        description: string;
      };
      expect(description).toMatch(/^<data-(\d{6})>[\s\S]*<\/data-\1>$/);
    });

    it("is without credentials, as a tool's answer is", async () => {
      const whole = JSON.stringify(await superuser.readResource("quay://repositories/acme/app"));
      const { statusToken } = registry.state.namespaces.get("acme")!.repositories.get("app")!;
      expect(whole).toContain("launch control");
      expect(whole).not.toContain(statusToken);
    });

    it.each([
      ["quay://organizations/nosuch", /Quay answered 404/],
      ["quay://repositories/acme/nosuch", /Quay answered 404/],
      ["quay://repositories/acme/app/tags/nosuch", /not found: it is not there/],
      ["quay://repositories/acme/nosuch/tags/latest", /Quay answered 404/],
      ["quay://organizations/nosuch/repositories", /not found: it is not there/],
      ["quay://organizations/nosuch/logs", /not found: it is not there/],
      ["quay://organizations/acme/robots/nosuch", /Could not find robot/],
      ["quay://organizations/acme/teams/nosuch", /Quay answered 404/],
      ["quay://organizations/acme/mirror", /Quay answered 404/],
      ["quay://repositories/acme/..", /Nothing was sent/],
      ["quay://repositories/acme/app/manifests/latest", /must be a digest/],
      ["quay://organizations/acme/robots/acme+ci", /must be the part after the "\+"/],
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

    it("reads a list that is empty of an organization that is there", async () => {
      const read = (session: Session) => session.readResource("quay://organizations/bare/repositories");
      const headers = {
        authorization: `Bearer ${registry.tokens.superuser}`,
        "content-type": "application/json",
      };
      const body = JSON.stringify({ name: "bare" });
      await fetch(`${registry.url}/api/v1/organization/`, { method: "POST", headers, body });
      expect(partOf(await read(superuser))).toMatchObject({ repositories: [] });
      const session = await connect({
        settings: superuserOf(registry),
        flags: ["--exclude-tools", "get_organization"],
      });
      expect(partOf(await read(session))).toMatchObject({ repositories: [] });
      await session.close();
    });

    it("goes by the guard, as every call does", async () => {
      const session = await connect({
        settings: superuserOf(registry),
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
});
