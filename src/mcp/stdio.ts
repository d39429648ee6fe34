import { Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { listText } from "./list-text.ts";
import { createServer, type ServerParts } from "./server.ts";

/**
 * Standard output with one system call for all messages of a turn of the event loop, where the stock transport makes
 * one for each.
 */
function batchedOutput(): Writable {
  const output = new Writable({
    decodeStrings: false,
    highWaterMark: 1024 * 1024,
    writev: (chunks, done) => process.stdout.write(chunks.map(({ chunk }) => chunk).join(""), done),
  });
  // Each message that waits for a slow reader listens for the end of its wait.
  output.setMaxListeners(0);
  return output;
}

/** The stock transport on batched output, and a promise for its end: of standard input, by a broken pipe, or `close`. */
class StdioTransport extends StdioServerTransport {
  readonly ended: Promise<void>;
  readonly #end: () => void;
  readonly #output: Writable;

  constructor(output = batchedOutput()) {
    super(process.stdin, output);
    this.#output = output;
    process.stdout.on("error", (error) => output.destroy(error));
    const { promise, resolve } = withResolvers();
    this.ended = promise;
    this.#end = resolve;
  }

  override send(message: Parameters<StdioServerTransport["send"]>[0]): Promise<void> {
    if (this.#output.writableCorked === 0) {
      this.#output.cork();
      setImmediate(() => this.#output.uncork());
    }
    const list = listText(message);
    return list === undefined ? super.send(message) : this.#write(list);
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  override async close(): Promise<void> {
    await super.close();
    this.#end();
  }
}

/** `Promise.withResolvers` is not in Node 20. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/**
 * Serves MCP on standard input and output until the client closes its end or the process is told to stop.
 * Calls in flight are aborted then; whoever made them decides which of them to await.
 */
export async function serveOverStdio(parts: ServerParts): Promise<void> {
  const transport = new StdioTransport();
  const handle = serveStdio(() => createServer(parts), { transport });
  const stop = () => void handle.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  await transport.ended;
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
}
