import { describe, expect, it } from "vitest";
import { judge } from "../../scripts/conformance/judge.ts";
import type { Check } from "../../scripts/conformance/suite.ts";
import type { Exception } from "./expectations.ts";

const check = (id: string, status: Check["status"]): Check => ({ id, status, description: id });
const except = (...names: string[]): Exception => ({
  apart: "does not apply",
  names,
  revisions: ["2025-11-25"],
  reason: "for a reason",
});

/** What is made of one scenario's checks. */
function outcomeOf(checks: readonly Check[], ...exceptions: Exception[]) {
  return judge(new Map([["ping", checks]]), "2025-11-25", exceptions).map(({ outcome }) => outcome);
}

const good = check("answers", "SUCCESS");
const bad = check("answers in time", "FAILURE");

describe("a conformance scenario", () => {
  it("passes where all of its checks hold", () => {
    expect(outcomeOf([good, check("about", "INFO")])).toEqual(["passes"]);
  });

  it("fails where a check fails or warns, or none was made", () => {
    expect(outcomeOf([good, bad])).toEqual(["fails"]);
    expect(outcomeOf([good, check("answers in time", "WARNING")])).toEqual(["fails"]);
    expect(outcomeOf([check("wire-schema-valid", "SUCCESS"), check("answers", "SKIPPED")])).toEqual([
      "fails",
    ]);
  });

  it("that is set apart must not pass", () => {
    expect(outcomeOf([good, bad], except("ping"))).toEqual(["does not apply"]);
    expect(outcomeOf([good], except("ping"))).toEqual(["is listed, but passes"]);
  });

  it("passes but for the check that is set apart, which must not hold", () => {
    expect(outcomeOf([good, bad], except("ping:answers in time"))).toEqual(["passes"]);
    expect(outcomeOf([good, bad], except("ping:answers"))).toEqual(["fails"]);
    expect(outcomeOf([good], except("ping:answers"))).toEqual(["is listed, but passes"]);
  });

  it("must send what the protocol's schema allows, set apart or not", () => {
    expect(outcomeOf([bad, check("wire-schema-valid", "FAILURE")], except("ping"))).toEqual(["fails"]);
  });

  it("that is listed must be one of the suite's", () => {
    expect(outcomeOf([good], except("pong"))).toEqual(["passes", "is listed, but not run"]);
  });

  it("is set apart for the revision that is named alone", () => {
    expect(outcomeOf([good], { ...except("ping"), revisions: ["2026-07-28"] })).toEqual(["passes"]);
  });
});
