import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { bareEnvironment, main } from "../support/processes.ts";

/** A 2025-era client that does as little as a client can, so that what is measured is the server. */
export class RawClient {
  readonly child: ChildProcess;
  readonly #waiting = new Map<number, (message: { result?: unknown; error?: unknown }) => void>();
  #buffer = "";
  #lastId = 0;

  constructor(args: readonly string[], environment: Record<string, string>) {
    this.child = spawn(process.execPath, [main, ...args], {
      env: { ...bareEnvironment, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout!.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  async initialize(): Promise<void> {
    await this.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    });
    this.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  async request(method: string, params?: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    const answered = new Promise<{ result?: unknown; error?: unknown }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    this.#write({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result;
  }

  /** A line of `/proc/PID/status` in MiB: `VmRSS` is the memory now, `VmHWM` its peak. */
  memory(line: "VmRSS" | "VmHWM"): number {
    return memoryOf(this.child.pid!, line);
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin!.end();
    await exited;
  }

  #write(message: unknown): void {
    this.child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  #read(chunk: string): void {
    this.#buffer += chunk;
    const lines = this.#buffer.split("\n");
    this.#buffer = lines.pop()!;
    for (const line of lines) {
      const message = JSON.parse(line);
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}

/** MiB that a process has in memory: now, or at most so far. Linux tells them. */
export function memoryOf(pid: number, line: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)![1]) / 1024;
}
