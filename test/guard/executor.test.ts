/** The executors beside the guard, in this process: what a client's calls through them come to. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { executors } from "../../src/guard/executor.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { createHandlers, type Handlers } from "../../src/mcp/handlers.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { createRuntime, type Runtime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { createWholeListing } from "../../src/surface/whole-listing.ts";
import { tasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";

const tools = [...catalogue, ...tasks];
const listing = createWholeListing();

let registry: Registry;
let runtime: Runtime;
let handlers: Handlers;

beforeAll(async () => {
  registry = await startRegistry();
  const settings = readSettings({ allow: "destructive", confirm: "never" }, {});
  runtime = createRuntime(settings, {
    connection: { url: registry.url, token: registry.tokens.superuser },
    secrets: noSecrets,
    audit: undefined,
  });
  handlers = createHandlers(runtime, { listing, policy: createPolicy(settings, tools) });
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  await runtime.close();
  await registry.close();
});

async function run(executor: string, name: string, given: object): Promise<string> {
  const asking = {
    canAsk: false,
    reply: undefined,
    ask: undefined,
    signal: new AbortController().signal,
    progress: () => {},
  };
  const result = await handlers.callTool(executor, { name, arguments: given }, asking);
  const [{ text }] = result.content as [{ text: string }];
  return text;
}

/** As many as there are accesses: what each executor refuses of them. */
const others = Object.entries(executors).flatMap(([access, executor]) =>
  tools
    .filter((tool) => tool.access !== access)
    .filter((tool) => access !== "destructive" || tool.access === "read" || tool.escalates === undefined)
    .map((tool) => ({ executor, name: tool.name, right: executors[tool.access] })),
);

it("an executor runs no tool of another access, and says which one does", async () => {
  for (const { executor, name, right } of others) {
    const text = await run(executor, name, {});
    expect(text).toMatch(/^\w+ was not sent: it is /);
    expect(text).toContain(`Use ${right},`);
  }
  expect(others.length).toBeGreaterThan(2 * tools.length - 60);
  expect(registry.requests).toEqual([]);
});

it("the one for writes does not run a write that is as grave as a destructive call", async () => {
  const given = { repository: "acme/grave", visibility: "public", description: "" };
  const text = await run(executors.write, "create_repository", given);
  expect(text).toMatch(/as grave as a destructive call: visibility is "public"\. Use run_destructive_tool/);
  expect(registry.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await run(executors.destructive, "create_repository", given)).toMatch(/"status":201/);
});
