import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readGiven } from "../../src/commands/http-settings.ts";
import { UsageError } from "../../src/errors.ts";
import { catalogue } from "../../tools/index.ts";

const url = "https://quay.example.com";

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "quay-mcp-given-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** What keeps a server from starting. */
async function troubleWith(flags: Readonly<Record<string, string>>): Promise<string> {
  const error = await readGiven(flags, catalogue).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe("what the operator of an HTTP server gives", () => {
  it("is read with the files that it names", async () => {
    const directory = await newDirectory();
    const file = (name: string) => join(directory, name);
    await writeFile(file("token"), "s3cr3t\n");
    await writeFile(file("seal-key"), "k".repeat(32));
    await writeFile(file("keys.yaml"), "- { name: ci, key: 0123456789abcdef0123456789abcdef }\n");
    const yaml = `
url: ${url}
auth: key
keys-file: ${file("keys.yaml")}
token-file: ${file("token")}
seal-key-file: ${file("seal-key")}
`;
    await writeFile(file("quay-mcp.yaml"), yaml);
    const given = await readGiven({ config: file("quay-mcp.yaml") }, catalogue);
    expect(given).toMatchObject({ settings: { url, auth: "key" }, tls: undefined, redisUrl: undefined });
    expect(given.sealKey).toHaveLength(32);
    const authorization = "Bearer 0123456789abcdef0123456789abcdef";
    expect(await given.callers.authenticate({ authorization })).toMatchObject({
      name: "key ci",
      token: "s3cr3t",
    });
  });

  it("is checked as a whole: everything that is wrong is said at once, and nothing was started", async () => {
    const directory = await newDirectory();
    const yaml = `
prot: 1
port: many
host: 0.0.0.0
allow: [reed]
namespaces: [acme/app]
toolsets: [tags]
confirm: maybe
auth: key
keys-file: ${directory}/no-keys.yaml
token-file: ${directory}/no-token
tls-cert: ${directory}/no-cert.pem
tls-key: ${directory}/no-key.pem
ca-file: ${directory}/no-authority.pem
redis-url-file: ${directory}/no-redis-url
seal-key-file: ${directory}/no-seal-key
audit-log: ${directory}/audit.log
`;
    const config = join(directory, "quay-mcp.yaml");
    await writeFile(config, yaml);
    const trouble = await troubleWith({ config });
    for (const part of [
      "prot in quay-mcp.yaml is not a setting",
      "port in quay-mcp.yaml must be a whole number",
      "say with --allowed-hosts",
      "The registry is not named",
      '"reed" is no level of access',
      "--namespaces acme/app",
      'no toolset is named "tags"',
      '"maybe" is no policy of confirmation',
      "no-keys.yaml cannot be read",
      "no-token cannot be read",
      "no-cert.pem of --tls-cert cannot be read",
      "no-authority.pem cannot be used",
      "no-redis-url cannot be read",
      "no-seal-key cannot be read",
    ])
      expect(trouble).toContain(part);
    expect(existsSync(join(directory, "audit.log"))).toBe(false);
  });

  it.each([
    [{ allow: "reed" }, "--allow reed"],
    [{ toolsets: "tags" }, "--toolsets"],
    [{ tools: "delete_tags,drop_tag" }, "--tools"],
    [{ excludeTools: "drop_tag" }, "--exclude-tools"],
    [{ namespaces: "acme/app" }, "--namespaces acme/app"],
    [{ protect: "acme" }, "--protect acme"],
    [{ hosts: "https://a b" }, "--hosts https://a b"],
    [{ confirm: "maybe" }, "--confirm maybe"],
  ])("is refused before the first caller comes where the guard cannot use it: %j", async (flags, said) => {
    expect(await troubleWith({ url, ...flags })).toContain(said);
  });

  it("is not blamed for what follows from something malformed", async () => {
    const trouble = await troubleWith({ url: "quay", auth: "kye", keysFile: "no-keys.yaml" });
    expect(trouble).toBe(
      '--url must be a URL such as "https://quay.example.com"; --auth must be some of passthrough, key, oidc.',
    );
  });
});
