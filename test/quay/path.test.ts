import { describe, expect, it } from "vitest";
import { buildPath, PathError } from "../../src/quay/path.ts";

describe("a path", () => {
  it("encodes each value as one segment", () => {
    expect(buildPath("/t/{tag}/x/{name}", { tag: "ä b?#&;", name: "$'" })).toBe(
      "/t/%C3%A4%20b%3F%23%26%3B/x/%24'",
    );
  });

  it("keeps the slashes of a repository", () => {
    expect(buildPath("/r/{repository}/tag/", { repository: "acme/team/app" })).toBe("/r/acme/team/app/tag/");
  });

  it("leaves a digest and an address readable", () => {
    expect(buildPath("/d/{digest}", { digest: "sha256:0af" })).toBe("/d/sha256:0af");
    expect(buildPath("/e/{email}", { email: "a@example.com" })).toBe("/e/a@example.com");
  });

  it.each([
    ".",
    "..",
    "",
    "a/b",
    "/",
    "a\\b",
    "a\nb",
    "a\u0000",
    "a\u0085",
    "%2e%2e",
    "a%2Fb",
    "\ud800",
    "a\udc00b",
  ])("refuses %j as a segment", (tag) => {
    expect(() => buildPath("/t/{tag}", { tag })).toThrow(PathError);
  });

  it.each([
    "app",
    "acme/",
    "/app",
    "acme//app",
    "acme/../app",
    "acme/./app",
    "acme/app/..",
    "acme/a\\b",
    "acme%2Fapp/x",
  ])("refuses %j as a repository", (repository) => {
    expect(() => buildPath("/r/{repository}", { repository })).toThrow(/^repository .*Nothing was sent\.$/);
  });

  it("refuses a missing value", () => {
    expect(() => buildPath("/t/{tag}", {})).toThrow("tag is missing. Nothing was sent.");
  });
});
