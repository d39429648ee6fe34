/** What the assistant is spared: tokens of the recorded answers before and after they are compacted. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { compact } from "../../src/answer/compact.ts";
import { redact } from "../../src/answer/redact.ts";
import type { Tool } from "../../src/operation.ts";
import { recordings } from "../../test/support/facts.ts";
import { routeOf } from "../../test/support/routes.ts";
import { catalogue } from "../../tools/index.ts";
import { report } from "./report.ts";

/** Tokens that the answers of one operation, or of all, take. */
export interface Tokens {
  readonly before: number;
  readonly after: number;
}

const tokens = (value: unknown) => encode(JSON.stringify(value)).length;

/** The tools by the method and path at which Quay serves them, since it swaps the names of some. */
const toolAt = new Map(catalogue.map((tool) => [`${tool.method} ${tool.path.replace(/\/$/, "")}`, tool]));

/** The tool that a recorded request is a call of. */
export function toolOf(method: string, path: string): Tool | undefined {
  const route = routeOf(method, path);
  return route && toolAt.get(`${route.method} ${route.path.replace(/\/$/, "")}`);
}

/** Tokens of the recorded JSON answers of the phase `get`, by operation. */
export function recordedTokens(): ReadonlyMap<string, Tokens> {
  const byOperation = new Map<string, Tokens>();
  for (const { phase, method, path, status, body } of recordings) {
    const tool = toolOf(method, path);
    if (phase !== "get" || tool === undefined || status >= 300) continue;
    const redacted = redact(structuredClone(body), tool);
    const { before, after } = byOperation.get(tool.operationId) ?? { before: 0, after: 0 };
    byOperation.set(tool.operationId, {
      before: before + tokens(redacted.value),
      after: after + tokens(compact(redacted, tool).value),
    });
  }
  return byOperation;
}

/** Prints what compacting saves for each operation, the dearest first, and in all. */
export function answers(): void {
  const all = [...recordedTokens()].toSorted(([, one], [, other]) => other.after - one.after);
  const share = ({ before, after }: Tokens) => 100 * (1 - after / before);
  for (const [operationId, cost] of all) {
    const figures = `${String(cost.before).padStart(6)} -> ${String(cost.after).padStart(6)} tokens`;
    process.stdout.write(
      `      ${operationId.padEnd(40)} ${figures} ${share(cost).toFixed(0).padStart(4)} % less\n`,
    );
  }
  const sum = (field: keyof Tokens) => all.reduce((total, [, cost]) => total + cost[field], 0);
  const saved = share({ before: sum("before"), after: sum("after") });
  report(`tokens that compacting takes from recorded answers`, saved, "%", ">= 35", saved >= 35);
}
