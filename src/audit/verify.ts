/** Whether an audit log is whole, and what it leaves open. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { decodeLine, type Line, lineBeginning, noHash } from "./line.ts";

/** The lines of one process. */
export interface Chain {
  readonly chain: string;
  readonly lines: number;
  readonly from: string;
  readonly to: string;
  /** Whether it has its closing line. */
  readonly ended: boolean;
  /** The hash of its last line. */
  readonly last: string;
  /** Announced and not recorded: these may have happened or not. */
  readonly open: readonly Line[];
}

export interface Verification {
  readonly chains: readonly Chain[];
  /** What cannot come from a process that wrote its lines, each as a sentence. */
  readonly problems: readonly string[];
  /** The numbers of lines that were cut while they were written, as when a process is killed or a disk full. */
  readonly cut: readonly number[];
  /** How many lines could not be written, as the next lines say. */
  readonly lost: number;
}

interface OpenChain {
  lines: number;
  from: string;
  to: string;
  ended: boolean;
  last: string;
  next: number;
  readonly open: Map<string, Line>;
}

/**
 * Reads an audit log and checks every chain in it. Whoever can write the file could still write a chain anew from some
 * line on, or take a whole one away: its last hash, kept elsewhere, tells.
 *
 * @param lastHashes what processes printed at their end; each must be the end of a chain
 * @throws a system error where the file cannot be read
 */
export async function verifyAudit(file: string, lastHashes: readonly string[] = []): Promise<Verification> {
  const chains = new Map<string, OpenChain>();
  const problems: string[] = [];
  const cut: number[] = [];
  let lost = 0;
  let number = 0;
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    for (const part of partsOf(text)) {
      const decoded = decodeLine(part);
      if (decoded !== undefined) {
        problems.push(
          ...follow(chains, decoded.line, decoded.hash).map((problem) => `Line ${number} ${problem}.`),
        );
        if (typeof decoded.line.lost === "number") lost += decoded.line.lost;
      } else if (part.startsWith(lineBeginning) || lineBeginning.startsWith(part)) {
        cut.push(number);
      } else {
        problems.push(`Line ${number} is no line of an audit log.`);
      }
    }
  }
  const found = [...chains].map(([chain, { next: _, open, ...known }]) => ({
    chain,
    ...known,
    open: [...open.values()],
  }));
  const ends = new Set(found.filter(({ ended }) => ended).map(({ last }) => last));
  const missing = lastHashes.filter((hash) => !ends.has(hash.toLowerCase()));
  problems.push(...missing.map((hash) => `No chain ends with ${hash}.`));
  return { chains: found, problems, cut, lost };
}

/** The line, or what was cut and then the line that another process wrote behind it. */
function partsOf(text: string): string[] {
  if (text === "") return [];
  const next = text.indexOf(lineBeginning, 1);
  return next === -1 ? [text] : [text.slice(0, next), ...partsOf(text.slice(next))];
}

/** Adds a line to its chain. @returns what is wrong with it, as the ends of sentences */
function follow(chains: Map<string, OpenChain>, line: Line, hash: string | undefined): string[] {
  const problems: string[] = [];
  const found = chains.get(line.chain);
  const chain = found ?? {
    lines: 0,
    from: line.time,
    to: line.time,
    ended: false,
    last: noHash,
    next: 0,
    open: new Map<string, Line>(),
  };
  if (hash === undefined) problems.push("was changed");
  if (chain.ended) problems.push("comes after the end of its chain");
  if (line.n < chain.next) problems.push("stands twice or in the wrong place");
  else if (line.n > chain.next) problems.push(`comes after ${line.n - chain.next} that are missing`);
  else if (line.previous !== chain.last)
    problems.push("does not follow from the line before it in its chain");
  if ((line.event === "start") !== (line.n === 0))
    problems.push("is no beginning or no continuation of a chain");
  if (line.event === "announce") chain.open.set(String(line.call), line);
  if (line.event === "record") chain.open.delete(String(line.call));
  chains.set(line.chain, chain);
  chain.lines += 1;
  chain.to = line.time;
  chain.ended ||= line.event === "end";
  chain.next = Math.max(chain.next, line.n + 1);
  chain.last = hash ?? String(line.hash);
  return problems;
}
