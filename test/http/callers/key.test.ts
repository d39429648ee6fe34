import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Callers, openCallers } from "../../../src/http/callers/open.ts";
import { readHttpSettings } from "../../../src/http/settings.ts";
import { catalogue } from "../../../tools/index.ts";

const keys = {
  ci: "3f9a1c7e5b2d8f604a1b9c8d7e6f5a4b",
  ann: "c0ffee11-5ca1ab1e-deadbeef-0badf00d-ann",
  bob: "Zm9yIGJvYidzIGV5ZXMgYWxvbmUsIGhl",
};

let directory: string;
const fileOf = (name: string, text: string) => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "quay-mcp-keys-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function open(text: string): Promise<Callers> {
  const flags = { url: "https://quay.example.com", auth: "key", keysFile: fileOf("keys.yaml", text) };
  return openCallers(readHttpSettings(flags, {}), { token: "the server's own", tools: catalogue });
}

describe("with --auth key", () => {
  let callers: Callers;
  const show = (key: string, scheme = "Bearer") =>
    callers.authenticate({ authorization: `${scheme} ${key}` });

  beforeAll(async () => {
    fileOf("ann.key", `${keys.ann}\n`);
    callers = await open(`
- name: ci
  key: ${keys.ci}
  allow: [read, tag=destructive]
  toolsets: tag,repository
  namespaces: [acme]
- { name: ann, key_file: ann.key }
- { name: bob@example.com, sha256: ${createHash("sha256").update(keys.bob).digest("hex")} }
`);
  });

  it("a caller is known by their key, and calls Quay with the server's token", async () => {
    expect(await show(keys.ci)).toMatchObject({
      name: "key ci",
      token: "the server's own",
      restrictions: [
        {
          anyOf: [
            {
              by: "the key ci",
              allow: ["read", "tag=destructive"],
              toolsets: ["tag", "repository"],
              namespaces: ["acme"],
            },
          ],
        },
      ],
    });
  });

  it("a key may stand in a file of its own, or as its SHA-256", async () => {
    const [ann, bob] = [await show(keys.ann), await show(keys.bob, "bearer")];
    expect([ann.name, bob.name]).toEqual(["key ann", "key bob@example.com"]);
    expect([ann.restrictions, bob.restrictions]).toEqual([[], []]);
  });

  it("callers are told apart, and their ids tell nothing of their keys", async () => {
    const all = await Promise.all(Object.values(keys).map((key) => show(key)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    const hashes = Object.values(keys).map((key) => createHash("sha256").update(key).digest("hex"));
    expect(all.filter(({ id }) => hashes.includes(id))).toEqual([]);
  });

  it.each([
    ["no key", {}, 'Bearer realm="quay-mcp"'],
    ["another way to show it", { authorization: `Basic ${keys.ci}` }, 'Bearer realm="quay-mcp"'],
    [
      "an unknown key",
      { authorization: `Bearer ${keys.ci}x` },
      'Bearer realm="quay-mcp", error="invalid_token"',
    ],
    [
      "the hash of a key",
      { authorization: `Bearer ${createHash("sha256").update(keys.bob).digest("hex")}` },
      'Bearer realm="quay-mcp", error="invalid_token"',
    ],
  ])("%s is answered with 401", async (_, headers, challenge) => {
    const refused = await callers.authenticate(headers).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "UnauthorizedError", status: 401, challenge });
    expect((refused as Error).message).not.toContain(keys.ci);
  });
});

describe("the server does not start", () => {
  it("without a file of keys", () => {
    const settings = { url: "https://quay.example.com", auth: "key" };
    expect(() => readHttpSettings(settings, {})).toThrow("--keys-file");
    expect(() => readHttpSettings({ ...settings, auth: "passthrough", keysFile: "x" }, {})).toThrow(
      "--keys-file is for --auth key",
    );
  });

  it.each([
    ["", "it must hold at least one key"],
    ["[]", "it must hold at least one key"],
    ["ci: x", "it must be a list of keys"],
    ["- name: ci", "key 1 (ci) must hold one of key, key_file and sha256"],
    [`- { name: ci, key: ${keys.ci}, key_file: x }`, "must hold one of"],
    [`- { name: "c i", key: ${keys.ci} }`, "key 1 name must be at most 64 letters"],
    ["- { name: ci, key: short }", "ci has a key that can be guessed"],
    [`- { name: ci, key: ${"ab".repeat(40)} }`, "ci has a key that can be guessed"],
    [`- { name: ci, key: "${keys.ci} x" }`, "ci has a key that is not one line"],
    ["- { name: ci, key_file: missing.key }", "ci has a key_file that cannot be read (ENOENT)"],
    ["- { name: ci, sha256: abc }", "key 1 (ci) sha256 must be the SHA-256 of the key"],
    [`- { name: ci, key: ${keys.ci}, allowed: read }`, 'Unrecognized key: "allowed"'],
    [`- { name: ci, key: ${keys.ci}, allow: "" }`, "key 1 (ci) allow must name at least one"],
    [
      `- { name: ci, key: ${keys.ci}, allow: most }`,
      'allow of the key ci most: "most" is no level of access',
    ],
    [`- { name: ci, key: ${keys.ci}, toolsets: tags }`, 'toolsets of the key ci: no toolset is named "tags"'],
    [`- { name: ci, key: ${keys.ci}, namespaces: a/b }`, "namespaces of the key ci a/b"],
    [`- { name: ci, key: ${keys.ci} }\n- { name: ci, key: ${keys.ann} }`, "The name ci stands there twice"],
    [`- { name: ci, key: ${keys.ci} }\n- { name: ann, key: ${keys.ci} }`, "the same key: ci, ann"],
  ])("with %j", async (text, said) => {
    const error = await open(text).catch((thrown: Error) => thrown);
    expect((error as Error).name).toBe("UsageError");
    expect((error as Error).message).toContain(said);
    for (const key of Object.values(keys)) expect((error as Error).message).not.toContain(key);
  });

  it("and names everything that is wrong at once", async () => {
    await expect(open("- { name: a, key: short }\n- { name: b, key: weak, toolsets: x }")).rejects.toThrow(
      /a has a key that can be guessed.*toolsets of the key b.*b has a key that can be guessed/,
    );
  });
});
