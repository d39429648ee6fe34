import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { guardDocument, guardDocumentFile } from "../../scripts/guard-doc.ts";
import { catalogue } from "../../tools/index.ts";

describe("docs/guard.md", () => {
  it("is what the catalogue says; npm run docs writes it anew", () => {
    expect(readFileSync(guardDocumentFile, "utf8")).toBe(guardDocument());
  });

  it("has a line for every operation", () => {
    const lines = guardDocument().split("\n");
    const missing = catalogue.filter(({ name }) => !lines.some((line) => line.startsWith(`| \`${name}\` |`)));
    expect(missing).toEqual([]);
  });
});
