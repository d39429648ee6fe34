import { expect, it } from "vitest";
import { createScrubber } from "../../src/quay/scrub.ts";

it("takes out a credential of any length, in whatever case it comes back", () => {
  const secret = `a+/${"Bc".repeat(200_000)}`;
  const scrub = createScrubber([secret]);
  expect(scrub(`It was ${secret}, or ${encodeURIComponent(secret).toLowerCase()}.`)).toBe(
    "It was [credential], or [credential].",
  );
  expect(scrub(Buffer.from(`user:${secret}`).toString("base64"))).toMatch(/^.{0,8}\[credential\]$/);
});

it("takes out two credentials of which one holds the other, and leaves what stands around them", () => {
  const scrub = createScrubber(["secret-of-ann", "of-ann-and-bob"]);
  expect(scrub("x secret-of-ann-and-bob y, of-ann-and-bob")).toBe("x [credential] y, [credential]");
});

it("a token costs what it is long, since every caller of a server brings one", () => {
  const before = process.memoryUsage();
  const scrubbers = Array.from({ length: 300 }, (_, caller) => createScrubber(["xY".repeat(2000) + caller]));
  for (const scrub of scrubbers) expect(scrub("no credential")).toBe("no credential");
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(100 * 1024 * 1024);
});
