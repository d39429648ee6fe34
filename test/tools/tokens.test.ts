import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { inputSchema } from "../../src/arguments.ts";
import type { CallableTool } from "../../src/operation.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";

/** What an assistant pays for a tool: its name, its description and its schema. */
function tokensOf(tool: CallableTool): number {
  const { name, description } = tool;
  return encode(JSON.stringify({ name, description, inputSchema: inputSchema(tool) })).length;
}

const most = 170;

/** Tools that configure as much as Quay's form for it does. */
const dearest: Readonly<Record<string, number>> = {
  create_repository_mirror: 370,
  update_repository_mirror: 370,
  create_repository_notification: 370,
  create_organization_mirror: 320,
  update_organization_mirror: 300,
};

const cost = (tools: readonly CallableTool[]) => tools.reduce((sum, tool) => sum + tokensOf(tool), 0);

describe("what the tools cost an assistant", () => {
  it("is at most 16,000 tokens for all operations", () => {
    expect(cost(catalogue)).toBeLessThanOrEqual(16_000);
  });

  it("is at most 500 tokens for all tasks", () => {
    expect(cost(tasks)).toBeLessThanOrEqual(500);
  });

  it(`is at most ${most} tokens for each, but for those that configure much`, () => {
    const over = [...catalogue, ...tasks]
      .map((tool) => ({ name: tool.name, tokens: tokensOf(tool) }))
      .filter(({ name, tokens }) => tokens > (dearest[name] ?? most));
    expect(over).toEqual([]);
  });

  it("is exceptional only where it is", () => {
    const cheap = catalogue.filter((tool) => tool.name in dearest && tokensOf(tool) <= most);
    expect(cheap.map(({ name }) => name)).toEqual([]);
    expect(catalogue.filter(({ name }) => name in dearest)).toHaveLength(Object.keys(dearest).length);
  });
});
