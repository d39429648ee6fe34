import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { escalationOf } from "../../src/guard/escalation.ts";
import { type Condition, defineOperation, type Tool } from "../../src/operation.ts";
import type { TargetState } from "../../src/targets/target.ts";

const change = defineOperation({
  operationId: "change",
  name: "change_thing",
  title: "",
  description: "",
  method: "PUT",
  path: "/api/v1/thing/{name}",
  access: "write",
  scopes: [],
  params: { name: z.string() },
  body: { tags: z.array(z.string()).optional(), names: z.array(z.string()).default(["latest"]) },
});

const withRule = (...conditions: readonly Condition[]): Tool => ({
  ...change,
  toolset: "thing",
  escalates: { when: "it is grave", if: conditions },
});

const state = (now: Record<string, unknown>, others: Partial<TargetState> = {}): TargetState => ({
  identity: "x",
  exists: true,
  now,
  preview: {},
  unread: [],
  ...others,
});

/** The reason for one condition, with nothing unread and no hosts allowed. */
const reason = (condition: Condition, given: Record<string, unknown>, now: Record<string, unknown> = {}) =>
  escalationOf(withRule(condition), given, state(now), []);

describe("a write", () => {
  it("is not grave without a rule", () => {
    expect(escalationOf({ ...change, toolset: "thing" }, { role: "admin" }, state({}), [])).toBeUndefined();
  });

  it("is grave where its rule has no conditions", () => {
    expect(escalationOf(withRule(), {}, state({}), [])).toBe("it cannot be told whether it is grave.");
  });

  it("is grave by any of its conditions, and says all that hold, each once", () => {
    const rule = withRule(
      { argument: "role", is: "admin" },
      { argument: "robot", given: true },
      { argument: "robot", given: true },
      { argument: "state", is: "off" },
    );
    expect(escalationOf(rule, { role: "admin", robot: "a+b", state: "on" }, state({}), [])).toBe(
      'role is "admin"; robot is given.',
    );
    expect(escalationOf(rule, { robot: "a+b" }, state({}), [])).toBe("robot is given.");
    expect(escalationOf(rule, {}, state({}), [])).toBeUndefined();
  });
});

describe("an argument with a value", () => {
  const admin = { argument: "role", is: "admin" } as const;

  it("is grave with that one only", () => {
    expect(reason(admin, { role: "admin" })).toBe('role is "admin".');
    expect(reason(admin, { role: "read" })).toBeUndefined();
    expect(reason({ argument: "enabled", is: false }, { enabled: false })).toBe("enabled is false.");
    expect(reason({ argument: "enabled", is: false }, {})).toBeUndefined();
  });

  it("says what is there now", () => {
    expect(reason(admin, { role: "admin" }, { role: "write" })).toBe('role is "admin" instead of "write".');
    expect(reason(admin, { role: "admin" }, { role: "admin" })).toBe('role is "admin", as before.');
  });

  it("is not grave where the rule asks for a change and the target has that value already", () => {
    const becomes = { argument: "role", is: "admin", now: "team.role" } as const;
    expect(reason(becomes, { role: "admin" }, { team: { role: "admin" } })).toBeUndefined();
    expect(reason(becomes, { role: "member" }, { team: { role: "creator" } })).toBeUndefined();
    expect(reason(becomes, { role: "admin" }, { team: { role: "member" } })).toBe(
      'role is "admin" instead of "member".',
    );
    expect(reason(becomes, { role: "admin" }, {})).toBe('role is "admin".');
    const unread = state({}, { unread: ["No."] });
    expect(escalationOf(withRule(becomes), { role: "admin" }, unread, [])).toContain("could not be read");
    expect(escalationOf(withRule(becomes), { role: "member" }, unread, [])).toBeUndefined();
  });

  it("may be nested", () => {
    const nested = { argument: "delegate.kind", is: "team" } as const;
    expect(reason(nested, { delegate: { kind: "team" } })).toBe('delegate.kind is "team".');
    expect(reason(nested, { delegate: "team" })).toBeUndefined();
    expect(reason({ argument: "constructor", given: true }, {})).toBeUndefined();
  });

  it("needs no state", () => {
    const unread = state({}, { exists: undefined, unread: ["No."] });
    expect(escalationOf(withRule(admin), { role: "read" }, unread, [])).toBeUndefined();
  });

  it("may be the one that Quay takes when it is left out", () => {
    expect(reason({ argument: "names", is: ["latest"] }, {})).toBe('names is ["latest"].');
  });
});

it("an argument that is given is grave, whatever it is but what the rule leaves out", () => {
  expect(reason({ argument: "pull_robot", given: true }, { pull_robot: "" })).toBe("pull_robot is given.");
  expect(reason({ argument: "pull_robot", given: true }, {})).toBeUndefined();
  const unlessNever = { argument: "expiration", given: true, except: "never" } as const;
  expect(reason(unlessNever, { expiration: "2026-11-21" })).toBe("expiration is given.");
  expect(reason(unlessNever, { expiration: "never" })).toBeUndefined();
});

