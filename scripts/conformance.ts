/**
 * `npm run conformance`: the official conformance suite against the program, on the registry inside it, and against a
 * server with the suite's fixtures behind the same HTTP layer. Prints every scenario; the last line counts them. The exit
 * status is 1 where one does otherwise than test/conformance/expectations.ts says.
 */
import { type Exception, exceptions, revisions } from "../test/conformance/expectations.ts";
import { startFixtureServer } from "../test/conformance/fixtures/server.ts";
import { addCredentials } from "./conformance/credentials.ts";
import { judge, type Verdict } from "./conformance/judge.ts";
import { bringSuite, runScenarios } from "./conformance/suite.ts";
import { main, startHttpProgram, startNode } from "./support/processes.ts";

/** A server under test. */
interface Subject {
  readonly name: string;
  /** Without `/mcp`. */
  readonly url: string;
  readonly exceptions: readonly Exception[];
  stop(): Promise<void>;
}

/** With every tool, so that the suite sees them all. */
async function startProgram(): Promise<Subject> {
  const registry = await startNode([main, "registry", "--json"], { on: "stdout", line: /^\{/ });
  const { url, tokens } = JSON.parse(registry.said);
  const flags = ["--url", url, "--allow", "destructive", "--surface", "all"];
  const program = await startHttpProgram(flags);
  const proxy = await addCredentials(program.url, tokens.superuser);
  return {
    name: "program",
    url: proxy.url,
    exceptions,
    async stop() {
      proxy.close();
      await program.stop();
      await registry.stop();
    },
  };
}

async function startFixtures(): Promise<Subject> {
  const { url, close } = await startFixtureServer();
  const notApplicable = exceptions.filter(({ apart }) => apart === "does not apply");
  return { name: "fixtures", url, exceptions: notApplicable, stop: close };
}

/** Wrong is whatever is neither expected nor right. */
type Kind = "passes" | Exception["apart"] | "wrong";

function kindOf({ outcome }: Verdict): Kind {
  return outcome === "passes" || outcome === "does not apply" || outcome === "needs fixtures"
    ? outcome
    : "wrong";
}

function print(subject: string, revision: string, verdict: Verdict): void {
  const { scenario, outcome, held, because } = verdict;
  const kind = kindOf(verdict);
  const mark = { passes: "ok  ", "does not apply": "-   ", "needs fixtures": "-   ", wrong: "FAIL" }[kind];
  const said = kind === "passes" ? `${held} checks` : outcome;
  process.stdout.write(`${mark} ${revision}  ${subject.padEnd(8)}  ${scenario.padEnd(46)} ${said}\n`);
  if (kind === "wrong") for (const line of because) process.stdout.write(`       ${line}\n`);
}

function explain({ names, reason, revisions: of, apart }: Exception): void {
  process.stdout.write(`\n${of.join(", ")}, ${apart}: ${names.join(", ")}\n  ${reason}\n`);
}

const counts: Record<Kind, number> = { passes: 0, "does not apply": 0, "needs fixtures": 0, wrong: 0 };
try {
  await bringSuite();
  for (const start of [startProgram, startFixtures]) {
    const subject = await start();
    try {
      for (const revision of revisions) {
        const results = await runScenarios(`${subject.url}/mcp`, revision);
        for (const verdict of judge(results, revision, subject.exceptions)) {
          print(subject.name, revision, verdict);
          counts[kindOf(verdict)] += 1;
        }
      }
    } finally {
      await subject.stop();
    }
  }
  exceptions.forEach(explain);
} catch (error) {
  counts.wrong += 1;
  process.stdout.write(`FAIL ${error instanceof Error ? error.message : String(error)}\n`);
}
process.stdout.write(
  `\n${counts.passes} passed, ${counts.wrong} failed, ${counts["does not apply"]} do not apply, ${counts["needs fixtures"]} need fixtures\n`,
);
process.exitCode = counts.wrong === 0 ? 0 : 1;
