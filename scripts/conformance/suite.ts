/** The official conformance suite, on a Node that is new enough for it. Both are brought by npm when they are needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const suite = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
/** The first that the suite runs on. */
const leastNode = 22;

/** One thing that a scenario looked at. */
export interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly description: string;
  readonly errorMessage?: string;
}

/** The checks of each scenario, by its name. */
export type Results = ReadonlyMap<string, readonly Check[]>;

/** @throws Error where npm cannot bring the suite, or it cannot be started */
export async function bringSuite(): Promise<void> {
  const { status, said } = await run(["list", "--server"]);
  if (status === 0) return;
  throw new Error(
    `The conformance suite could not be brought by npm or started (status ${status}).\n${said}`,
  );
}

/**
 * Runs every scenario of a revision.
 *
 * @param url of the MCP endpoint
 * @throws Error where the suite left no results
 */
export async function runScenarios(url: string, revision: string): Promise<Results> {
  const directory = await mkdtemp(join(tmpdir(), "quay-mcp-conformance-"));
  try {
    const { said } = await run([
      ...["server", "--url", url, "--suite", "all"],
      ...["--spec-version", revision, "--output-dir", directory],
    ]);
    const results = await readResults(directory);
    if (results.size === 0) throw new Error(`The conformance suite left no results. It said:\n${said}`);
    return results;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The suite's status says nothing here: some scenarios do not apply. */
async function run(args: readonly string[]): Promise<{ status: number | null; said: string }> {
  const isNewEnough = Number(process.versions.node.split(".")[0]) >= leastNode;
  const node = isNewEnough ? [] : ["--package", `node@${leastNode}`];
  const child = spawn("npx", ["--yes", ...node, "--package", suite, "conformance", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, said: stdout + stderr };
}

/** Each scenario has a directory, named after it and the time. */
const directoryName = /^server-(?<scenario>.+)-\d{4}-\d{2}-\d{2}T[\dZ-]+$/;

async function readResults(directory: string): Promise<Results> {
  const results = new Map<string, readonly Check[]>();
  for (const name of await readdir(directory)) {
    const scenario = directoryName.exec(name)?.groups?.scenario;
    if (scenario === undefined) continue;
    results.set(scenario, JSON.parse(await readFile(join(directory, name, "checks.json"), "utf8")));
  }
  return results;
}