describe("an argument that differs", () => {
  const moves = { argument: "manifest_digest", differs: "tag.digest" } as const;

  it("is grave where the target has another value", () => {
    expect(reason(moves, { manifest_digest: "b" }, { tag: { digest: "a" } })).toBe(
      'manifest_digest changes from "a" to "b".',
    );
  });

  it("is not where it has the same, or none, or the argument is left out", () => {
    expect(reason(moves, { manifest_digest: "a" }, { tag: { digest: "a" } })).toBeUndefined();
    expect(reason(moves, { manifest_digest: "a" }, {})).toBeUndefined();
    expect(reason(moves, { manifest_digest: "a" }, { tag: { digest: null } })).toBeUndefined();
    expect(reason(moves, {}, { tag: { digest: "a" } })).toBeUndefined();
  });

  it("does not show what is secret, and shows no more than 100 characters of the rest", () => {
    const secret = { ...withRule(moves), secretArguments: ["manifest_digest"] };
    const given = { manifest_digest: "b".repeat(500) };
    expect(escalationOf(secret, given, state({ tag: { digest: "a" } }), [])).toBe("manifest_digest changes.");
    expect(reason(moves, given, { tag: { digest: "a" } })).toMatch(
      /^manifest_digest changes from "a" to “b{100}…”\.$/,
    );
  });
});

describe("an argument that falls", () => {
  const role = { argument: "role", falls: "role", order: ["read", "write", "admin"] } as const;
  const limit = { argument: "limit", falls: "limit_bytes" } as const;

  it("is grave below the number that is there", () => {
    expect(reason(limit, { limit: 9 }, { limit_bytes: 10 })).toBe("limit falls from 10 to 9.");
    expect(reason(limit, { limit: 0 }, { limit_bytes: 1 })).toBe("limit falls from 1 to 0.");
    expect(reason(limit, { limit: 10 }, { limit_bytes: 10 })).toBeUndefined();
    expect(reason(limit, { limit: 11 }, { limit_bytes: 10 })).toBeUndefined();
    expect(reason(limit, { limit: 1 }, {})).toBeUndefined();
    expect(reason(limit, {}, { limit_bytes: 10 })).toBeUndefined();
  });

  it.each([
    ["10 GiB", 10 * 1024 ** 3 + 1, true],
    ["10 GiB", 10 * 1024 ** 3, false],
    ["10Gi", 10 * 1024 ** 3, false],
    ["10 GB", 10 * 1024 ** 3, true],
    ["10 GB", 10 * 1000 ** 3, false],
    ["11000", 10 * 1024, false],
    ["9 KiB", 10_000, true],
  ])("takes %j for a number of bytes", (size, bytes, isGrave) => {
    expect(reason(limit, { limit: size }, { limit_bytes: bytes })).toBe(
      isGrave ? `limit falls from ${bytes} to "${size}".` : undefined,
    );
  });

  it("is grave further down in an order of words", () => {
    expect(reason(role, { role: "read" }, { role: "write" })).toBe('role falls from "write" to "read".');
    expect(reason(role, { role: "write" }, { role: "write" })).toBeUndefined();
    expect(reason(role, { role: "admin" }, { role: "write" })).toBeUndefined();
  });

  it("is grave where the two cannot be compared", () => {
    expect(reason(role, { role: "owner" }, { role: "read" })).toBe(
      'role "owner" cannot be compared with "read".',
    );
    expect(reason(role, { role: "admin" }, { role: "owner" })).toBe(
      'role "admin" cannot be compared with "owner".',
    );
    expect(reason(limit, { limit: "5 ZiB" }, { limit_bytes: 1 })).toBe(
      'limit "5 ZiB" cannot be compared with 1.',
    );
    expect(reason(limit, { limit: Number.NaN }, { limit_bytes: 1 })).toContain("cannot be compared");
    expect(reason(limit, { limit: 5 }, { limit_bytes: { a: 1 } })).toContain("cannot be compared");
  });

  it("is grave exactly when it is less, for all numbers", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (after, before) => {
        const isGrave = reason(limit, { limit: after }, { limit_bytes: before }) !== undefined;
        expect(isGrave).toBe(after < before);
      }),
    );
  });
});

describe("an argument among what is there", () => {
  const moves = { argument: "tags", among: "tags" } as const;

  it("is grave by any of its items", () => {
    expect(reason(moves, { tags: ["new", "v1", "v2"] }, { tags: ["v0", "v1", "v2"] })).toBe(
      'tags names what is there already: "v1", "v2".',
    );
    expect(reason(moves, { tags: ["new"] }, { tags: ["v1"] })).toBeUndefined();
    expect(reason(moves, { tags: ["new"] }, { tags: [] })).toBeUndefined();
    expect(reason(moves, { tags: ["new"] }, {})).toBeUndefined();
    expect(reason(moves, { tags: "v1" }, { tags: "v1" })).toBe('tags names what is there already: "v1".');
  });

  it("is what Quay takes when it is left out, or anything where that is not known", () => {
    const named = { argument: "names", among: "tags" } as const;
    expect(reason(named, {}, { tags: ["latest"] })).toBe('names names what is there already: "latest".');
    expect(reason(named, {}, { tags: ["v1"] })).toBeUndefined();
    expect(reason(moves, {}, { tags: ["v1"] })).toBe(
      "tags is left out, and may then be one of those in use.",
    );
    expect(reason(moves, {}, { tags: [] })).toBeUndefined();
  });
});

