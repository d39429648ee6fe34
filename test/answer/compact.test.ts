import { describe, expect, it } from "vitest";
import { recordedTokens } from "../../scripts/bench/answers.ts";
import { compact } from "../../src/answer/compact.ts";
import { redact } from "../../src/answer/redact.ts";
import { catalogue } from "../../tools/index.ts";
import { toolOfRequest } from "../support/derive.ts";
import { recordings } from "../support/facts.ts";
import { kept } from "./kept.ts";

const answered = recordings.flatMap((recording) => {
  const tool = toolOfRequest(recording.method, recording.path);
  if (tool === undefined || recording.status >= 300 || recording.status === 0) return [];
  const before = redact(structuredClone(recording.body), tool).value;
  return [{ tool, before, after: compact(redact(structuredClone(recording.body), tool), tool).value }];
});

const compacted = (operationId: string, body: unknown) => compact(redact(body, {}), { operationId }).value;

/** Every field of a value, with its values. */
function fieldsOf(value: unknown, found = new Map<string, unknown[]>()): Map<string, unknown[]> {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) found.set(key, [...(found.get(key) ?? []), inner]);
    fieldsOf(inner, found);
  }
  return found;
}

const textsOf = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)])
      : [];

const pictures = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(pictures)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([key]) => key !== "avatar")
            .map(([key, inner]) => [key, pictures(inner)]),
        )
      : value;

