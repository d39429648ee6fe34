import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfigFile } from "../../src/http/config-file.ts";
import { allHttpSettings, HttpSettings, readHttpSettings } from "../../src/http/settings.ts";

interface From {
  readonly flags?: Record<string, string>;
  readonly environment?: Record<string, string>;
}

/** Writes a file and reads the settings with it, as the command does. */
async function settingsFrom(yaml: string | Buffer, { flags = {}, environment = {} }: From = {}) {
  const directory = await mkdtemp(join(tmpdir(), "config-file-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const config = join(directory, "quay-mcp.yaml");
  await writeFile(config, yaml);
  const all = { flags: { config, ...flags }, environment };
  const file = await readConfigFile(all, HttpSettings, allHttpSettings);
  return readHttpSettings(all.flags, environment, file);
}

describe("a configuration file", () => {
  it("holds settings under the names of their flags, and lists as lists", async () => {
    const yaml = `
url: https://quay.example.com # the registry
allow: [read, tag=destructive]
namespaces:
  - acme
  - dev-*
protect: acme/prod-*
port: 9000
dry-run: true
`;
    expect(await settingsFrom(yaml)).toMatchObject({
      url: "https://quay.example.com",
      allow: ["read", "tag=destructive"],
      namespaces: ["acme", "dev-*"],
      protect: ["acme/prod-*"],
      port: 9000,
      dryRun: true,
    });
  });

  it("is named by a flag or by QUAY_MCP_CONFIG, and need not be", async () => {
    expect(await readConfigFile({ flags: {}, environment: {} }, HttpSettings, allHttpSettings)).toBe(
      undefined,
    );
    const reading = readConfigFile(
      { flags: {}, environment: { QUAY_MCP_CONFIG: "/nowhere/quay-mcp.yaml" } },
      HttpSettings,
      allHttpSettings,
    );
    await expect(reading).rejects.toThrow("/nowhere/quay-mcp.yaml cannot be read (ENOENT).");
  });

  it("gives way to the environment, and that to flags", async () => {
    const yaml = "port: 1\nmax-requests: 1\nbrake: 1";
    const environment = { QUAY_MCP_MAX_REQUESTS: "2", QUAY_MCP_BRAKE: "2" };
    const settings = await settingsFrom(yaml, { environment, flags: { brake: "3" } });
    expect(settings).toMatchObject({ port: 1, maxRequests: 2, brake: 3 });
  });

  it("takes every text as it is written", async () => {
    expect(await settingsFrom("namespaces: [0123, no, 1.10, null]")).toMatchObject({
      namespaces: ["0123", "no", "1.10", "null"],
    });
  });

  it("may be empty", async () => {
    expect(await settingsFrom("# nothing yet\n")).toMatchObject({ port: 8787 });
  });

  it("is refused with everything that is wrong with it, and with the environment, at once", async () => {
    const yaml = `
prot: 1
alow: read
port: many
url: [https://quay.example.com, https://other.example.com]
namespaces:
timeout: { seconds: 3 }
toolsets: ["tag,robot"]
`;
    const error = await settingsFrom(yaml, { environment: { QUAY_MCP_DRAIN: "long" } }).catch(String);
    expect(error).toBe(
      'UsageError: prot in quay-mcp.yaml is not a setting of quay-mcp. Did you mean "port"?; ' +
        'alow in quay-mcp.yaml is not a setting of quay-mcp. Did you mean "allow"?; ' +
        "url in quay-mcp.yaml must be one value, not a list; " +
        "namespaces in quay-mcp.yaml is empty: set it, or leave it away; " +
        "timeout in quay-mcp.yaml must be one value; " +
        "toolsets in quay-mcp.yaml has an element with a comma: write one element for each; " +
        "port in quay-mcp.yaml must be a whole number; " +
        "QUAY_MCP_DRAIN must be a whole number.",
    );
  });

  it.each([
    [
      "token",
      "token is a secret, which may not stand here: name a file that holds it with token-file, or set QUAY_TOKEN",
    ],
    [
      "seal-key",
      "seal-key is a secret, which may not stand here: name a file that holds it with seal-key-file, or set QUAY_MCP_SEAL_KEY",
    ],
  ])("may not hold the %s itself", async (key, sentence) => {
    const error = await settingsFrom(`${key}: s3cr3t-of-someone`).catch(String);
    expect(error).toContain(sentence.replace(" is", " in quay-mcp.yaml is"));
    expect(error).not.toContain("s3cr3t");
  });

  it("may not hold a password in a URL", async () => {
    const error = await settingsFrom("redis-url: redis://user:s3cr3t@redis:6379").catch(String);
    expect(error).toContain("holds a password, which may not stand here: set QUAY_MCP_REDIS_URL");
    expect(error).not.toContain("s3cr3t");
  });

  it("cannot name another", async () => {
    await expect(settingsFrom("config: other.yaml")).rejects.toThrow("cannot name another file");
  });

  it.each([
    ["broken YAML", "token: 's3cr3t\nport: [", /line \d+, column \d+ \([A-Z_]+\)/],
    ["a name twice", "port: 1\nport: 2", "line 2, column 1 (DUPLICATE_KEY)"],
    ["a tag", "port: !!int 8787", "line 1, column 7 (TAG_RESOLVE_FAILED)"],
    ["a tag of its own", "port: !s3cr3t 8787", "(TAG_RESOLVE_FAILED)"],
    ["two documents", "port: 1\n---\nport: 2", "(MULTIPLE_DOCS)"],
    ["a list", "- port", "must hold settings by their names"],
    ["a text", "port", "must hold settings by their names"],
    ["an alias", "allow: &some [read]\ntoolsets: *some", "must not use aliases"],
    ["an alias of nothing", "allow: *s3cr3t", "must not use aliases"],
  ])("is refused with %s, which is not repeated", async (_, yaml, sentence) => {
    const error = await settingsFrom(yaml).catch(String);
    expect(error).toMatch(sentence);
    expect(error).not.toContain("s3cr3t");
  });

  it("that unfolds to more than it says is refused at once", async () => {
    const bomb = Array.from({ length: 40 }, (_, index) =>
      index === 0 ? "a0: &a0 [x, x, x, x]" : `a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`,
    );
    const begun = performance.now();
    await expect(settingsFrom(bomb.join("\n"))).rejects.toThrow("must not use aliases");
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it("is refused above 256 KiB", async () => {
    await expect(settingsFrom(Buffer.alloc(256 * 1024 + 1, "#"))).rejects.toThrow("more than 262144 bytes");
  });
});
