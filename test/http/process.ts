/** The built program as an HTTP server of its own. */
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { type Start, spawnProgram } from "../support/program.ts";

export interface ServerProcess {
  readonly url: string;
  /** Where it serves metrics, if it was told to. */
  readonly metricsUrl: string | undefined;
  /** Everything it said on standard error until now. */
  stderr(): string;
  /** Its log: the lines of JSON among them. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** Resolves when standard error has what is looked for. */
  said(text: RegExp): Promise<void>;
  /** Tells it to stop, by SIGTERM unless said otherwise. */
  terminate(signal?: NodeJS.Signals): void;
  /** Sends SIGHUP. */
  hangUp(): void;
  /** The exit status; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `http` on any free port, for one test. */
export async function startServerProcess({ settings, flags = [] }: Start): Promise<ServerProcess> {
  const child = spawnProgram({ flags: ["http", "--port", "0", ...flags], ...(settings && { settings }) });
  const ended = once(child, "close").then(([status]) => status as number | null);
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const said = (text: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!text.test(stderr)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then((status) =>
        reject(new Error(`the server ended with ${status} after saying: ${stderr}`)),
      );
    });
  await said(/MCP is served at \S+[\s\S]*\n/);
  if (flags.includes("--metrics-port")) await said(/Metrics are at \S+[\s\S]*\n/);
  return {
    url: /MCP is served at (\S+?)\/mcp/.exec(stderr)![1]!,
    metricsUrl: /Metrics are at (\S+?\/metrics)/.exec(stderr)?.[1],
    stderr: () => stderr,
    log: () =>
      stderr
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line)),
    said,
    terminate: (signal = "SIGTERM") => void child.kill(signal),
    hangUp: () => void child.kill("SIGHUP"),
    ended,
  };
}
