import { afterAll, beforeAll, describe, expect, it } from "vitest";
import table from "../data/authorization-get.json" with { type: "json" };
import { knownAuthorizationDifferences } from "./differences.ts";
import { startRecorded, toolsetOf } from "./replay.ts";

interface Row {
  readonly path: string;
  readonly results: Readonly<Record<string, string>>;
}

/** The operations of the table that are the catalogue's. */
const rows = Object.entries(table as Record<string, Row>).filter(
  ([, { path }]) => toolsetOf("GET", path) !== undefined,
);

describe("the embedded registry, asked with tokens of different users and scopes", () => {
  let recorded: Awaited<ReturnType<typeof startRecorded>>;
  const differing: { readonly name: string; readonly difference: string }[] = [];
  let cells = 0;

  beforeAll(async () => {
    recorded = await startRecorded();
    for (const [operationId, { path, results }] of rows) {
      for (const [token, expected] of Object.entries(results)) {
        const secret = recorded.tokens.get(token);
        const answer = await fetch(`${recorded.registry.url}${path}`, {
          headers: secret === undefined ? {} : { Authorization: `Bearer ${secret}` },
          redirect: "manual",
        });
        const body = (await answer.json().catch(() => null)) as {
          error_type?: string;
          message?: string;
        } | null;
        const reason = answer.status < 400 ? undefined : (body?.error_type ?? body?.message);
        const got = [answer.status, reason].filter(Boolean).join(" ");
        cells += 1;
        if (got !== expected) {
          differing.push({ name: `${operationId} ${token}`, difference: `${got} instead of ${expected}` });
        }
      }
    }
    process.stdout.write(`authorization: ${cells - differing.length}/${cells}\n`);
  });
  afterAll(() => recorded.registry.close());

  it("allows and refuses at least 95 % of the calls as a real Quay does", () => {
    expect(cells).toBeGreaterThan(900);
    expect(1 - differing.length / cells).toBeGreaterThanOrEqual(0.95);
  });

  it("differs only where a reason is listed", () => {
    const unlisted = differing.filter(({ name }) => knownAuthorizationDifferences[name] === undefined);
    expect(unlisted.map(({ name, difference }) => `${name}: ${difference}`)).toEqual([]);
  });
});
