import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSettings, settings } from "../src/config.ts";
import { prompts } from "../src/prompts/prompts.ts";
import { resourceTemplates } from "../src/resources/templates.ts";
import { catalogue } from "../tools/index.ts";
import { run } from "./support/program.ts";

const root = new URL("..", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");

interface ClientConfiguration {
  readonly mcpServers: Readonly<
    Record<string, { command: string; args: readonly string[]; env?: Readonly<Record<string, string>> }>
  >;
}

/** Which of these the README does not say. */
const missing = (words: readonly string[]) => words.filter((word) => !readme.includes(word));

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, block]) => block!,
  );

describe("the README", () => {
  it("names every setting", () => {
    expect(missing(settings.map(({ environment }) => environment))).toEqual([]);
  });

  it("says truly how many tools there are, and how many of them only read", () => {
    const reads = catalogue.filter(({ access }) => access === "read").length;
    expect(missing([`all ${catalogue.length} operations`, `${reads} that only read`])).toEqual([]);
  });

  it("names every resource and every prompt", () => {
    expect(missing(resourceTemplates.map(({ uriTemplate }) => `\`${uriTemplate}\``))).toEqual([]);
    expect(missing(prompts.map(({ name }) => `\`${name}\``))).toEqual([]);
  });

  it("names every command", async () => {
    const { stdout } = await run({ flags: ["--help"] });
    const commands = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}(\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(commands.length).toBeGreaterThan(3);
    expect(missing(commands.map((command) => `\`quay-mcp ${command}`))).toEqual([]);
  });

  it("shows JSON that is JSON, and names files that are there", () => {
    expect(blocks("json").length).toBeGreaterThan(0);
    for (const block of blocks("json")) expect(() => JSON.parse(block)).not.toThrow();
    for (const [, file] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
      expect(() => readFileSync(new URL(file!, root))).not.toThrow();
    }
  });
});

describe("mcp.json", () => {
  const { mcpServers } = JSON.parse(readFileSync(new URL("mcp.json", root), "utf8")) as ClientConfiguration;

  it("starts the program with settings that it takes", async () => {
    expect(Object.keys(mcpServers)).toEqual(["quay", "quay-demo"]);
    for (const { command, args, env = {} } of Object.values(mcpServers)) {
      expect([command, ...args.slice(0, 3)]).toEqual(["npx", "--no", "--", "quay-mcp"]);
      expect(() => readSettings({}, { ...env, QUAY_TOKEN: "x" })).not.toThrow();
      const started = await run({
        settings: { ...env, ...(env.QUAY_TOKEN && { QUAY_TOKEN: "x" }) },
        flags: args.slice(3),
      });
      expect(started).toEqual({ status: 0, stdout: "", stderr: "" });
    }
  });
});