it("an argument that is left out is grave where that empties something", () => {
  const emptied = { omitted: "description", now: "description" } as const;
  expect(reason(emptied, {}, { description: "Ours" })).toBe('description is left out, which empties "Ours".');
  expect(reason(emptied, {}, { description: "" })).toBeUndefined();
  expect(reason(emptied, {}, { description: null })).toBeUndefined();
  expect(reason(emptied, {}, { description: [] })).toBeUndefined();
  expect(reason(emptied, {}, {})).toBeUndefined();
  expect(reason(emptied, { description: "" }, { description: "Ours" })).toBeUndefined();
});

it("a target that is in a state is grave, whatever the arguments are", () => {
  const owners = { now: "team.role", is: "admin" } as const;
  expect(reason(owners, {}, { team: { role: "admin" } })).toBe('team.role is "admin" now.');
  expect(reason(owners, {}, { team: { role: "member" } })).toBeUndefined();
  expect(reason(owners, {}, {})).toBeUndefined();
});

describe("an argument that sends data", () => {
  const sends = { argument: "config.url", newHost: true, now: "url" } as const;
  const given = (url: string) => ({ config: { url } });

  it("is grave with a new host, and says it without the rest of the URL", () => {
    expect(
      reason(sends, given("https://u:p@evil.example/t0ken"), { url: "https://good.example/s3cret" }),
    ).toBe("config.url sends data to the new host evil.example instead of good.example.");
    expect(reason(sends, given("https://evil.example/"))).toBe(
      "config.url sends data to the new host evil.example.",
    );
    expect(reason(sends, given("https://good.example:8443/"), { url: "https://good.example" })).toContain(
      "the new host good.example:8443 instead of good.example",
    );
    expect(reason(sends, given("good.example"), { url: "https://good.example" })).toContain(
      "a host that cannot be told",
    );
  });

  it("is not with the host in use, or one of --hosts, or without a value", () => {
    expect(reason(sends, given("https://GOOD.example/x"), { url: "https://good.example/y" })).toBeUndefined();
    expect(
      escalationOf(withRule(sends), given("https://a.example/"), state({}), ["a.example"]),
    ).toBeUndefined();
    expect(
      escalationOf(withRule(sends), given("https://a.example.evil.example/"), state({}), ["a.example"]),
    ).toBeDefined();
    expect(reason(sends, { config: {} })).toBeUndefined();
  });

  it("is compared with nothing where the rule names no place for the host in use", () => {
    const always = { argument: "config.url", newHost: true } as const;
    expect(reason(always, given("https://a.example/"), { config: { url: "https://a.example/" } })).toBe(
      "config.url sends data to the new host a.example.",
    );
  });
});

describe("state that could not be read", () => {
  const unread = state({}, { unread: ["The token may not list tags.", "Nor robots."] });
  const words = "what it would change could not be read (The token may not list tags, Nor robots).";

  it.each<[string, Condition, Record<string, unknown>]>([
    ["differs", { argument: "role", differs: "role" }, { role: "read" }],
    ["falls", { argument: "role", falls: "role" }, { role: 1 }],
    ["among", { argument: "tags", among: "tags" }, { tags: ["v1"] }],
    ["omitted", { omitted: "description", now: "description" }, {}],
    ["now", { now: "role", is: "admin" }, {}],
  ])("makes a call grave by %s", (_, condition, given) => {
    expect(escalationOf(withRule(condition), given, unread, [])).toBe(words);
    expect(escalationOf(withRule(condition), given, { ...unread, exists: false }, [])).toBe(words);
    expect(escalationOf(withRule(condition), given, state({}, { exists: undefined }), [])).toBe(
      "what it would change could not be read.",
    );
    expect(escalationOf(withRule(condition), given, state({}, { exists: false }), [])).toBeUndefined();
  });

  it("does not matter where the arguments alone decide, or the part that counts was read", () => {
    const differs = withRule({ argument: "role", differs: "role" });
    expect(escalationOf(differs, {}, unread, [])).toBeUndefined();
    expect(escalationOf(differs, { role: "read" }, { ...unread, now: { role: "read" } }, [])).toBeUndefined();
    expect(escalationOf(differs, { role: "read" }, { ...unread, now: { role: null } }, [])).toBeUndefined();
    expect(
      escalationOf(withRule({ omitted: "description", now: "description" }), { description: "" }, unread, []),
    ).toBeUndefined();
  });

  it("makes any host new", () => {
    const sends = withRule({ argument: "url", newHost: true, now: "url" });
    expect(escalationOf(sends, { url: "https://a.example" }, unread, [])).toContain("the new host a.example");
    expect(escalationOf(sends, { url: "https://a.example" }, unread, ["a.example"])).toBeUndefined();
  });
});
