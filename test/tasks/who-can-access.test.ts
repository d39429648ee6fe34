import { describe, expect, it } from "vitest";
import type { Call } from "../../src/call/context.ts";
import type { Progress } from "../../src/call/paging.ts";
import { ArgumentError } from "../../src/errors.ts";
import { startRegistry } from "../../src/registry/server.ts";
import type { TaskOptions } from "../../src/tasks/task.ts";
import { whoCanAccess } from "../../src/tasks/who-can-access.ts";
import { noon } from "../registry/ask.ts";
import { callsTo } from "../support/calls.ts";
import { shareRegistry } from "../support/registry.ts";
import { allRepositories, everyone, repositoriesOf, roleIn, startFront } from "./ground.ts";

interface Way {
  readonly by: string;
  readonly team?: string;
  readonly role: string;
  readonly repositories?: Readonly<Record<string, string[]>>;
}
interface Found {
  readonly public: unknown;
  readonly repositories?: number;
  readonly accounts: Readonly<Record<string, number>>;
  readonly access: readonly {
    readonly name: string;
    readonly kind: string;
    readonly role: string;
    readonly outside?: true;
    readonly via: readonly Way[];
  }[];
  readonly teams?: readonly {
    readonly team: string;
    readonly role?: string;
    readonly organization_role?: string;
    readonly members?: readonly string[];
    readonly repositories?: unknown;
  }[];
  readonly default_permissions?: unknown;
  readonly note?: string;
  readonly unread?: readonly string[];
}
const registry = await shareRegistry({ now: noon });

const superuser = () => callsTo(registry.url, registry.tokens.superuser);
const run = (
  call: Call,
  place: { repository?: string; namespace?: string; max_repositories?: number },
  options?: TaskOptions,
) => whoCanAccess.run(call, { max_repositories: 50, ...place }, options) as Promise<Found>;
const rolesOf = ({ access }: Found) =>
  Object.fromEntries(access.map(({ name, role }) => [name, role]).sort());

