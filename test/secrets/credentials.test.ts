import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RefusedError, UsageError } from "../../src/errors.ts";
import {
  credentialRefusal,
  keepCredentials,
  leaveCredentials,
  prepareCredentials,
  resolveSecrets,
} from "../../src/guard/credentials.ts";
import { createScrubber } from "../../src/quay/scrub.ts";
import { openSecrets, type Secrets } from "../../src/secrets/directory.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "quay-mcp-secrets-")));
afterAll(() => rmSync(folder, { recursive: true }));

let directories = 0;
function newDirectory(mode = 0o700): string {
  const directory = join(folder, String(++directories));
  mkdirSync(directory);
  chmodSync(directory, mode);
  return directory;
}

const open = (secretsDir?: string, environment: Secrets["environment"] = {}) =>
  openSecrets({ secretsDir, revealSecrets: false }, environment);

const yielding = { name: "create_app_token", yieldsCredential: true } as const;
const robot = { name: "create_organization_robot", bringsCredential: true } as const;
const mirror = {
  name: "create_repository_mirror",
  secretArguments: ["external_registry_password", "config.proxy.password"],
};

describe("the secrets directory", () => {
  it("must be there and be this user's alone to write, which is said at the start", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(open(join(folder, "nosuch"))).rejects.toThrow(
      /^The secrets directory \S+ cannot be used \(ENOENT\)\.$/,
    );
    await expect(open(join(folder, "file"))).rejects.toThrow(/it is no directory/);
    for (const mode of [0o770, 0o707, 0o777]) {
      await expect(open(newDirectory(mode))).rejects.toThrow(UsageError);
      await expect(open(newDirectory(mode))).rejects.toThrow(`(mode ${mode.toString(8)}): take that away`);
    }
    expect(await open(newDirectory(0o755))).toMatchObject({ reveal: false });
  });
});

