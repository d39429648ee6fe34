import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { readSettings } from "../../src/config.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { createListing, type ListedTool } from "../../src/surface/listing.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import { catalogue } from "../../tools/index.ts";
import { report } from "./report.ts";

/** What a model sees of tools, in tokens of o200k. */
const tokensOf = (tools: readonly ListedTool[]): number =>
  tools
    .map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }))
    .reduce((sum, visible) => sum + encode(visible).length, 0);

/** Prints what the operations cost an assistant, and each surface, and how many tools it shows. */
export function surfaces(): void {
  operations();
  const listing = createWholeListing();
  const guarded = listing.tools.map((entry) => entry.guarded);
  for (const [surface, allow, most] of [
    ["search", "destructive", 1200],
    ["auto", "read", undefined],
    ["auto", "write", undefined],
    ["auto", "destructive", undefined],
    ["all", "destructive", undefined],
  ] as const) {
    const settings = readSettings({ surface, allow }, {});
    const shown = surfaceOf(listing, createPolicy(settings, guarded), settings.surface);
    const tokens = tokensOf(shown);
    report(
      `--surface ${surface} --allow ${allow}: ${shown.length} tools`,
      tokens,
      "o200k tokens",
      most === undefined ? "" : `<= ${most}`,
      most === undefined || tokens <= most,
    );
  }
}

function operations(): void {
  const listing = createListing(catalogue);
  const reading = listing.filter(({ guarded }) => guarded.access === "read");
  for (const [which, entries, most] of [
    ["all", listing, 16_000],
    ["the reading", reading, 7000],
  ] as const) {
    const tokens = tokensOf(entries.map(({ listed }) => listed));
    report(`${which} ${entries.length} operations`, tokens, "o200k tokens", `<= ${most}`, tokens <= most);
  }
}
