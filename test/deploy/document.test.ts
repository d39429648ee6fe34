import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import { namesOf } from "../../src/guard/policy.ts";
import { readGroups } from "../../src/http/callers/groups-file.ts";
import { readKeys } from "../../src/http/callers/keys-file.ts";
import { readConfigFile } from "../../src/http/config-file.ts";
import { allHttpSettings, HttpSettings, readHttpSettings } from "../../src/http/settings.ts";
import { createListing } from "../../src/surface/listing.ts";
import { catalogue } from "../../tools/index.ts";
import { document, kubernetesFolder, read } from "./files.ts";

const blocks = (language: string) =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, block]) => block!,
  );

/** Writes the YAML that begins with the name of a file, as an operator would, with its secrets beside it. */
function writeShown(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "shown-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const shown = blocks("yaml").find((block) => block.startsWith(`# ${name}\n`))!;
  writeFileSync(join(folder, "audit-key"), "0123456789abcdef0123456789abcdef");
  writeFileSync(join(folder, name), shown.replaceAll("/run/secrets", folder));
  return join(folder, name);
}

const names = namesOf(createListing(catalogue).map(({ guarded }) => guarded));

describe("docs/deploy.md", () => {
  const variables = new Set(allHttpSettings.map(({ environment }) => environment));
  const flags = new Set(allHttpSettings.map(({ flag }) => flag));
  const notFlags = new Set(["--help"]);

  it("names variables and flags that there are", () => {
    const named = [...document.matchAll(/\bQUAY_(?:MCP_)?[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
    const inWords = [...document.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code]) => code!);
    const commands = [...document.replaceAll("\\\n", " ").matchAll(/quay-mcp(?::\S+)? http (.*)$/gm)].map(
      ([, rest]) => rest!,
    );
    const given = [...inWords.filter((code) => !code.startsWith("docker ")), ...commands].flatMap((code) =>
      [...code.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag),
    );
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((flag) => !flags.has(flag) && !notFlags.has(flag))).toEqual([]);
  });

  it("names metrics that there are", () => {
    const source = read("src/http/metrics.ts");
    const metrics = [...document.matchAll(/`(quay_mcp_\w+)`/g)].map(([, name]) => name!);
    expect(metrics.length).toBeGreaterThan(3);
    expect(metrics.filter((name) => !source.includes(`"${name}"`))).toEqual([]);
  });

  it("shows YAML and JSON that can be read, and leads to files that are there", () => {
    const yaml = blocks("yaml").flatMap((block) => parseAllDocuments(block));
    expect(yaml.length).toBeGreaterThan(2);
    expect(yaml.flatMap(({ errors }) => errors)).toEqual([]);
    for (const block of blocks("json")) expect(() => JSON.parse(block)).not.toThrow();
    const links = [...document.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link]) => `docs/${link}`);
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) expect(() => read(link)).not.toThrow();
  });

  it("tells the names of the kustomization's files", () => {
    const files = readdirSync(kubernetesFolder).filter((file) => file.endsWith(".yaml"));
    expect(files.filter((file) => !document.includes(`\`${file}\``))).toEqual([]);
  });

  it("shows keys, groups and settings that the program takes", async () => {
    const keys = await readKeys(writeShown("keys.yaml"), names);
    expect(keys.map(({ name }) => name)).toEqual(["ci", "audit"]);
    const groups = await readGroups(writeShown("groups.yaml"), names);
    expect([...groups.keys()]).toEqual(["registry-admins", "developers"]);
    const flags = { config: writeShown("quay-mcp.yaml") };
    const file = await readConfigFile({ flags, environment: {} }, HttpSettings, allHttpSettings);
    expect(readHttpSettings(flags, {}, file)).toMatchObject({ auth: "oidc" });
  });
});