describe("a call that yields a credential", () => {
  it("is refused, naming both settings that let it through", () => {
    const none = { directory: undefined, reveal: false };
    expect(credentialRefusal(yielding, none)).toMatch(/--secrets-dir.*--reveal-secrets/);
    expect(credentialRefusal(yielding, { ...none, reveal: true })).toBeUndefined();
    expect(credentialRefusal(yielding, { ...none, directory: "/d" })).toBeUndefined();
    expect(credentialRefusal(robot, none)).toBeUndefined();
  });

  it.each([yielding, robot])("has its credential kept in a new file of its user's: $name", async (tool) => {
    const secrets = await open(newDirectory());
    const place = (await prepareCredentials(tool, "acme+ci", secrets))!;
    const said = await keepCredentials(tool, { token: { title: "laptop", token_code: "hunter2" } }, place);
    const [name, ...more] = readdirSync(secrets.directory!);
    expect(more).toEqual([]);
    expect(name).toMatch(/^acme-ci-[\da-f]{16}$/);
    const file = join(secrets.directory!, name!);
    expect(said).toContain(file);
    expect(said).toContain("token_code");
    expect(said).not.toContain("hunter2");
    expect(readFileSync(file, "utf8")).toBe("hunter2\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("has several credentials kept by their fields", async () => {
    const secrets = await open(newDirectory());
    const place = (await prepareCredentials(yielding, "users/new", secrets))!;
    await keepCredentials(yielding, { username: "new", password: "p", encrypted_password: "e" }, place);
    expect(JSON.parse(readFileSync(place.file, "utf8"))).toEqual({ password: "p", encrypted_password: "e" });
  });

  it("cannot reach out of the directory by its target's name, nor write over a file", async () => {
    const secrets = await open(newDirectory());
    const targets = ["../../etc/passwd", ".", "", "a\0b", "x".repeat(5000), "same", "same"];
    for (const target of targets) {
      const place = (await prepareCredentials(yielding, target, secrets))!;
      await keepCredentials(yielding, { token: "t" }, place);
    }
    expect(readdirSync(secrets.directory!)).toHaveLength(targets.length);
  });

  it("is not sent where no file can be made", async () => {
    const secrets = await open(newDirectory());
    rmSync(secrets.directory!, { recursive: true });
    const refused = prepareCredentials(yielding, "t", secrets);
    await expect(refused).rejects.toThrow(RefusedError);
    await expect(refused).rejects.toThrow(/\(ENOENT\)\. Nothing was sent\.$/);
  });

  it("that fails, or has no credential in its answer, leaves no file behind", async () => {
    const secrets = await open(newDirectory());
    await leaveCredentials(await prepareCredentials(yielding, "t", secrets));
    const said = await keepCredentials(yielding, {}, (await prepareCredentials(yielding, "t", secrets))!);
    expect(said).toMatch(/no credential/);
    expect(readdirSync(secrets.directory!)).toEqual([]);
  });

  it("says so, and does not fail, where its credential could not be written after all", async () => {
    const secrets = await open(newDirectory());
    const place = (await prepareCredentials(yielding, "t", secrets))!;
    await place.handle.close();
    const said = await keepCredentials(yielding, { token_code: "hunter2" }, place);
    expect(said).toMatch(/could NOT be written .* must be revoked or made anew\.$/);
    expect(said).not.toContain("hunter2");
  });

  it("of another kind, or without a directory, has no file", async () => {
    expect(await prepareCredentials({ name: "list_tags" }, "t", await open(newDirectory()))).toBeUndefined();
    expect(await prepareCredentials(yielding, "t", await open())).toBeUndefined();
  });
});

describe("secret:NAME", () => {
  it("stands for the line in the file of this name, or for the environment's", async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, "upstream.password"), "hunter 2\r\n");
    const secrets = await open(directory, { QUAY_MCP_SECRET_FROM_ENV: "hunter3", QUAY_MCP_SECRET_EMPTY: "" });
    const values = {
      external_registry_password: "secret:upstream.password",
      description: "secret:upstream.password",
      config: { proxy: { password: "secret:from-env", host: "h" } },
    };
    const resolved = await resolveSecrets(mirror, values, secrets);
    expect(resolved.values).toEqual({
      external_registry_password: "hunter 2",
      description: "secret:upstream.password",
      config: { proxy: { password: "hunter3", host: "h" } },
    });
    expect(resolved.sent).toEqual(["hunter 2", "hunter3"]);
    expect(values.external_registry_password).toBe("secret:upstream.password");
  });

  it("leaves every other value as it is", async () => {
    const values = { external_registry_password: "Secret:x", config: { proxy: null } };
    expect(await resolveSecrets(mirror, values, await open())).toEqual({ values, sent: [] });
    expect(await resolveSecrets({ name: "list_tags" }, { a: "secret:x" }, await open())).toMatchObject({
      sent: [],
    });
  });

  it("may be a link within the directory, as orchestrators mount them, but none that leads out", async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, "..data"));
    writeFileSync(join(directory, "..data", "inside"), "hunter2");
    writeFileSync(join(folder, "outside"), "hunter3");
    symlinkSync(join("..data", "inside"), join(directory, "inside"));
    symlinkSync(join(folder, "outside"), join(directory, "outside"));
    const secrets = await open(directory);
    const resolve = (name: string) =>
      resolveSecrets(mirror, { external_registry_password: `secret:${name}` }, secrets);
    expect((await resolve("inside")).sent).toEqual(["hunter2"]);
    await expect(resolve("outside")).rejects.toThrow(/leads out of the directory/);
  });

  it("that is none is refused in words that hold nothing secret", async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, "two-lines"), "hunter2\nhunter3\n");
    writeFileSync(join(directory, "empty"), "\n");
    writeFileSync(join(directory, ".hidden"), "hunter4");
    mkdirSync(join(directory, "folder"));
    const secrets = await open(directory, { QUAY_MCP_SECRET_OTHER: "hunter5", PATH: "hunter6" });
    const names = [
      "nosuch",
      "two-lines",
      "empty",
      "folder",
      "",
      ".",
      "..",
      ".hidden",
      "../outside",
      "/etc/passwd",
      "a/b",
      "a\0b",
      "ä",
      "x".repeat(101),
      "two-lines\n",
      "__proto__",
    ];
    for (const name of names) {
      const refused = resolveSecrets(mirror, { external_registry_password: `secret:${name}` }, secrets);
      await expect(refused, name).rejects.toThrow(RefusedError);
      await expect(refused, name).rejects.toThrow(
        /^create_repository_mirror was not called\. "external_registry_password": .*\.$/,
      );
      await expect(refused, name).rejects.not.toThrow(/hunter|OTHER|hidden/);
    }
  });
});

describe("a credential that was sent", () => {
  it.each(["hunter2 with spaces", 'quo"ted\\slash', "it's secret", "pässwörter", "p+l/u=s%20", "snow☃man"])(
    "is found in whatever form it comes back: %s",
    (secret) => {
      const scrub = createScrubber([secret]);
      const forms = [
        secret,
        encodeURIComponent(secret),
        JSON.stringify({ secret }),
        JSON.stringify({ secret }).replace(
          /[^\x20-\x7e]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ),
        `'${secret.replace(/[\\']/g, "\\$&")}' is too short`,
        Buffer.from(`user:${secret}`).toString("base64"),
      ];
      for (const form of forms) {
        expect(scrub.suspects(form), form).toBe(true);
        expect(scrub(form), form).toContain("[credential]");
      }
      expect(scrub("user wrote nothing of it")).toBe("user wrote nothing of it");
    },
  );
});
