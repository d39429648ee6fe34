/** The program on plain pipes: what a client would never send or look at. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type Start, spawnProgram } from "./program.ts";

type Message = Readonly<Record<string, unknown>>;

export interface Pipe {
  send(message: Message): void;
  /** Sends text as it is. */
  write(text: string): void;
  /** The answer to a request, by its id. */
  answer(id: number): Promise<Message>;
  /** Every line of standard output so far. */
  readonly lines: readonly string[];
  endInput(): void;
  kill(signal: "SIGTERM" | "SIGINT"): void;
  /** How it ended: its exit status and what it said on standard error. */
  readonly ended: Promise<{ status: number | null; signal: string | null; stderr: string }>;
}

export function openPipe(start: Start): Pipe {
  const child = spawnProgram(start);
  const lines: string[] = [];
  const answers = new Map<number, Message>();
  const waiting = new Map<number, (message: Message) => void>();
  const ended = once(child, "close").then(([status, signal]) => ({ status, signal, stderr }));
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    const message = JSON.parse(line) as Message;
    if (typeof message.id !== "number") return;
    answers.set(message.id, message);
    waiting.get(message.id)?.(message);
  });
  return {
    lines,
    send: (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    write: (text) => void child.stdin.write(text),
    answer: (id) =>
      new Promise((resolve, reject) => {
        const known = answers.get(id);
        if (known !== undefined) return resolve(known);
        waiting.set(id, resolve);
        void ended.then((end) => reject(new Error(`ended without an answer: ${JSON.stringify(end)}`)));
      }),
    endInput: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Opens a connection as a client of protocol 2025-11-25 does. */
export async function openSession(start: Start): Promise<Pipe> {
  const pipe = openPipe(start);
  pipe.send({
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "tests", version: "1.0.0" },
    },
  });
  await pipe.answer(0);
  pipe.send({ method: "notifications/initialized" });
  return pipe;
}

/** The `_meta` that each request of protocol 2026-07-28 carries. */
export const statelessMeta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
};
