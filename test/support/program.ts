/** The built program as a child process. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const programFile = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** How the program is started: nothing of the tests' own environment but what node needs reaches it. */
export interface Start {
  readonly settings?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** The command line of the program and its whole environment. */
export function commandOf({ settings = {}, flags = [] }: Start) {
  return {
    command: process.execPath,
    args: [programFile, ...flags],
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...settings },
  };
}

/** Starts the program and connects a client of protocol 2026-07-28. Closing the client ends the program. */
export async function connectProgram(
  settings: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Client> {
  const client = new Client(
    { name: "tests", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(new StdioClientTransport(commandOf({ settings, flags })));
  return client;
}

/** Starts the program with pipes for its standard input and output. */
export function spawnProgram(start: Start): ChildProcessWithoutNullStreams {
  const { command, args, env } = commandOf(start);
  return spawn(command, args, { env });
}

export interface Ended {
  /** The exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function run(start: Start & { readonly input?: string }): Promise<Ended> {
  const child = spawnProgram(start);
  child.stdin.end(start.input ?? "");
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}
