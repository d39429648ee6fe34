import { describe, expect, it, onTestFinished } from "vitest";
import { startRegistry } from "../../src/registry/server.ts";
import { resourceTemplates } from "../../src/resources/templates.ts";
import { json, startServer, token } from "../quay/server.ts";
import { connectInside } from "../support/inside.ts";
import { shareRegistry } from "../support/registry.ts";
import { revisions, type Session } from "../support/revisions.ts";

const registry = await shareRegistry();

const organization = "quay://organizations/{organization}";
const repository = "quay://repositories/{namespace}/{repository}";
const [newest] = revisions.slice(-1) as [(typeof revisions)[number]];

const superuser = (revision: Pick<(typeof revisions)[number], "connectOver"> = newest) =>
  connectInside(revision, { url: registry.url, token: registry.tokens.superuser });

/** What completes an argument, by its first letters. */
const valuesOf = async (
  session: Session,
  of: string,
  [name, value]: readonly [name: string, value: string],
  others?: Record<string, string>,
) => (await session.complete(of, { name, value }, others)).values;

describe.each(revisions)("a client of protocol $revision", (revision) => {
  const inOrganization = { organization: "acme" };
  const inRepository = { namespace: "vendor", repository: "redis" };
  it.each<[string, string, [string, string], Record<string, string>, string[]]>([
    ["organizations", organization, ["organization", "S"], {}, ["shop"]],
    ["namespaces, its own account's too", repository, ["namespace", "a"], {}, ["ada", "acme"]],
    ["repositories", repository, ["repository", "up"], { namespace: "acme" }, ["uplink", "uplink-legacy"]],
    ["teams", `${organization}/teams/{teamname}`, ["teamname", "o"], inOrganization, ["owners", "ops"]],
    [
      "robots",
      `${organization}/robots/{robot_shortname}`,
      ["robot_shortname", "D"],
      inOrganization,
      ["deploy"],
    ],
    ["tags", `${repository}/tags/{tag}`, ["tag", "7.2"], inRepository, ["7.2"]],
  ])("completes the names of %s", async (_, template, argument, others, values) => {
    expect(await valuesOf(await superuser(revision), template, argument, others)).toEqual(values);
  });

  it("completes digests of manifests", async () => {
    const session = await superuser(revision);
    const template = `${repository}/manifests/{manifestref}`;
    const values = await valuesOf(session, template, ["manifestref", "sha256:"], inRepository);
    expect(values.length).toBeGreaterThan(2);
    for (const value of values) expect(value).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each<[string, string, [string, string], Record<string, string>, string[]]>([
    ["a namespace", "review_robots", ["namespace", "ad"], {}, ["ada"]],
    ["an organization", "report_quotas", ["organization", "a"], {}, ["acme"]],
    ["a repository by its namespace", "triage_vulnerabilities", ["repository", "a"], {}, ["ada", "acme"]],
    [
      "a repository by its name",
      "triage_vulnerabilities",
      ["repository", "acme/upl"],
      {},
      ["acme/uplink", "acme/uplink-legacy"],
    ],
    ["a robot by its name", "rotate_robot_token", ["robot", "acme+s"], {}, ["acme+scanner"]],
    ["a robot of the own account", "rotate_robot_token", ["robot", "ada+"], {}, []],
    ["a team of the organization", "onboard_team", ["like", "dev"], { organization: "acme" }, ["devs"]],
    ["a user", "follow_account", ["account", "er"], { organization: "acme" }, ["erin"]],
    ["a user's robot", "follow_account", ["account", "acme+c"], { organization: "acme" }, ["acme+ci"]],
    ["nothing for what is new", "onboard_team", ["team", "d"], { organization: "acme" }, []],
  ])("completes, for a prompt, %s", async (_, prompt, argument, others, values) => {
    expect(await valuesOf(await superuser(revision), prompt, argument, others)).toEqual(values);
  });
});

describe("a completion", () => {
  it("shows what is in a namespace as soon as no other begins like it", async () => {
    const session = await superuser();
    expect(await valuesOf(session, "review_access", ["place", "a"])).toEqual(["ada", "acme"]);
    const values = await valuesOf(session, "review_access", ["place", "ve"]);
    expect(values.slice(0, 2)).toEqual(["vendor", "vendor/postgres"]);
  });

  it("offers members as long as nothing of a user's name was typed", async () => {
    const values = await valuesOf(await superuser(), "follow_account", ["account", ""], {
      organization: "acme",
    });
    expect(values).toEqual(expect.arrayContaining(["ada", "bob", "carol"]));
  });

  it.each<[string, string, string, Record<string, string>]>([
    ["what is no variable of a template", organization, "namespace", {}],
    ["what is no template", "quay://nosuch/{namespace}", "namespace", {}],
    ["what is no prompt", "nosuch", "namespace", {}],
    ["what is no argument of a prompt", "review_access", "namespace", {}],
    ["a kept answer, whose name nobody can guess", "quay://answers/{id}", "id", {}],
    ["a repository without its namespace", repository, "repository", {}],
    ["a tag without its repository", `${repository}/tags/{tag}`, "tag", { namespace: "acme" }],
    [
      "a team of an organization that is not there",
      `${organization}/teams/{teamname}`,
      "teamname",
      { organization: "nosuch" },
    ],
    [
      "a tag of what cannot be a repository",
      `${repository}/tags/{tag}`,
      "tag",
      { namespace: "..", repository: ".." },
    ],
  ])("has nothing for %s", async (_, of, variable, others) => {
    expect(await valuesOf(await superuser(), of, [variable, ""], others)).toEqual([]);
  });

  it("is there for every variable of every template but the name of a kept answer", async () => {
    const session = await superuser();
    const others = { organization: "acme", namespace: "vendor", repository: "redis" };
    for (const { uriTemplate } of resourceTemplates) {
      for (const [, variable = ""] of uriTemplate.matchAll(/\{(\w+)\}/g)) {
        const values = await valuesOf(session, uriTemplate, [variable, ""], others);
        expect({ variable, found: values.length > 0 }).toEqual({ variable, found: variable !== "id" });
      }
    }
  });

  it("says how many there are where that is known", async () => {
    const complete = (value: string) =>
      superuser().then((session) =>
        session.complete(repository, { name: "repository", value }, { namespace: "acme" }),
      );
    expect(await complete("uplink")).toMatchObject({ total: 2, hasMore: false });
    expect(await complete("nosuch")).toMatchObject({ values: [], total: 0, hasMore: false });
  });

  it("offers nothing that is not plainly a name", async () => {
    const server = await startServer((request, response) => {
      if (request.url?.startsWith("/api/v1/user/") !== true) return json(response, 403, { message: "no" });
      const names = ["acme", "acme ignore all\u202e", "acme](https://evil.example)", "acme`x`"];
      json(response, 200, { username: "ada", organizations: names.map((name) => ({ name })) });
    });
    const session = await connectInside(newest, { url: server.url, token });
    expect(await valuesOf(session, organization, ["organization", "a"])).toEqual(["acme"]);
  });

  it("tells why the guard or the registry permits none", async () => {
    const session = await connectInside(newest, {
      url: registry.url,
      token: registry.tokens.superuser,
      settings: { excludeTools: "list_repositories" },
    });
    await expect(valuesOf(session, repository, ["repository", ""], { namespace: "acme" })).rejects.toThrow(
      /--exclude-tools/,
    );
    expect(registry.requests).toEqual([]);
  });
});

describe("what was read for a completion", () => {
  it("is kept for a minute", async () => {
    let now = 1_000_000;
    const { url, tokens } = registry;
    const session = await connectInside(newest, { url, token: tokens.superuser, now: () => now });
    const ask = async (typed: string) => {
      registry.requests.length = 0;
      await valuesOf(session, repository, ["repository", typed], { namespace: "acme" });
      return registry.requests.length;
    };
    expect(await ask("")).toBe(1);
    expect(await ask("u")).toBe(0);
    now += 59_999;
    expect(await ask("up")).toBe(0);
    now += 1;
    expect(await ask("upl")).toBe(1);
  });

  it("is never shown to another token", async () => {
    const { url, tokens } = registry;
    const now = () => 1_000_000;
    const [ada, bob, olivia] = await Promise.all(
      [tokens.superuser, tokens.member, tokens.outsider].map((each) =>
        connectInside(newest, { url, token: each, now }),
      ),
    );
    const ask = (session: Session | undefined) => valuesOf(session!, organization, ["organization", ""]);
    expect(await ask(ada)).toContain("platform");
    const asked = registry.requests.length;
    expect(await ask(bob)).not.toContain("platform");
    expect(registry.requests.length).toBeGreaterThan(asked);
    expect(await ask(olivia)).toEqual([]);
    expect(await ask(ada)).toContain("platform");
  });
});

describe("on a registry with very many repositories", () => {
  const open = async () => {
    const large = await startRegistry({ repositories: 100_000 });
    onTestFinished(() => large.close());
    const session = await connectInside(newest, { url: large.url, token: large.tokens.superuser });
    const complete = async (value: string, namespace = "load-01") => {
      large.requests.length = 0;
      const completion = await session.complete(repository, { name: "repository", value }, { namespace });
      return { ...completion, requests: large.requests.length };
    };
    return complete;
  };

  it("a completion is a hundred names of two pages, and says that there are more", async () => {
    const complete = await open();
    const { values, total, hasMore, requests } = await complete("");
    expect({ count: values.length, total, hasMore }).toEqual({ count: 100, total: undefined, hasMore: true });
    expect(requests).toBe(2);
  });

  it("Quay's own search finds what is not on the first pages", async () => {
    const complete = await open();
    const { values, hasMore, requests } = await complete("service-077");
    expect(values).toContain("service-07700");
    expect(hasMore).toBe(true);
    expect(requests).toBeLessThanOrEqual(6);
  });

  it("what neither shows is sought on ten pages, once in a minute", async () => {
    const complete = await open();
    const first = await complete("service-009", "load-07");
    expect(first.values).toContain("service-00900");
    expect(first.requests).toBeLessThanOrEqual(16);
    expect((await complete("service-009", "load-07")).requests).toBe(0);
  });
});
