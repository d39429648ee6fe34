import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openAudit } from "../../src/audit/audit.ts";
import { openTrail } from "../../src/audit/trail.ts";
import { createFairQueue } from "../../src/http/fair-queue.ts";
import { connect, errorOf, json, startServer } from "../quay/server.ts";

const write = { method: "PUT", path: "/x", body: {} } as const;

/** A client whose next request must wait for a turn that does not come. */
async function waiting(timeoutMs: number) {
  const server = await startServer((_, response) => json(response, 200, {}));
  const queue = createFairQueue({ inAll: 1, perCaller: 1, waitingPerCaller: 1 });
  const before = queue.takeTurn("somebody");
  const client = connect(server.url, { timeoutMs, sharing: { takeTurn: () => queue.takeTurn("caller") } });
  return { server, queue, before, client };
}

describe("a request that waits for its turn", () => {
  it("is not sent where its time is over before, and says so", async () => {
    const { server, queue, client } = await waiting(100);
    const { kind, hint } = await errorOf(client.request(write));
    expect(kind).toBe("busy");
    expect(hint).toContain("Nothing was sent.");
    expect([queue.waiting, server.requests]).toEqual([0, []]);
  });

  it("leaves the queue when its caller gives up, and was not sent", async () => {
    const { server, queue, client } = await waiting(5000);
    const giveUp = new AbortController();
    const error = errorOf(client.request(write, { signal: giveUp.signal }));
    await expect.poll(() => queue.waiting).toBe(1);
    giveUp.abort();
    expect((await error).hint).toBe("Nothing was sent.");
    expect([queue.waiting, server.requests]).toEqual([0, []]);
  });

  it("is refused where as many wait already", async () => {
    const { client, before } = await waiting(5000);
    const first = client.request(write);
    const { kind } = await errorOf(client.request(write));
    expect(kind).toBe("busy");
    before.done();
    expect((await first).status).toBe(200);
  });

  it("stands as refused in the audit log, although it was announced", async () => {
    const directory = mkdtempSync(join(tmpdir(), "waiting-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const file = join(directory, "audit.log");
    const audit = openAudit(file);
    const tool = { operationId: "deleteFullTag", access: "destructive" } as const;
    const incoming = { name: "delete_tag", tool, target: () => "acme/app:v1", caller: "caller" };
    const trail = openTrail(audit, incoming);
    await trail.announce();
    const { client } = await waiting(50);
    trail.fail(await errorOf(client.request(write)));
    audit.close();
    const lines = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const decisions = lines.filter(({ call }) => call).map(({ decision, reason }) => ({ decision, reason }));
    expect(decisions).toEqual([
      { decision: "sent", reason: undefined },
      { decision: "refused", reason: "busy" },
    ]);
  });
});
