import { describe, expect, it } from "vitest";
import type { Call } from "../../src/call/context.ts";
import { addRobot, addTeam } from "../../src/registry/state.ts";
import { staleRobots } from "../../src/tasks/stale-robots.ts";
import type { TaskOptions } from "../../src/tasks/task.ts";
import { noon } from "../registry/ask.ts";
import { callsTo } from "../support/calls.ts";
import { shareRegistry } from "../support/registry.ts";
import { allRepositories, roleIn, startFront } from "./ground.ts";

interface Robot {
  readonly name: string;
  readonly last_used: string;
  readonly created: string;
  readonly power: string;
  readonly teams?: readonly string[];
  readonly repositories?: Readonly<Record<string, string[]>>;
}
interface Found {
  readonly robots: number;
  readonly stale: number;
  readonly stale_robots: readonly Robot[];
  readonly new_and_not_used_yet?: readonly string[];
  readonly note?: string;
  readonly unread?: readonly string[];
}

const day = 86_400_000;
const registry = await shareRegistry({ now: noon });

const superuser = () => callsTo(registry.url, registry.tokens.superuser);
const run = (call: Call, namespace: string, days = 90, options: TaskOptions = {}) =>
  staleRobots.run(call, { namespace, days }, { now: () => noon().getTime(), ...options }) as Promise<Found>;
const organizations = () =>
  [...registry.state.namespaces.values()].filter(({ kind }) => kind === "organization");
const namesOf = ({ stale_robots }: Found) => stale_robots.map(({ name }) => name);

