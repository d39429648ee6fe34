import { execFile } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type AuditEntry, openAudit } from "../../src/audit/audit.ts";
import { decodeLine, encodeLine, type Line, noHash } from "../../src/audit/line.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { RefusedError, UsageError } from "../../src/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "quay-mcp-audit-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${++files}.log`);

const entry = (call: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  call,
  tool: "delete_tag",
  operationId: "deleteFullTag",
  target: "acme/app:v1",
  decision: "sent",
  ...more,
});

const linesOf = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n");

/** A log of two processes whose lines are mixed, and the hashes they ended with. */
async function sample(): Promise<{ lines: string[]; ends: string[] }> {
  const file = newFile();
  const [one, other] = [openAudit(file), openAudit(file)];
  for (const call of ["a", "b"]) {
    await one.announce(entry(call));
    await other.announce(entry(call, { target: "acme/other" }));
    one.record(entry(call, { status: 204, durationMs: 3 }));
    other.record(entry(call, { decision: "declined" }));
  }
  return { ends: [one.close()!, other.close()!], lines: linesOf(file) };
}

async function troubles(text: string): Promise<"none" | "no end" | "damaged"> {
  const file = newFile();
  writeFileSync(file, text);
  const { chains, problems, cut } = await verifyAudit(file);
  if (problems.length > 0) return "damaged";
  return chains.length > 0 && cut.length === 0 && chains.every(({ ended }) => ended) ? "none" : "no end";
}

describe("a line of the audit log", () => {
  it("is printable ASCII, one line, and says what was written, whatever that was", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("\u2028\r\n", "\ud800", '"}\n{"audit":1,'),
    );
    fc.assert(
      fc.property(text, text, (target, reason) => {
        const { text: line } = encodeLine({
          audit: 1,
          chain: "c",
          n: 0,
          time: "t",
          event: "record",
          target,
          reason,
          previous: noHash,
        });
        expect(line).toMatch(/^[\x20-\x7e]+$/);
        expect(line.indexOf('{"audit":1,', 1)).toBe(-1);
        expect(decodeLine(line)?.line).toMatchObject({ target, reason });
        expect(decodeLine(line)?.hash).toMatch(/^[\da-f]{64}$/);
      }),
    );
  });

  it("holds no credential of a URL, and no more of a long text than its beginning", async () => {
    const file = newFile();
    const audit = openAudit(file, { hide: (text) => text.replaceAll("own-token", "[credential]") });
    audit.record(
      entry("a", { reason: "new host https://user:hunter2@evil.example/?token=hunter3 own-token" }),
    );
    audit.record(entry("b", { target: "x".repeat(100_000) }));
    audit.close();
    const text = readFileSync(file, "utf8");
    expect(text).not.toMatch(/hunter|own-token/);
    expect(text.length).toBeLessThan(4000);
  });
});

describe("an audit log", () => {
  it("is a new file for its user alone, or the end of one that is there", () => {
    const file = newFile();
    openAudit(file).close();
    openAudit(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(linesOf(file)).toHaveLength(4);
  });

  it("that cannot be opened or written is one sentence at the start", () => {
    mkdirSync(join(folder, "directory"));
    for (const file of ["/dev/full", join(folder, "directory"), join(folder, "nosuch", "a.log")]) {
      expect(() => openAudit(file)).toThrow(UsageError);
      expect(() => openAudit(file)).toThrow(/^The audit log \S+ cannot be (opened|written) \([^)]+\)\.$/);
    }
  });

  it("that was deleted meanwhile lets no write through, and says so once", async () => {
    const file = newFile();
    const warnings: string[] = [];
    const audit = openAudit(file, { warn: (sentence) => warnings.push(sentence) });
    unlinkSync(file);
    await expect(audit.announce(entry("a"))).rejects.toThrow(RefusedError);
    await expect(audit.announce(entry("b"))).rejects.toThrow(/sends no writes/);
    audit.record(entry("c"));
    expect(warnings).toHaveLength(1);
    expect(audit.close()).toBeUndefined();
  });

  it("ends every line of its own, also behind one that another process left unfinished", async () => {
    const file = newFile();
    const audit = openAudit(file);
    appendFileSync(file, linesOf(file)[0]!.slice(0, 70));
    audit.record(entry("a"));
    const last = audit.close()!;
    const { chains, problems, cut } = await verifyAudit(file, [last]);
    expect(problems).toEqual([]);
    expect(cut).toEqual([2]);
    expect(chains).toMatchObject([{ lines: 3, ended: true }]);
  });
});

