import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createSealer, nonceStore, type Sealed } from "../../src/guard/seal.ts";

const key = randomBytes(32);
const minute = 60_000;
const sealed: Sealed = {
  purpose: "code",
  registry: "https://quay.example.com",
  caller: "somebody",
  policy: "{}",
  tool: "delete_tag",
  given: { repository: "acme/app", tag: "v1", filter: { from: 1, to: 2 } },
  identity: "sha256:1",
};

let time: number;
const now = () => time;
const sealer = (other: Partial<Parameters<typeof createSealer>[0]> = {}) =>
  createSealer({ key, nonces: nonceStore(now), now, ...other });

beforeEach(() => {
  time = Date.parse("2026-11-21T09:00:00Z");
});

describe("a seal", () => {
  it("holds for what it was made for, whatever the order of the arguments", async () => {
    const { seal, open } = sealer();
    const given = { filter: { to: 2, from: 1 }, tag: "v1", repository: "acme/app" };
    expect(await open(await seal(sealed), { ...sealed, given })).toBeUndefined();
  });

  it("holds once", async () => {
    const { seal, open } = sealer();
    const made = await seal(sealed);
    await open(made, sealed);
    expect(await open(made, sealed)).toBe("used");
  });

  it("holds once, also for two that bring it at the same time", async () => {
    const { seal, open } = sealer();
    const made = await seal(sealed);
    expect(await Promise.all([open(made, sealed), open(made, sealed)])).toEqual([undefined, "used"]);
  });

  it.each<[string, Partial<Sealed>]>([
    ["purpose", { purpose: "question" }],
    ["registry", { registry: "https://other.example.com" }],
    ["caller", { caller: "somebody else" }],
    ["policy", { policy: '{"access":"destructive"}' }],
    ["tool", { tool: "restore_tag" }],
    ["argument", { given: { ...sealed.given, tag: "v2" } }],
    ["argument that was left out", { given: { repository: "acme/app", tag: "v1" } }],
    ["type of an argument", { given: { ...sealed.given, filter: { from: "1", to: 2 } } }],
  ])("is strange to a call with another %s", async (_what, other) => {
    const { seal, open } = sealer();
    const made = await seal(sealed);
    expect(await open(made, { ...sealed, ...other })).toBe("strange");
    expect(await open(made, sealed)).toBeUndefined();
  });

  it("tells that the target changed, and is used up by that", async () => {
    const { seal, open } = sealer();
    const made = await seal(sealed);
    expect(await open(made, { ...sealed, identity: "sha256:2" })).toBe("changed");
    expect(await open(made, sealed)).toBe("used");
  });

  it("holds for ten minutes", async () => {
    const { seal, open } = sealer();
    const [early, late] = [await seal(sealed), await seal(sealed)];
    time += 10 * minute - 1;
    expect(await open(early, sealed)).toBeUndefined();
    time += 1001;
    expect(await open(late, sealed)).toBe("expired");
    await seal(sealed);
    expect(await open(late, sealed)).toBe("expired");
  });

  it("is strange when any of its bits is another", async () => {
    const { seal, open } = sealer();
    for (let index = 0; index < 48; index++) {
      const forged = Buffer.from(await seal(sealed), "base64url");
      forged[index]! ^= 1;
      // The last 16 bytes are the hash over the target.
      const trouble = index < 32 ? "strange" : "changed";
      expect(await open(forged.toString("base64url"), sealed)).toBe(trouble);
    }
  });

  it.each(["", "yes", "A".repeat(64), "ü".repeat(64)])("is strange when it is %j", async (text) => {
    expect(await sealer().open(text, sealed)).toBe("strange");
  });

  it("is strange to another process, and used where its nonce was lost", async () => {
    const made = await sealer().seal(sealed);
    expect(await sealer({ key: randomBytes(32) }).open(made, sealed)).toBe("strange");
    expect(await sealer().open(made, sealed)).toBe("used");
  });

  it("holds in another process that shares the key and the nonces", async () => {
    const nonces = nonceStore(now);
    const made = await sealer({ nonces }).seal(sealed);
    expect(await sealer({ nonces }).open(made, sealed)).toBeUndefined();
  });

  it("holds no value of the call", async () => {
    const made = await sealer().seal(sealed);
    expect(made).toMatch(/^[\w-]{64}$/);
    expect(Buffer.from(made, "base64url").toString("latin1")).not.toMatch(/acme|delete|sha256/);
  });

  it("is another one each time", async () => {
    const { seal } = sealer();
    expect(await seal(sealed)).not.toBe(await seal(sealed));
  });
});
