import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { verifyAudit } from "../../src/audit/verify.ts";

const writer = fileURLToPath(new URL("./writer.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "quay-mcp-audit-"));
afterAll(() => rmSync(folder, { recursive: true }));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", writer, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Reads what a writer says; kills it, without a warning, once it said as many lines. */
async function follow(child: ChildProcess, killAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const said: string[] = [];
  const over = once(child, "close");
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line);
    if (said.length === killAfter) child.kill("SIGKILL");
  }
  await over;
  return said;
}

describe("several processes on one audit log", () => {
  it("each write a chain of their own, and lose no line of the others", async () => {
    const file = join(folder, "shared.log");
    const said = await Promise.all([1, 2, 3].map(() => follow(start(file, "40"))));
    const ends = said.map((lines) => lines.at(-1)!.replace("ended ", ""));
    const { chains, problems, cut } = await verifyAudit(file, ends);
    expect(problems).toEqual([]);
    expect(cut).toEqual([]);
    expect(chains.map(({ lines, ended, open }) => [lines, ended, open])).toEqual(
      Array(3).fill([82, true, []]),
    );
  });

  it("leave a readable log when they are killed, which holds all that was announced", async () => {
    const file = join(folder, "killed.log");
    const moments = [1, 2, 3, 5, 8, 13, 21, 34, 55];
    const announced: string[] = [];
    while (moments.length > 0) {
      const children = moments.splice(0, 3).map((moment) => ({ child: start(file), moment }));
      await Promise.all(
        children.map(async ({ child, moment }) => {
          const said = await follow(child, moment);
          announced.push(...said.map((line) => `acme/app:${child.pid}-${line.replace("announced ", "")}`));
        }),
      );
    }
    const { chains, problems, cut } = await verifyAudit(file);
    expect(problems).toEqual([]);
    expect(cut.length).toBeLessThanOrEqual(9);
    expect(chains.map(({ ended }) => ended)).toEqual(Array(9).fill(false));
    expect(chains.every(({ open }) => open.length <= 1)).toBe(true);
    const text = readFileSync(file, "utf8");
    expect(announced.filter((target) => !text.includes(`"target":"${target}"`))).toEqual([]);
  });
});

describe("an audit log on a full disk", () => {
  it("refuses the write that it cannot announce, and shows the line that was cut", async () => {
    const file = join(folder, "full.log");
    const command = `ulimit -f 16; exec "${process.execPath}" --import tsx "${writer}" "${file}"`;
    const child = spawn("bash", ["-c", command], { stdio: ["ignore", "pipe", "ignore"] });
    const said = await follow(child);
    expect(said.at(-2)).toMatch(
      /^refused The audit log cannot be written \((EFBIG|ENOSPC)\), and without it this server sends no writes\. Nothing was sent\.$/,
    );
    expect(said.at(-1)).toBe("no end");
    const { chains, problems, cut } = await verifyAudit(file);
    expect(problems).toEqual([]);
    expect(cut).toHaveLength(1);
    expect(chains.map(({ ended }) => ended)).toEqual([false]);
    const another = await follow(start(file, "1"));
    const after = await verifyAudit(file, [another.at(-1)!.replace("ended ", "")]);
    expect(after.problems).toEqual([]);
  });
});