describe("verifying an audit log", () => {
  it("finds nothing wrong with one that is whole", async () => {
    const { lines } = await sample();
    expect(await troubles(`${lines.join("\n")}\n`)).toBe("none");
  });

  it("tells a log that was cut anywhere from one that has its ends", async () => {
    const { lines } = await sample();
    const text = lines.join("\n");
    for (let length = 0; length < text.length; length += 7)
      expect(await troubles(text.slice(0, length))).toBe("no end");
  });

  it("finds a changed character", async () => {
    const { lines } = await sample();
    const text = lines.join("\n");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom("x", "0", " ", "\n", '"'),
        async (at, character) => {
          fc.pre(text[at] !== character);
          expect(await troubles(text.slice(0, at) + character + text.slice(at + 1))).not.toBe("none");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("finds a line that was removed, doubled, moved or added", async () => {
    const { lines } = await sample();
    const place = fc.nat(lines.length - 1);
    const isEnd = (line: string) => line.includes('"event":"end"');
    const chainOf = (line: string) => decodeLine(line)!.line.chain;
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const line = lines[from]!;
        const without = lines.toSpliced(from, 1);
        expect(await troubles(without.join("\n"))).toBe(isEnd(line) ? "no end" : "damaged");
        expect(await troubles(lines.toSpliced(to, 0, line).join("\n"))).toBe("damaged");
        const own = (all: string[]) => all.filter((each) => chainOf(each) === chainOf(line)).join("\n");
        const moved = without.toSpliced(to, 0, line);
        expect(await troubles(moved.join("\n"))).toBe(own(moved) === own(lines) ? "none" : "damaged");
        expect(await troubles(lines.toSpliced(to, 0, '{"event":"record"}').join("\n"))).toBe("damaged");
      }),
      { numRuns: 60 },
    );
  });

  it("finds a line that was written anew with a hash of its own", async () => {
    const { lines } = await sample();
    const at = lines.findIndex((line) => line.includes('"announce"'));
    const { line } = decodeLine(lines[at]!)!;
    const content: Line = { ...line, target: "acme/harmless", hash: undefined };
    expect(await troubles(lines.with(at, encodeLine(content).text).join("\n"))).toBe("damaged");
  });

  it("misses a process whose last hash is known", async () => {
    const { lines, ends } = await sample();
    const { chain } = decodeLine(lines[0]!)!.line;
    const file = newFile();
    writeFileSync(file, lines.filter((line) => !line.includes(chain)).join("\n"));
    expect((await verifyAudit(file)).problems).toEqual([]);
    expect((await verifyAudit(file, ends)).problems).toEqual([`No chain ends with ${ends[0]}.`]);
  });

  it("names what was announced and has no outcome", async () => {
    const file = newFile();
    const audit = openAudit(file);
    await audit.announce(entry("a"));
    await audit.announce(entry("b", { target: "acme/app:v2" }));
    audit.record(entry("a", { status: 204 }));
    const { chains } = await verifyAudit(file);
    expect(chains[0]!.open).toMatchObject([{ tool: "delete_tag", target: "acme/app:v2" }]);
    audit.close();
  });
});

describe("quay-mcp audit verify", () => {
  const run = (file: string) =>
    new Promise<{ status: unknown; output: string }>((resolve) => {
      const args = ["--import", "tsx", "src/main.ts", "audit", "verify", file];
      execFile(process.execPath, args, (error, output, errors) =>
        resolve({ status: error?.code ?? 0, output: output + errors }),
      );
    });

  it("tells by its exit status: 0 whole, 1 damaged, 2 not there, 3 without an end", async () => {
    const { lines } = await sample();
    const write = (text: string) => {
      const file = newFile();
      writeFileSync(file, text);
      return file;
    };
    const [whole, damaged, none, open] = await Promise.all([
      run(write(lines.join("\n"))),
      run(write(lines.toSpliced(3, 1).join("\n"))),
      run(join(folder, "nosuch.log")),
      run(write(lines.slice(0, 5).join("\n"))),
    ]);
    expect([whole.status, damaged.status, none.status, open.status]).toEqual([0, 1, 2, 3]);
    expect(whole.output).toMatch(/12 lines of 2 processes\.[\s\S]*No line was changed/);
    expect(damaged.output).toMatch(/Line \d+ comes after 1 that are missing\./);
    expect(none.output).toMatch(/cannot be read \(ENOENT\)\.\n$/);
    expect(open.output).toMatch(/"acme\/(app:v1|other)" was announced and its outcome not recorded/);
  });
});
