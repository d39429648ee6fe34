/** Prints what each tool costs an assistant, in o200k tokens of its name, description and input schema, dearest first. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { inputSchema } from "../src/arguments.ts";
import { tasks } from "../src/tasks/index.ts";
import { catalogue } from "../tools/index.ts";

const costs = [...catalogue, ...tasks].map((tool) => {
  const visible = { name: tool.name, description: tool.description, inputSchema: inputSchema(tool) };
  return { name: tool.name, toolset: tool.toolset, tokens: encode(JSON.stringify(visible)).length, visible };
});
const only = process.argv[2];
const shown = only === undefined ? costs : costs.filter((cost) => cost.toolset === only);
for (const cost of shown.toSorted((one, other) => other.tokens - one.tokens)) {
  process.stdout.write(`${cost.tokens}\t${cost.toolset}\t${cost.name}\n`);
}
const total = shown.reduce((sum, cost) => sum + cost.tokens, 0);
process.stdout.write(`${total} tokens, ${shown.length} tools, ${(total / shown.length).toFixed(1)} each\n`);
