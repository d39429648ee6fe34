import { performance } from "node:perf_hooks";
import { findTools } from "../../src/search/find-tools.ts";
import { createListing } from "../../src/surface/listing.ts";
import { tasks } from "../../src/tasks/index.ts";
import { heldOut } from "../../test/search/held-out.ts";
import { type Question, questions } from "../../test/search/questions.ts";
import { catalogue } from "../../tools/index.ts";
import { median, report } from "./report.ts";

/** Prints how often a right tool is among the first five that the search finds, and how long it takes. */
export function search(): void {
  const entries = createListing([...catalogue, ...tasks]);
  const started = performance.now();
  findTools(questions[0]!.ask, entries);
  const first = performance.now() - started;
  const times: number[] = [];
  const share = (asked: readonly Question[]) => {
    const found = asked.filter(({ ask, right }) => {
      const began = performance.now();
      const tools = findTools(ask, entries);
      times.push(performance.now() - began);
      return tools.some(({ name }) => right.includes(name));
    });
    return (found.length / asked.length) * 100;
  };
  const tuned = share(questions);
  report(
    `a right tool among the first five, ${questions.length} questions`,
    tuned,
    "%",
    ">= 95",
    tuned >= 95,
  );
  report(`  the same, ${heldOut.length} questions held out`, share(heldOut), "%");
  report("  the first search of a listing, index and all", first, "ms");
  report("  a search, p50", median(times), "ms");
}
