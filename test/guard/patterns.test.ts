import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCaseSensitivePattern, compilePattern } from "../../src/guard/patterns.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "c", ".", "/"), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "A", ".", "*", "*"), maxLength: 8 });

/** What a pattern means, tried out. */
function matches([first, ...rest]: string, name: string): boolean {
  if (first === undefined) return name === "";
  if (first !== "*") return name.startsWith(first.toLowerCase()) && matches(rest.join(""), name.slice(1));
  return [...name, ""].some((_, from) => matches(rest.join(""), name.slice(from)));
}

describe("a pattern", () => {
  it("matches a whole name, with * for any characters", () => {
    fc.assert(
      fc.property(pattern, text, (written, name) => {
        expect(compilePattern(written).test(name)).toBe(matches(written, name));
      }),
      { numRuns: 20_000 },
    );
  });

  it("with many * is compared in no time to a long name that almost fits", () => {
    const began = performance.now();
    expect(compilePattern(`${"a*".repeat(200)}b`).test("a".repeat(20_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe("a pattern of tags, whose capitals count,", () => {
  it.each([
    ["pr-*", "pr-1", true],
    ["pr-*", "pr-", true],
    ["pr-*", "xpr-1", false],
    ["pr-*", "PR-1", false],
    ["*", "anything", true],
    ["v1.0", "v1.0", true],
    ["v1.0", "v1x0", false],
    ["*-rc*", "v1-rc2", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
  ])("%s on %s: %s", (written, name, expected) => {
    expect(compileCaseSensitivePattern(written).test(name)).toBe(expected);
  });
});
