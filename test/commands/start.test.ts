import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settings } from "../../src/config.ts";
import { version } from "../../src/version.ts";
import { run } from "../support/program.ts";

const canary = "CANARYoauthtoken0123456789ABCDEFGHIJKLMN";
const registry = { QUAY_URL: "https://quay.example.com", QUAY_TOKEN: canary };

let directory: string;
const file = (name: string) => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "quay-mcp-"));
  writeFileSync(file("token"), `${canary}\n`);
  writeFileSync(file("two-lines"), `${canary}\n${canary}\n`);
  writeFileSync(file("empty"), "\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Wrong {
  readonly title: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly flags?: () => readonly string[];
  readonly words: RegExp;
}

const wrong: readonly Wrong[] = [
  { title: "no registry", settings: { QUAY_TOKEN: canary }, words: /set QUAY_URL or --url/ },
  {
    title: "an empty restriction",
    settings: { ...registry, QUAY_MCP_NAMESPACES: "", QUAY_MCP_DRY_RUN: "" },
    words: /QUAY_MCP_NAMESPACES is empty: set it, or leave it away; QUAY_MCP_DRY_RUN is empty/,
  },
  { title: "an empty QUAY_URL", settings: { ...registry, QUAY_URL: "" }, words: /set QUAY_URL or --url/ },
  { title: "no token", settings: { QUAY_URL: registry.QUAY_URL }, words: /set QUAY_TOKEN or --token-file/ },
  {
    title: "a token with spaces",
    settings: { ...registry, QUAY_TOKEN: `${canary} ${canary}` },
    words: /QUAY_TOKEN must be one line without spaces/,
  },
  {
    title: "a token file that is not there",
    settings: { QUAY_URL: registry.QUAY_URL },
    flags: () => ["--token-file", file("nosuch")],
    words: /token file .*nosuch cannot be read \(ENOENT\)/,
  },
  {
    title: "a token file of two lines",
    settings: { QUAY_URL: registry.QUAY_URL },
    flags: () => ["--token-file", file("two-lines")],
    words: /must hold the token alone, on one line/,
  },
  {
    title: "an empty token file",
    settings: { QUAY_URL: registry.QUAY_URL },
    flags: () => ["--token-file", file("empty")],
    words: /must hold the token alone/,
  },
  {
    title: "two tokens",
    settings: registry,
    flags: () => ["--token-file", file("token")],
    words: /given twice: set QUAY_TOKEN or --token-file, not both/,
  },
  {
    title: "a URL with a password",
    settings: { ...registry, QUAY_URL: `https://x:${canary}@quay.example.com` },
    words: /QUAY_URL must not hold a user name or password/,
  },
  {
    title: "what is no URL",
    settings: registry,
    flags: () => ["--url", "quay.example.com"],
    words: /--url must be a URL such as/,
  },
  {
    title: "a URL of another kind",
    settings: { ...registry, QUAY_URL: "ftp://quay.example.com" },
    words: /QUAY_URL must begin with https:\/\//,
  },
  {
    title: "the URL of the API",
    settings: { ...registry, QUAY_URL: "https://quay.example.com/api/v1/" },
    words: /QUAY_URL must be the registry's own address, without \/api\/v1/,
  },
  {
    title: "an unknown variable",
    settings: { ...registry, QUAY_MCP_ALOW: canary },
    words: /QUAY_MCP_ALOW is not a setting.*Did you mean "QUAY_MCP_ALLOW"\?/,
  },
  {
    title: "an unknown level of access",
    settings: registry,
    flags: () => ["--allow", "wriet"],
    words: /--allow .*"wriet".*Did you mean "write"\?/,
  },
  {
    title: "an unknown toolset",
    settings: { ...registry, QUAY_MCP_TOOLSETS: "tags" },
    words: /no toolset is named "tags"\. Did you mean "tag"\?/,
  },
  {
    title: "an unknown tool",
    settings: registry,
    flags: () => ["--exclude-tools", "list_tag"],
    words: /no tool is named "list_tag"\. Did you mean "list_tags"\?/,
  },
  {
    title: "an unknown scope",
    settings: registry,
    flags: () => ["--scopes", "repo:reed"],
    words: /--scopes must be some of repo:read/,
  },
  {
    title: "a time that is none",
    settings: { ...registry, QUAY_MCP_TIMEOUT: "soon" },
    words: /QUAY_MCP_TIMEOUT must be a whole number/,
  },
  {
    title: "a time that is too long",
    settings: registry,
    flags: () => ["--timeout", "7200"],
    words: /--timeout must be at most 3600/,
  },
  {
    title: "an unknown surface",
    settings: registry,
    flags: () => ["--surface", "none"],
    words: /--surface must be/,
  },
  {
    title: "a CA file that is not there",
    settings: registry,
    flags: () => ["--ca-file", file("nosuch")],
    words: /CA file .*nosuch cannot be used \(ENOENT\)/,
  },
  {
    title: "a CA file without a certificate",
    settings: registry,
    flags: () => ["--ca-file", file("token")],
    words: /CA file .* cannot be used \(it holds no certificate\)/,
  },
  {
    title: "a demo of a registry that is named",
    settings: registry,
    flags: () => ["--demo"],
    words: /leave --url and QUAY_URL away/,
  },
  {
    title: "an unknown tool of a demo",
    flags: () => ["--demo", "--tools", "list_tag"],
    words: /no tool is named "list_tag"/,
  },
  {
    title: "an unknown level of access of one call to a demo",
    flags: () => ["call", "--demo", "--allow", "wriet", "get_my_user"],
    words: /"wriet".*Did you mean "write"\?/,
  },
  {
    title: "an unknown flag",
    settings: registry,
    flags: () => ["--alow", "write"],
    words: /^quay-mcp: unknown option '--alow'.*--allow/s,
  },
  {
    title: "a flag of the HTTP server's",
    settings: registry,
    flags: () => ["--config", file("token")],
    words: /^quay-mcp: --config is a setting of "quay-mcp http"\.\n$/,
  },
  {
    title: "a length of answers for a call, which prints them whole",
    settings: registry,
    flags: () => ["call", "--answer-tokens", "500", "get_my_user"],
    words: /--answer-tokens is for assistants/,
  },
  {
    title: "the token as a flag",
    settings: registry,
    flags: () => ["--token", canary],
    words: /unknown option '--token'/,
  },
  {
    title: "an unknown command",
    settings: registry,
    flags: () => ["tool"],
    words: /There is no command "tool"\. Did you mean "tools"\?/,
  },
];