describe("a compacted answer", () => {
  it("takes at least 35 % fewer tokens over all recorded answers of the get phase", () => {
    const all = [...recordedTokens().values()];
    const before = all.reduce((sum, tokens) => sum + tokens.before, 0);
    const after = all.reduce((sum, tokens) => sum + tokens.after, 0);
    expect(1 - after / before).toBeGreaterThanOrEqual(0.35);
  });

  it("takes no more tokens than before, but for what the clearer times of a small answer cost", () => {
    const dearer = [...recordedTokens()].filter(([, { before, after }]) => after > before + 4);
    expect(dearer).toEqual([]);
  });

  it("has a list of what must stay for every read operation", () => {
    const read = catalogue.filter(({ access }) => access === "read").map(({ operationId }) => operationId);
    expect(read.filter((operationId) => kept[operationId] === undefined)).toEqual([]);
  });

  it("keeps what an administrator would act on", () => {
    const lost = answered.flatMap(({ tool, before, after }) => {
      const [given, left] = [fieldsOf(pictures(before)), fieldsOf(after)];
      const keys = new Set(textsOf(after));
      return (kept[tool.operationId] ?? [])
        .filter((field) => given.has(field))
        .filter((field) => !left.has(field) && !given.get(field)!.every((value) => keys.has(String(value))))
        .map((field) => `${tool.operationId}: ${field}`);
    });
    expect([...new Set(lost)]).toEqual([]);
  });

  it("keeps every digest, uuid, client id and page token that is not a picture's or a key's own", () => {
    const identity =
      /^(sha256:[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|gAAAAA[\w=-]+|[A-Z0-9]{20})$/;
    const lost = answered.flatMap(({ tool, before, after }) => {
      const left = new Set(textsOf(after));
      return textsOf(pictures(before))
        .filter((text) => identity.test(text) && !left.has(text))
        .map((text) => `${tool.operationId}: ${text}`);
    });
    expect(lost).toEqual([]);
  });

  it("says every time in ISO 8601 and UTC, and nothing else of it has changed", () => {
    const wrong = answered.flatMap(({ tool, after }) =>
      textsOf(after)
        .filter((text) => /^[A-Z][a-z]{2}, \d\d [A-Z]|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?!Z$)/.test(text))
        .filter((text) => !text.includes("{"))
        .map((text) => `${tool.operationId}: ${text}`),
    );
    expect(wrong).toEqual([]);
    const epochs = answered.flatMap(({ tool, after }) =>
      [...fieldsOf(after)].flatMap(([field, values]) =>
        values
          .filter((value) => typeof value === "number" && value > 1_700_000_000 && value < 1_900_000_000)
          .map(() => `${tool.operationId}: ${field}`),
      ),
    );
    expect(epochs).toEqual([]);
  });

  it.each([
    ["start_ts", 1795245400, "2026-11-21T07:16:40Z"],
    ["end_ts", 1795245400, "2026-11-21T07:16:40Z"],
    ["last_ran", 1795245400123, "2026-11-21T07:16:40Z"],
    ["datetime", "Sat, 21 Nov 2026 07:16:40 -0000", "2026-11-21T07:16:40Z"],
    ["expiration_date", "Sat, 21 Nov 2026 07:16:40 GMT", "2026-11-21T07:16:40Z"],
    ["sync_start_date", "2026-11-21T07:16:40.516048Z", "2026-11-21T07:16:40Z"],
    ["datetime", "2026-11-21 07:16:40.516048", "2026-11-21T07:16:40Z"],
    ["created", "2026-11-21T09:16:40+02:00", "2026-11-21T07:16:40Z"],
    ["expiration", null, null],
    ["expiration", "never", "never"],
    ["expiration", 1e300, 1e300],
    ["description", "Sat, 21 Nov 2026 07:16:40 -0000", "Sat, 21 Nov 2026 07:16:40 -0000"],
    ["tag_expiration_s", 1209600, 1209600],
    ["size", 1795245400, 1795245400],
  ])("shows %s %j as %j", (field, given, shown) => {
    expect(compacted("listRepoTags", { [field]: given })).toEqual({ [field]: shown });
  });

  it("shows the new time of a changed mirror as a time, and another new value as it is", () => {
    const log = (changed: string, to: unknown) => ({ logs: [{ metadata: { changed, to } }] });
    expect(compacted("listOrgLogs", log("sync_start_date", 1795245400))).toEqual(
      log("sync_start_date", "2026-11-21T07:16:40Z"),
    );
    expect(compacted("listOrgLogs", log("sync_interval", 1795245400))).toEqual(
      log("sync_interval", 1795245400),
    );
  });

  it("takes the names that people gave for names, whatever they are", () => {
    const teams = { avatar: { role: "admin" }, is_starred: { role: "member" } };
    expect(compacted("getOrganization", { teams })).toEqual({ teams });
    const permissions = { href: { role: "read" } };
    expect(compacted("conductSearch", { permissions })).toEqual({ permissions });
    const unstructured_metadata = { avatar: "x", created: 1795245400, description: "" };
    expect(compacted("getOrgRobot", { unstructured_metadata })).toEqual({ unstructured_metadata });
  });

  it("leaves out the days of a repository's statistics on which nothing happened, and no other zeros", () => {
    const days = [
      { date: "2026-11-20", count: 0 },
      { date: "2026-11-19", count: 3 },
    ];
    expect(compacted("getRepo", { stats: days })).toEqual({ stats: [{ date: "2026-11-19", count: 3 }] });
    expect(compacted("getAggregateOrgLogs", { aggregated: days, stats: days })).toEqual({
      aggregated: days,
      stats: days,
    });
  });

  it("keeps a name that differs from the one beside it", () => {
    expect(compacted("listAllUsers", { users: [{ name: "a", username: "b" }] })).toEqual({
      users: [{ name: "a", username: "b" }],
    });
    expect(compacted("getOrganization", { teams: { devs: { name: "ops" } } })).toEqual({
      teams: { devs: { name: "ops" } },
    });
  });

  it("leaves the answer that it was made from as it was", () => {
    const body = { avatar: { hash: "x" }, created: 1795245400 };
    const redacted = redact(body, {});
    compact(redacted, { operationId: "listRepos" });
    expect(redacted.value).toEqual({ avatar: { hash: "x" }, created: 1795245400 });
  });
});
