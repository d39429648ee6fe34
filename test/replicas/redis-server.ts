/** A real Redis for tests, on a port of its own, with nothing on the disk. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { freePort } from "./ports.ts";

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it without a chance to save or say anything. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** Stops answering, with its connections open, as a network does that loses every packet. */
  pause(): void;
  resume(): void;
}

export interface RedisServerOptions {
  readonly directory: string;
  readonly flags?: readonly string[];
}

/** Starts one that knows nothing yet; whoever starts it kills it. */
export async function startRedisServer({ directory, flags = [] }: RedisServerOptions): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory];
      const options = ["--save", "", "--appendonly", "no", "--daemonize", "no"];
      const started = spawn("redis-server", [...where, ...options, ...flags], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      child = started;
      const said: string[] = [];
      for await (const line of createInterface(started.stdout)) {
        said.push(line);
        if (line.includes("Ready to accept connections")) {
          started.stdout.resume();
          return;
        }
      }
      throw new Error(`redis-server did not start: ${said.join("\n")}`);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
    pause() {
      child.kill("SIGSTOP");
    },
    resume() {
      child.kill("SIGCONT");
    },
  };
  await server.start();
  return server;
}

/** Sends commands as a person would, one a line, and gives what was answered until the connection ended. */
export async function askRedis({ port }: RedisServer, ...commands: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end([...commands, "QUIT", ""].join("\r\n"));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