describe("who can access a repository", () => {
  it("is everyone whom the registry would let in, with the role that it would let them have", async () => {
    const call = superuser();
    let seen = 0;
    for (const repository of allRepositories(registry.state)) {
      const path = `${repository.namespace}/${repository.name}`;
      registry.requests.length = 0;
      const found = await run(call, { repository: path });
      const expected = everyone(registry.state)
        .map((name) => [name, roleIn(registry.state, repository, name)] as const)
        .filter(([, role]) => role !== "none");
      expect(rolesOf(found), path).toEqual(Object.fromEntries(expected.sort()));
      expect(found.public).toBe(repository.public);
      expect(found.unread).toBeUndefined();
      expect(registry.requests.length).toBeLessThanOrEqual(7);
      seen += found.access.length;
    }
    expect(seen).toBeGreaterThan(150);
  });

  it("tells each way: by name, by team, by a team of administrators", async () => {
    const found = await run(superuser(), { repository: "acme/app" });
    const waysOf = (name: string) => found.access.find((each) => each.name === name)?.via;
    expect(waysOf("acme+ci")).toEqual([
      { by: "direct", role: "write" },
      { by: "team", team: "devs", role: "write" },
    ]);
    expect(waysOf("ada")).toEqual([
      { by: "direct", role: "admin" },
      { by: "admin_team", team: "owners", role: "admin" },
    ]);
    expect(found.accounts).toEqual({ admin: 1, write: 3, read: 2 });
    expect(found.teams).toEqual([
      { team: "owners", role: "admin", by: "admin_team", members: ["ada"] },
      { team: "devs", role: "write", members: ["bob", "carol", "acme+ci"] },
      { team: "ops", role: "read", members: ["dave", "acme+deploy"] },
    ]);
    expect(found.default_permissions).toEqual([{ to: "devs", kind: "team", role: "write" }]);
  });

  it.each([{ repository: "acme/app" }, { namespace: "acme" }])(
    "says that superusers may reach it besides: %j",
    async (place) => {
      const { note } = await run(superuser(), place);
      expect(note).toMatch(/^Superusers are not told here: .*FEATURE_SUPERUSERS_FULL_ACCESS/);
    },
  );

  it("marks who is no member of the organization", async () => {
    const { access } = await run(superuser(), { repository: "platform/ci-runner" });
    expect(access.filter(({ outside }) => outside).map(({ name }) => name)).toEqual(["acme+ci"]);
  });

  it("knows the owner of an account, also without a role by name", async () => {
    const thesis = registry.state.namespaces.get("carol")!.repositories.get("thesis")!;
    const role = thesis.userPermissions.get("carol")!;
    thesis.userPermissions.delete("carol");
    const { access, teams } = await run(superuser(), { repository: "carol/thesis" });
    thesis.userPermissions.set("carol", role);
    expect(access.map(({ name, via }) => [name, via])).toEqual([
      ["carol", [{ by: "namespace_owner", role: "admin" }]],
      ["bob", [{ by: "direct", role: "read" }]],
    ]);
    expect(teams).toBeUndefined();
  });

  it("tells a member without rights what may be known, and what may not, each reason once", async () => {
    const found = await run(callsTo(registry.url, registry.tokens.member), { repository: "acme/app" });
    expect(found.public).toBe(false);
    expect(found.access).toEqual([]);
    const unread = found.unread ?? [];
    expect(unread.some((each) => /roles of users and robots on acme\/app.*403/.test(each))).toBe(true);
    expect(unread.some((each) => /members of acme.*403/.test(each))).toBe(true);
    expect(unread.some((each) => /team owners/.test(each))).toBe(true);
    expect(new Set(unread).size).toBe(unread.length);
  });

  it("refuses an outsider as Quay does, and anyone a place that is not there", async () => {
    const outsider = callsTo(registry.url, registry.tokens.outsider);
    await expect(run(outsider, { repository: "acme/app" })).rejects.toMatchObject({ status: 403 });
    await expect(run(superuser(), { repository: "acme/nothing" })).rejects.toMatchObject({ status: 404 });
    await expect(run(superuser(), { namespace: "nobody" })).rejects.toMatchObject({ status: 404 });
  });

  it("is asked of one place, not of two or none", async () => {
    await expect(run(superuser(), {})).rejects.toThrow(ArgumentError);
    await expect(run(superuser(), { repository: "acme/app", namespace: "acme" })).rejects.toThrow(
      ArgumentError,
    );
  });

  it("reads the members team by team where the guard refuses the list of all", async () => {
    const call = callsTo(registry.url, registry.tokens.superuser, {
      settings: { excludeTools: "list_organization_members" },
    });
    const [narrow, wide] = [
      await run(call, { repository: "acme/app" }),
      await run(superuser(), { repository: "acme/app" }),
    ];
    expect(rolesOf(narrow)).toEqual(rolesOf(wide));
    expect(narrow.unread).toEqual([expect.stringContaining("--exclude-tools")]);
  });

  it("answers the rest where a call in the middle fails", async () => {
    const { url } = await startFront(registry, /permissions\/team\//);
    const found = await run(callsTo(url, registry.tokens.superuser), { repository: "acme/app" });
    expect(rolesOf(found)).toMatchObject({ ada: "admin", "acme+ci": "write" });
    expect(found.unread).toEqual([expect.stringMatching(/roles of teams on acme\/app .*500/)]);
  });
});

describe("who can access a namespace", () => {
  it("is everyone whom the registry would let into any of its repositories, and its members and robots", async () => {
    const call = superuser();
    for (const namespace of registry.state.namespaces.values()) {
      const repositories = repositoriesOf(registry.state, namespace.name);
      registry.requests.length = 0;
      const found = await run(call, { namespace: namespace.name });
      const members = [...namespace.teams.values()].flatMap((team) => [...team.members]);
      const belongs = [
        ...members,
        ...(namespace.kind === "user"
          ? [namespace.name]
          : [...namespace.robots.values()].map(({ name }) => name)),
      ];
      const expected = everyone(registry.state).flatMap((name) => {
        const roles = repositories.map((each) => roleIn(registry.state, each, name));
        const highest = ["admin", "write", "read"].find((role) => roles.includes(role)) ?? "none";
        if (highest === "none" && !belongs.includes(name)) return [];
        return [[name, name === namespace.name ? "admin" : highest]];
      });
      expect(rolesOf(found), namespace.name).toEqual(Object.fromEntries(expected.sort()));
      expect(found.repositories).toBe(repositories.length);
      expect(found.public).toEqual(
        repositories
          .filter((each) => each.public)
          .map(({ name }) => name)
          .sort(),
      );
      expect(found.unread).toBeUndefined();
      const teams = namespace.teams.size;
      expect(registry.requests.length).toBeLessThanOrEqual(5 + teams + repositories.length);
    }
  });

  it("tells each role by name with its repositories, and the teams with theirs and their members", async () => {
    const found = await run(superuser(), { namespace: "acme" });
    const acme = registry.state.namespaces.get("acme")!;
    for (const { name, via } of found.access) {
      const told = Object.entries(via.find(({ by }) => by === "direct")?.repositories ?? {}).flatMap(
        ([role, names]) => names.map((each) => `${each} ${role}`),
      );
      const given = [...acme.repositories.values()].flatMap((repository) => {
        const role = repository.userPermissions.get(name);
        return role === undefined ? [] : [`${repository.name} ${role}`];
      });
      expect(told.sort(), name).toEqual(given.sort());
    }
    expect(
      found.teams?.map(({ team, members, organization_role }) => [team, organization_role, members]),
    ).toEqual(
      [...acme.teams.values()].map(({ name, role, members }) => [
        name,
        role,
        expect.toSatisfy(sameAs(members)),
      ]),
    );
    expect(found.teams?.find(({ team }) => team === "ops")?.repositories).toEqual({
      admin: ["guidance", "launchpad"],
      read: ["app", "uplink"],
    });
  });

  it.each(["repository", "namespace"])(
    "of which one asks by %s is told with what new repositories give out, to whom, and whose",
    async (kind) => {
      const { collections, repositories } = registry.state.namespaces.get("shop")!;
      const first = `shop/${[...repositories.keys()][0]}`;
      const prototypes = collections.get("prototypes")!;
      const delegates = [
        ["erin", false],
        ["acme+ci", true],
      ] as const;
      for (const [name, is_robot] of delegates)
        prototypes.set(name, {
          id: name,
          role: "read",
          delegate: { name, kind: "user", is_robot },
          activating_user: is_robot ? { name: "grace", kind: "user", is_robot: false } : null,
        });
      const found = await run(
        superuser(),
        kind === "namespace" ? { namespace: "shop" } : { repository: first },
      );
      for (const [name] of delegates) prototypes.delete(name);
      expect(found.default_permissions).toEqual([
        { to: "sellers", kind: "team", role: "admin" },
        { to: "erin", kind: "user", role: "read" },
        { to: "acme+ci", kind: "robot", role: "read", when_created_by: "grace" },
      ]);
    },
  );

  it("reads the permissions of so many repositories, and says that others have some too", async () => {
    registry.requests.length = 0;
    const found = await run(superuser(), { namespace: "acme", max_repositories: 2 });
    const paths = registry.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes("/permissions/user/"))).toHaveLength(2);
    expect(found.unread).toEqual([expect.stringMatching(/10 of 12 repositories.*max_repositories/)]);
    const direct = found.access.find(({ name }) => name === "frank")?.via.find(({ by }) => by === "direct");
    expect(direct?.repositories).toEqual({ unknown: ["crew-roster"] });
  });

  it("stays within reason where there are thousands of repositories", async () => {
    const large = await startRegistry({ now: noon, repositories: 2500 });
    const call = callsTo(large.url, large.tokens.superuser);
    const found = await run(call, { namespace: "load-01" });
    await large.close();
    expect(found.access.map(({ name, role }) => [name, role])).toEqual([
      ["ada", "admin"],
      ["load-01+ci", "write"],
      ["bob", "read"],
    ]);
    expect(large.requests.length).toBeLessThan(80);
    expect(JSON.stringify(found).length).toBeLessThan(8000);
    expect(found.unread).toEqual([
      expect.stringContaining("more repositories than the 1000"),
      expect.stringContaining("950 of 1000"),
    ]);
  });

  it("makes no further call once it is cancelled", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    registry.requests.length = 0;
    const call = callsTo(registry.url, registry.tokens.superuser, { signal });
    const running = run(
      call,
      { namespace: "acme" },
      {
        signal,
        progress: (done) => done === 8 && controller.abort(),
      },
    );
    await expect(running).rejects.toMatchObject({ kind: "aborted" });
    expect(registry.requests.length).toBeLessThanOrEqual(8 + 4);
  });

  it("tells how far it is, and has a few calls under way, four at most", async () => {
    const told: Parameters<Progress>[] = [];
    const front = await startFront(registry);
    const call = callsTo(front.url, registry.tokens.superuser);
    await run(call, { namespace: "acme" }, { progress: (...each) => told.push(each) });
    const done = told.map(([each]) => each);
    expect(done).toEqual(done.map((_, index) => index + 1));
    expect(told.at(-1)).toEqual([done.length, done.length]);
    expect(told.every(([each, total]) => total !== undefined && each <= total)).toBe(true);
    expect(front.busiest()).toBe(4);
  });
});

const sameAs = (members: ReadonlySet<string>) => (told: readonly string[]) =>
  told.length === members.size && told.every((each) => members.has(each));
