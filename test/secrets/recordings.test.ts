import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";
import { deriveCall } from "../support/derive.ts";
import { type Recording, recordings } from "../support/facts.ts";
import { type Playback, startPlayback } from "../support/playback.ts";
import { connectProgram } from "../support/program.ts";
import { routeOf } from "../support/routes.ts";
import { plant, secretFields } from "./canaries.ts";

const folder = mkdtempSync(join(tmpdir(), "quay-mcp-canaries-"));
const auditLog = join(folder, "audit.log");

/** What Quay would never say in an error, and a proxy or plugin might. */
const careless =
  "could not reach https://robot:CANARY@registry.example/v2/?token=CANARY&X-Amz-Signature=CANARY";

let playback: Playback;
let client: Client;

beforeAll(async () => {
  playback = await startPlayback();
  client = await connectProgram({
    QUAY_URL: playback.url,
    QUAY_TOKEN: "CANARYoauthtoken0123456789ABCDEFGHIJKLMN",
    QUAY_MCP_ALLOW: "destructive",
    QUAY_MCP_CONFIRM: "never",
    QUAY_MCP_BRAKE: "0",
    QUAY_MCP_AUDIT_LOG: auditLog,
    QUAY_MCP_SECRETS_DIR: folder,
  });
});

afterAll(async () => {
  await playback.close();
  rmSync(folder, { recursive: true });
});

const played = recordings.flatMap((recording) => {
  const route = routeOf(recording.method, recording.path);
  const call = route?.inReference === true ? deriveCall(recording) : undefined;
  return call === undefined ? [] : [{ recording, call }];
});

async function textOf({ call }: (typeof played)[number], recording: Recording): Promise<string> {
  playback.play(recording);
  return JSON.stringify(await client.callTool({ name: call.tool.name, arguments: call.arguments }));
}

/** The files of credentials, with what they hold. */
const kept = () =>
  readdirSync(folder)
    .filter((name) => name !== "audit.log")
    .map((name) => ({ name, content: readFileSync(join(folder, name), "utf8") }));

describe("through the whole program, no canary", () => {
  it("of a recorded answer reaches a result, and none a file that was not made for it", async () => {
    let asked = 0;
    for (const one of played) {
      const { tool } = one.call;
      const body = structuredClone(one.recording.body);
      plant(tool.operationId, body);
      const text = await textOf(one, { ...one.recording, body });
      expect(text, tool.name).not.toContain("CANARY");
      const files = kept();
      const mayKeep = tool.yieldsCredential === true || tool.bringsCredential === true;
      expect(files.length, tool.name).toBeLessThanOrEqual(mayKeep && one.recording.status < 300 ? 1 : 0);
      for (const { name, content } of files) {
        expect(name).not.toContain("CANARY");
        expect(content).toContain("CANARY");
        expect(text).toContain(name);
        rmSync(join(folder, name));
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(8);
  });

  it("of an error reaches its words", async () => {
    for (const one of played.filter(({ call }) => call.tool.operationId in secretFields)) {
      const body = { detail: careless, error_message: careless, error_type: "x", token: "CANARY" };
      const recording = { ...one.recording, status: 400, bodyIsJson: true, body };
      expect(await textOf(one, recording), one.call.tool.name).not.toContain("CANARY");
    }
  });

  it("reaches the audit log, which is whole", async () => {
    await client.close();
    expect(readFileSync(auditLog, "utf8")).not.toContain("CANARY");
    const { chains, problems } = await verifyAudit(auditLog);
    expect(problems).toEqual([]);
    // The client starts the program once to ask for its version.
    expect(chains.map(({ ended, open }) => [ended, open])).toEqual([
      [true, []],
      [true, []],
    ]);
    expect(chains[1]!.lines).toBeGreaterThan(played.length);
  });
});
