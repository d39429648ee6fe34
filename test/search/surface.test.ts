import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, it } from "vitest";
import { everyday } from "../../src/search/everyday.ts";
import { executors, surfaceTools } from "../../src/search/surface-tools.ts";
import { catalogue } from "../../tools/index.ts";

it("the search surface costs at most 1,200 tokens", () => {
  const tokens = surfaceTools.map((tool) => encode(JSON.stringify(tool)).length);
  expect(tokens.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1200);
});

it("no tool of the search surface bears the name of an operation's tool", () => {
  const names = new Set(catalogue.map(({ name }) => name));
  expect(surfaceTools.map(({ name }) => name).filter((name) => names.has(name))).toEqual([]);
});

it("each executor's hints say what it runs", () => {
  expect(executors.read.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
  expect(executors.write.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false });
  expect(executors.destructive.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
});

it("no reading tool reaches out to another host, as run_read_tool says", () => {
  expect(catalogue.filter(({ access, openWorld }) => access === "read" && openWorld === true)).toEqual([]);
});

it("the everyday tools are at most 40, exist, and none of them is irreversible", () => {
  const tools = catalogue.filter(({ name }) => everyday.has(name));
  expect(tools).toHaveLength(everyday.size);
  expect(everyday.size).toBeLessThanOrEqual(40);
  expect(tools.filter(({ irreversible }) => irreversible === true)).toEqual([]);
});
