/** One replica: the built program as it is deployed. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { vi } from "vitest";
import { spawnProgram } from "../support/program.ts";
import { answers, freePort } from "./ports.ts";

export interface Replica {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>;
}

/** Starts one; whoever starts it kills it. */
export async function startReplica(settings: Readonly<Record<string, string>>): Promise<Replica> {
  const port = await freePort();
  let child: ChildProcessWithoutNullStreams;
  const replica: Replica = {
    port,
    url: `http://127.0.0.1:${port}/mcp`,
    async start() {
      child = spawnProgram({ settings, flags: ["http", "--port", String(port)] });
      const said: Buffer[] = [];
      child.stdout.resume();
      child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
      const ended = once(child, "exit").then(() => {
        throw new Error(`the replica did not start: ${Buffer.concat(said)}`);
      });
      const listens = vi.waitFor(() => answers(port), { timeout: 20_000, interval: 50 });
      ended.catch(() => {});
      await Promise.race([listens, ended]);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
  await replica.start();
  return replica;
}
