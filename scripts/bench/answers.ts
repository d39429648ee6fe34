/** What the assistant is spared: tokens of the recorded answers as Quay gave them, compacted, and with their markers. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { compact } from "../../src/answer/compact.ts";
import { mark } from "../../src/answer/mark.ts";
import { redact } from "../../src/answer/redact.ts";
import { toolOfRequest } from "../../test/support/derive.ts";
import { recordings } from "../../test/support/facts.ts";
import { report } from "./report.ts";

/** Tokens that the answers of one operation, or of all, take. */
export interface Tokens {
  readonly before: number;
  readonly after: number;
  /** As a client sees it, with markers around what strangers wrote. */
  readonly marked: number;
}

const tokens = (value: unknown) => encode(JSON.stringify(value)).length;

/** Tokens of the recorded JSON answers of the phase `get`, by operation. */
export function recordedTokens(): ReadonlyMap<string, Tokens> {
  const byOperation = new Map<string, Tokens>();
  for (const { phase, method, path, status, body } of recordings) {
    const tool = toolOfRequest(method, path);
    if (phase !== "get" || tool === undefined || status >= 300) continue;
    const redacted = redact(structuredClone(body), tool);
    const compacted = compact(redacted, tool);
    const { before, after, marked } = byOperation.get(tool.operationId) ?? { before: 0, after: 0, marked: 0 };
    byOperation.set(tool.operationId, {
      before: before + tokens(redacted.value),
      after: after + tokens(compacted.value),
      marked: marked + tokens(mark(compacted).value),
    });
  }
  return byOperation;
}

/** The operations whose answers cost the most are shown one by one. */
const dearest = 10;

/** Prints what compacting saves, for the dearest operations and in all. */
export function answers(): void {
  const all = [...recordedTokens()].toSorted(([, one], [, other]) => other.marked - one.marked);
  const share = (before: number, after: number) => 100 * (1 - after / before);
  for (const [operationId, { before, marked }] of all.slice(0, dearest)) {
    report(`  ${operationId}: ${before} -> ${marked} tokens`, share(before, marked), "% less");
  }
  const sum = (field: keyof Tokens) => all.reduce((total, [, cost]) => total + cost[field], 0);
  const before = sum("before");
  for (const [field, which] of [
    ["after", "without markers"],
    ["marked", "as a client sees them, with markers"],
  ] as const) {
    const after = sum(field);
    const saved = share(before, after);
    report(`recorded answers ${which}: ${before} -> ${after} tokens`, saved, "% less", ">= 35", saved >= 35);
  }
}