describe("stale robots", () => {
  it.each([1, 30, 90, 200, 500])("are those without a use for %i days", async (days) => {
    const call = superuser();
    for (const { name, robots } of organizations()) {
      const before = noon().getTime() - days * day;
      const idle = [...robots.values()].filter(
        ({ lastAccessed, created }) => (lastAccessed ?? created).getTime() < before,
      );
      const found = await run(call, name, days);
      expect(namesOf(found).sort(), name).toEqual(idle.map((robot) => robot.name).sort());
      expect([found.robots, found.stale]).toEqual([robots.size, idle.length]);
      expect(found.unread).toBeUndefined();
    }
  });

  it("are told with the roles that they have on repositories, their own and through teams", async () => {
    const call = superuser();
    let told = 0;
    for (const { name, teams } of organizations()) {
      for (const robot of (await run(call, name, 1)).stale_robots) {
        const inTeams = [...teams.values()].filter(({ members }) => members.has(robot.name));
        expect(robot.teams ?? []).toEqual(inTeams.map((team) => team.name));
        const administers = inTeams.some(({ role }) => role === "admin");
        expect(robot.power === "administers_namespace").toBe(administers);
        if (administers) continue;
        const roles = allRepositories(registry.state).flatMap((repository) => {
          const role = roleIn(registry.state, repository, robot.name);
          return role === "none" ? [] : [`${repository.name} ${role}`];
        });
        const shown = Object.entries(robot.repositories ?? {}).flatMap(([role, names]) =>
          names.map((each) => `${each} ${role}`),
        );
        expect(shown.sort(), robot.name).toEqual(roles.sort());
        told += roles.length;
      }
    }
    expect(told).toBeGreaterThan(5);
  });

  it("come with the most powerful first, and among equals the one idle for longest", async () => {
    expect((await run(superuser(), "acme")).stale_robots).toMatchObject([
      { name: "acme+legacy", power: "admin", last_used: "2025-10-07T12:00:00Z", days_since_use: 410 },
      { name: "acme+scanner", power: "none", last_used: "never", days_since_creation: 380 },
    ]);
    expect((await run(superuser(), "platform")).stale_robots).toMatchObject([
      { name: "platform+jenkins", power: "administers_namespace", teams: ["owners"] },
    ]);
    const all = (await run(superuser(), "acme", 1)).stale_robots.map(({ name, power }) => [name, power]);
    expect(all).toEqual([
      ["acme+legacy", "admin"],
      ["acme+scanner", "none"],
    ]);
  });

  it("cost two calls, and one for each stale robot with roles and each of its teams with some", async () => {
    registry.requests.length = 0;
    await run(superuser(), "acme");
    expect(registry.requests.map(({ path }) => path)).toEqual([
      "/api/v1/organization/acme",
      expect.stringMatching(/^\/api\/v1\/organization\/acme\/robots\?/),
      "/api/v1/organization/acme/robots/legacy/permissions",
    ]);
    expect(registry.requests[1]?.path).toContain("token=false");
  });

  it("are not those that are new and wait for their first use", async () => {
    const hub = registry.state.namespaces.get("hub")!;
    addRobot(registry.state, hub, "fresh", { created: new Date(noon().getTime() - 5 * day) });
    const found = await run(superuser(), "hub");
    expect(found).toMatchObject({ robots: 1, stale: 0, new_and_not_used_yet: ["hub+fresh"] });
    expect((await run(superuser(), "hub", 3)).stale_robots).toMatchObject([{ name: "hub+fresh" }]);
    hub.robots.delete("fresh");
  });

  it("are told as those who may create repositories where a team of theirs may", async () => {
    const hub = registry.state.namespaces.get("hub")!;
    const created = new Date(noon().getTime() - 400 * day);
    const maker = addRobot(registry.state, hub, "maker", { created });
    addTeam(registry.state, hub, "makers", "creator").members.add(maker.name);
    const found = await run(superuser(), "hub");
    hub.teams.delete("makers");
    hub.robots.delete("maker");
    expect(found.stale_robots).toMatchObject([
      { name: "hub+maker", power: "creates_repositories", teams: ["makers"], last_used: "never" },
    ]);
  });

  it("are told with a doubt where no robot has a last use, since Quay may not record it", async () => {
    const shop = registry.state.namespaces.get("shop")!;
    const used = [...shop.robots.values()].map((robot) => [robot, robot.lastAccessed] as const);
    for (const [robot] of used) robot.lastAccessed = null;
    const { note } = await run(superuser(), "shop");
    for (const [robot, time] of used) robot.lastAccessed = time;
    expect(note).toContain("FEATURE_USER_LAST_ACCESSED");
    expect((await run(superuser(), "shop")).note).toBeUndefined();
  });

  it("are found in one's own account, and not in another's", async () => {
    const call = callsTo(registry.url, registry.tokens.member);
    expect(await run(call, "bob", 10)).toMatchObject({
      robots: 1,
      stale_robots: [{ name: "bob+laptop", power: "none", days_since_use: 12 }],
    });
    await expect(run(call, "carol")).rejects.toMatchObject({ status: 404 });
  });

  it("are told to a member without what they can reach, and to an outsider not at all", async () => {
    const found = await run(callsTo(registry.url, registry.tokens.member), "acme");
    expect(namesOf(found)).toEqual(["acme+legacy", "acme+scanner"]);
    expect(found.stale_robots.map(({ power }) => power)).toEqual(["unknown", "unknown"]);
    expect(found.unread).toEqual([expect.stringMatching(/administrators/)]);
    const outsider = callsTo(registry.url, registry.tokens.outsider);
    await expect(run(outsider, "acme")).rejects.toMatchObject({ status: 403 });
  });

  it("are told with what is known where a call in the middle fails", async () => {
    const { url } = await startFront(registry, /robots\/legacy\/permissions/);
    const { stale_robots, unread } = await run(callsTo(url, registry.tokens.superuser), "acme");
    expect(stale_robots[0]).toMatchObject({
      name: "acme+legacy",
      power: "unknown",
      repositories: { unknown: ["guidance", "uplink-legacy"] },
    });
    expect(unread).toEqual([expect.stringMatching(/roles of the robot acme\+legacy .*500/)]);
  });

  it("are no longer looked for after a cancellation", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    registry.requests.length = 0;
    const running = run(callsTo(registry.url, registry.tokens.superuser), "acme", 90, {
      signal,
      progress: (done) => done === 1 && controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ kind: "aborted" });
    expect(registry.requests).toHaveLength(1);
  });
});
