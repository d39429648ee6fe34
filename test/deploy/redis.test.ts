import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { readHttpSettings, sealKeyOf } from "../../src/http/settings.ts";
import { compose, read, redisPod } from "./files.ts";

const script = fileURLToPath(new URL("../../deploy/make-secrets.sh", import.meta.url));

/** Makes secrets as an operator does. */
function makeSecrets() {
  const place = mkdtempSync(join(tmpdir(), "secrets-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const folder = join(place, "secrets");
  const make = () => execFileSync("sh", [script, folder], { stdio: "pipe" });
  make();
  return { folder, make, read: (file: string) => readFileSync(join(folder, file), "utf8") };
}

describe("deploy/make-secrets.sh", () => {
  it("makes a seal key that the program takes, and a Redis user with the rights that docs/replicas.md names", () => {
    const made = makeSecrets();
    const sealKeyFile = join(made.folder, "seal-key");
    expect(sealKeyOf(readHttpSettings({ sealKeyFile }, {}))).toHaveLength(64);
    const [, redisUrl, password] =
      /^QUAY_MCP_REDIS_URL=(redis:\/\/quay-mcp:([0-9a-f]{64})@redis:6379)\n$/.exec(made.read("redis.env"))!;
    expect(readHttpSettings({ redisUrl: redisUrl!, sealKeyFile }, {})).toMatchObject({ redisUrl });
    const [, rights] = /^user quay-mcp on >… (.*)$/m.exec(read("docs/replicas.md"))!;
    expect(made.read("redis-users.acl")).toBe(`user default off\nuser quay-mcp on >${password} ${rights}\n`);
  });

  it("lets nobody else into their folder, makes others each time, and replaces none that are in use", () => {
    const made = makeSecrets();
    expect(statSync(made.folder).mode & 0o777).toBe(0o700);
    expect(makeSecrets().read("seal-key")).not.toBe(made.read("seal-key"));
    const key = made.read("seal-key");
    expect(made.make).toThrow("is there already");
    expect(made.read("seal-key")).toBe(key);
  });
});

describe("Redis", () => {
  it("is started alike by both, keeps nothing, and drives out what ends first", () => {
    const inCompose = compose.services.redis;
    const [inKubernetes] = redisPod.containers;
    expect(inKubernetes.image).toBe(inCompose.image);
    expect(inKubernetes.args.slice(0, -1)).toEqual(inCompose.command.slice(0, -1));
    expect(inCompose.command.join(" ")).toContain("--save  --appendonly no");
    expect(inCompose.command.join(" ")).toContain("--maxmemory-policy volatile-ttl --aclfile");
  });
});
