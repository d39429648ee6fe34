/** The built program as a client starts it: a child process that speaks MCP over stdio. */
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const programFile = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Starts the program and connects a client of protocol 2026-07-28. Closing the client ends the program. */
export async function connectProgram(
  settings: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Client> {
  const client = new Client(
    { name: "tests", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [programFile, ...flags],
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...settings },
    }),
  );
  return client;
}