describe("a start with what cannot work ends with status 2, a sentence and no token", () => {
  it.each(wrong)("$title", async ({ settings: given = {}, flags = () => [], words }) => {
    const { status, stdout, stderr } = await run({ settings: given, flags: flags() });
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toContain(canary);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("tells several at once", async () => {
    const { stderr } = await run({ settings: { QUAY_URL: "x", QUAY_MCP_TIMEOUT: "0", QUAY_MCP_X: "1" } });
    expect(stderr).toMatch(
      /QUAY_MCP_X is not a setting.*QUAY_URL must be.*QUAY_MCP_TIMEOUT must be at least 1/,
    );
  });
});

describe("settings", () => {
  it.each([
    {
      title: "by variable",
      given: { ...registry, QUAY_MCP_TIMEOUT: "5", QUAY_MCP_SURFACE: "" },
      flags: () => [],
    },
    {
      title: "by flag",
      given: { QUAY_TOKEN: canary },
      flags: () => ["--url", registry.QUAY_URL, "--timeout", "5"],
    },
    {
      title: "with the token in a file",
      given: {},
      flags: () => ["--url", registry.QUAY_URL, "--token-file", file("token")],
    },
    {
      title: "by a flag where the variable is wrong",
      given: { ...registry, QUAY_MCP_TIMEOUT: "soon" },
      flags: () => ["--timeout", "5"],
    },
  ])("are taken $title, and empty variables are none", async ({ given, flags }) => {
    expect(await run({ settings: given, flags: flags() })).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

describe("quay-mcp --help", () => {
  it("names every command, and every setting with its variable, but the token's flag", async () => {
    const { status, stdout } = await run({ flags: ["--help"] });
    expect(status).toBe(0);
    for (const command of ["tools", "call", "demo", "registry"])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    for (const { flag, environment, secret } of settings) {
      if (secret) {
        expect(stdout).not.toContain(`${flag} `);
        expect(stdout.split("Only as environment variables:")[1]).toContain(environment);
      } else expect(stdout).toMatch(new RegExp(`^  ${flag}\\b[\\s\\S]*\\[${environment}\\]`, "m"));
    }
  });

  it("of the HTTP server says the same of its own, and does not say of each whose it is", async () => {
    const { stdout } = await run({ flags: ["http", "--help"] });
    expect(stdout).toMatch(/^ {2}--seal-key-file <FILE> +a file that holds the seal key/m);
    expect(stdout).toMatch(/^- QUAY_MCP_SEAL_KEY: the key with which confirmations are sealed/m);
    expect(stdout).not.toMatch(/ http: /);
  });

  it("of a call has no setting that a call does not heed", async () => {
    const { stdout } = await run({ flags: ["call", "--help"] });
    expect(stdout).toContain("--timeout");
    expect(stdout).not.toContain("--answer-tokens");
  });
});

describe("quay-mcp help", () => {
  it("tells what --help tells", async () => {
    expect(await run({ flags: ["help"] })).toEqual(await run({ flags: ["--help"] }));
    expect(await run({ flags: ["help", "http"] })).toEqual(await run({ flags: ["http", "--help"] }));
  });
});

describe("quay-mcp --version", () => {
  it("is that of the package", async () => {
    expect(await run({ flags: ["--version"] })).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});
