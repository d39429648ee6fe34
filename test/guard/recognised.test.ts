import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { type Confirmable, type ConfirmationDesk, confirm } from "../../src/guard/confirmation.ts";
import { createPolicy } from "../../src/guard/policy.ts";
import { createSealer, nonceStore } from "../../src/guard/seal.ts";
import type { TargetState } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";
import { toolNamed } from "../support/tools.ts";

const desk: ConfirmationDesk = {
  confirmation: createPolicy(readSettings({ confirm: "code" }, {}), catalogue).confirmation,
  sealer: createSealer({ key: randomBytes(32), nonces: nonceStore(Date.now), now: Date.now }),
  bound: { registry: "https://quay.example", caller: "ada", policy: "{}" },
};

const before: TargetState = { identity: "sha256:1", exists: true, now: { end: 1 }, preview: {}, unread: [] };

const call = (state: TargetState, code?: string): Confirmable => ({
  tool: toolNamed("delete_tag"),
  name: "acme/app:v1",
  state,
  given: { repository: "acme/app", tag: "v1" },
  code,
  reply: undefined,
  means: "code",
});

async function codeFor(state: TargetState): Promise<string> {
  const asked = await confirm(call(state), desk);
  if (asked.confirmed !== undefined) throw new Error(asked.confirmed);
  return asked.seal;
}

describe("a target that was confirmed is recognised", () => {
  it("where it is the same", async () => {
    const code = await codeFor(before);
    expect(await confirm(call({ ...before }, code), desk)).toEqual({ confirmed: "code" });
  });

  it.each<[string, Partial<TargetState>]>([
    ["by what it is", { identity: "sha256:2" }],
    ["by what would be lost of it", { now: { end: 2 } }],
  ])("%s", async (_by, change) => {
    const code = await codeFor(before);
    await expect(confirm(call({ ...before, ...change }, code), desk)).rejects.toThrow(
      /no longer what it was/,
    );
  });

  it("only where something tells it from another", async () => {
    await expect(codeFor({ ...before, identity: undefined })).rejects.toThrow(/nothing tells this/);
  });
});
