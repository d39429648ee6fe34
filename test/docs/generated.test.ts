import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatedFiles, root, snapshotsThere } from "../../scripts/docs/files.ts";

const files = await generatedFiles();

const stale = (file: string) => `${file} is not what it would be made: "npm run docs" writes it anew`;

describe("what npm run docs writes", () => {
  it.each(Object.entries(files))("%s is up to date", (file, text) => {
    const held = existsSync(`${root}${file}`) ? readFileSync(`${root}${file}`, "utf8") : undefined;
    expect(held, stale(file)).toBe(text);
  });

  it("leaves no snapshot of what a client does not see any more", () => {
    const left = snapshotsThere().filter((file) => files[file] === undefined);
    expect(left, 'these are outdated: "npm run docs" removes them').toEqual([]);
  });
});
