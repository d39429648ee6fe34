/** Servers as processes of their own, for scripts that load them or look at them from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The built program. */
export const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/**
 * A process is given no more of this one's environment than it needs: other variables would be settings, and
 * `NODE_EXTRA_CA_CERTS` and the like would add to every node's start.
 */
export const bareEnvironment = { PATH: process.env.PATH, HOME: process.env.HOME };

/** A process that is ready. */
export interface Running {
  readonly child: ChildProcess;
  /** What it printed when it was ready. */
  readonly said: string;
  stop(): Promise<void>;
}

/** How to know that a process is ready. */
export interface Ready {
  /** Where it says so; the rest of it is thrown away. */
  readonly on: "stdout" | "stderr";
  readonly line: RegExp;
}

/**
 * Starts a node and waits until it says that it is ready.
 *
 * @throws Error with what it said where it ends before
 */
export async function startNode(
  args: readonly string[],
  { on, line }: Ready,
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    env: { ...bareEnvironment, ...environment },
    stdio: ["ignore", on === "stdout" ? "pipe" : "ignore", on === "stderr" ? "pipe" : "inherit", "ipc"],
  });
  const end = () => void child.kill();
  // A script that fails leaves nothing running.
  process.once("exit", end);
  const ended = once(child, "exit").finally(() => process.off("exit", end));
  const said: string[] = [];
  const output = child[on] as Readable;
  const lines = createInterface(output);
  const ready = new Promise<string>((resolve) => {
    lines.on("line", (text) => {
      said.push(text);
      if (!line.test(text)) return;
      resolve(text);
      lines.close();
      output.resume();
    });
  });
  const failed = ended.then(() => {
    throw new Error(`${args.join(" ")} ended at once. It said:\n${said.join("\n")}`);
  });
  failed.catch(() => {});
  return {
    child,
    said: await Promise.race([ready, failed]),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Serves the program over HTTP on any free port; `url` is without `/mcp`. */
export async function startHttpProgram(
  flags: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<Running & { readonly url: string }> {
  const args = [...nodeFlags, main, "http", "--port", "0", ...flags];
  const running = await startNode(args, { on: "stderr", line: /MCP is served at/ });
  return { ...running, url: /MCP is served at (\S+)\/mcp/.exec(running.said)![1]! };
}
