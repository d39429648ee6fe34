/** What the doctor says of a token's scopes, against what the token has. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { examine } from "../../src/doctor/examine.ts";
import { heldScopes, type ScopeFinding } from "../../src/doctor/scopes.ts";
import { withIncluded } from "../../src/guard/scopes.ts";
import { type Scope, scopes } from "../../src/operation.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import tokens from "../data/tokens.json" with { type: "json" };
import { startRecorded } from "../registry/replay.ts";
import { doctorReport, levelOf, scopesOf } from "./start.ts";

const people = ["ada", "bob", "carol", "dave", "olivia", "auditor"] as const;

/** Every scope alone, every two, all, and all but one. */
const combinations: readonly (readonly Scope[])[] = [
  ...scopes.flatMap((one, index) => scopes.slice(index).map((other) => [...new Set([one, other])])),
  ...scopes.map((missing) => scopes.filter((scope) => scope !== missing)),
  scopes,
];

/** Nothing is claimed that the token lacks, and nothing denied that it has. */
function expectTrue(findings: readonly ScopeFinding[], has: readonly Scope[]): void {
  const all = withIncluded(has);
  const wrong = findings.filter(
    ({ scope, verdict }) => verdict !== "unknown" && (verdict === "held") !== all.has(scope),
  );
  expect({ has, wrong }).toEqual({ has, wrong: [] });
  expect(findings.map(({ scope }) => scope)).toEqual(scopes);
  expect(findings.every(({ because }) => because !== "")).toBe(true);
  expect(heldScopes(findings).filter((scope) => !all.has(scope))).toEqual([]);
}

describe("quay-mcp doctor about the scopes of a token", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.close());

  const report = (user: string, has: readonly Scope[]) =>
    doctorReport({ QUAY_URL: registry.url, QUAY_TOKEN: registry.addToken({ user, scopes: has }) });

  it.each(people)("neither claims nor denies wrongly, whatever scopes a token of %s has", async (user) => {
    for (const has of combinations) {
      const token = registry.addToken({ user, scopes: has });
      const found = (await examine(readSettings({}, {}), { url: registry.url, token })).token;
      expectTrue(found.scopes, has);
      const owner = withIncluded(has).has("user:read") ? user : null;
      expect(found).toMatchObject({ state: "valid", owner });
    }
  });

  it.each<[Scope]>([["user:read"], ["user:admin"], ["super:user"]])(
    "finds %s of a superuser by itself",
    async (scope) => {
      expect(scopesOf(await report("ada", [scope]), "held")).toContain(scope);
    },
  );

  it.each<[Scope]>([["repo:read"], ["repo:write"], ["repo:admin"], ["user:read"], ["user:admin"]])(
    "finds %s of a member by itself",
    async (scope) => {
      expect(scopesOf(await report("bob", [scope]), "held")).toContain(scope);
    },
  );

  it("finds all of what a member's token has and lacks, where it may tell whose it is", async () => {
    for (const scope of ["repo:read", "repo:write", "repo:admin", "org:admin"] as const) {
      const found = await report("bob", ["user:read", scope]);
      const has = withIncluded(["user:read", scope]);
      expect(scopesOf(found, "held")).toEqual(scopes.filter((each) => has.has(each)));
      const open = scope === "org:admin" ? ["repo:create", "super:user"] : ["super:user"];
      expect(scopesOf(found, "unknown")).toEqual(open);
      expect(found.settings.flags).toEqual(["--allow", "read", "--scopes", `${scope},user:read`].map(sorted));
    }
  });

  /** `--scopes` has them in Quay's order. */
  const sorted = (word: string) =>
    word.includes(",") ? scopes.filter((scope) => word.split(",").includes(scope)).join() : word;

  it("finds repo:create by itself in an organization where its owner creates repositories", async () => {
    expect(scopesOf(await report("dave", ["user:read", "repo:create"]), "held")).toContain("repo:create");
  });

  it("does not take a superuser's rights for scopes", async () => {
    const found = await report("ada", ["super:user", "user:admin"]);
    expect(scopesOf(found, "held")).toEqual(["user:read", "user:admin", "super:user"]);
    expect(scopesOf(found, "missing")).toEqual([]);
    expect(found.roles).toMatchObject({ superuser: "full", fullAccess: true, administers: null });
    expect(found.settings.note).toMatch(/superuser/);
  });

  it("tells a read-only superuser, and does not take what they read for scopes", async () => {
    const found = await report("auditor", ["repo:read"]);
    expect(found.roles).toMatchObject({ superuser: "read-only" });
    expect(scopesOf(found, "held")).toEqual([]);
  });

  it("names the organizations that the owner administers, and does not guess without org:admin", async () => {
    const all = await report("carol", ["user:admin", "org:admin"]);
    expect(all.roles).toMatchObject({ superuser: "none", administers: ["research"] });
    expect(all.roles.memberOf).toContain("acme");
    expect((await report("carol", ["user:admin"])).roles.administers).toBeNull();
  });

  it("warns where --scopes declares what the token lacks", async () => {
    const token = registry.addToken({ user: "bob", scopes: ["user:read"] });
    const settings = { QUAY_URL: registry.url, QUAY_TOKEN: token, QUAY_MCP_SCOPES: "user:read,user:admin" };
    const found = await doctorReport(settings);
    expect(levelOf(found, "scopes")).toBe("warning");
    expect(found.findings.find(({ check }) => check === "scopes")!.message).toContain("user:admin");
  });
});

describe("quay-mcp doctor about the tokens of the recordings", () => {
  let recorded: Awaited<ReturnType<typeof startRecorded>>;
  beforeAll(async () => {
    recorded = await startRecorded();
  });
  afterAll(() => recorded.registry.close());

  const named = Object.entries(tokens).filter(([, { user }]) => user !== null);
  it.each(named)("neither claims nor denies wrongly of %s", async (name, token) => {
    const found = await doctorReport({
      QUAY_URL: recorded.registry.url,
      QUAY_TOKEN: recorded.tokens.get(name)!,
    });
    const expired = "note" in token && token.note === "expired";
    expect(found.token.state).toBe(expired ? "invalid" : "valid");
    expectTrue(found.scopes, expired ? [] : (token.scopes as Scope[]));
  });
});
