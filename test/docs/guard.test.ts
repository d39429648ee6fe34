import { describe, expect, it } from "vitest";
import { guardDocument } from "../../scripts/docs/guard.ts";
import { catalogue } from "../../tools/index.ts";

describe("docs/guard.md", () => {
  it("has a line for every operation", () => {
    const lines = guardDocument().split("\n");
    const missing = catalogue.filter(({ name }) => !lines.some((line) => line.startsWith(`| \`${name}\` |`)));
    expect(missing).toEqual([]);
  });
});
