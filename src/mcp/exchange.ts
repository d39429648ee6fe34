import type { ServerResponse } from "node:http";
import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageClassification,
  PerRequestHTTPServerTransport,
  type Transport,
} from "@modelcontextprotocol/server";
import { listText } from "./list-text.ts";

/**
 * One request of a revision before 2026-07-28 and its answer, as the SDK's transport for a server without sessions would
 * serve it, but without a stream and two copies in between: a single answer is plain JSON, and a stream of events begins
 * only where there is something to say before it.
 */
export class EarlierExchange implements Transport {
  onclose?: () => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  /** Settles when the answer is written, or nobody waits for it any more. */
  readonly over: Promise<void>;
  readonly #request: JSONRPCRequest;
  readonly #response: ServerResponse;
  #isOver = false;
  #end = () => {};

  constructor(request: JSONRPCRequest, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.over = new Promise((resolve) => {
      this.#end = () => {
        this.#isOver = true;
        resolve();
      };
    });
  }

  async start(): Promise<void> {
    this.#response.once("close", () => void this.close());
  }

  /** Gives the request to the server that is connected. */
  begin(): void {
    this.onmessage?.(this.#request);
  }

  async send(message: JSONRPCMessage, options?: { relatedRequestId?: string | number }): Promise<void> {
    const isAnswer = "result" in message || "error" in message;
    const about = isAnswer ? message.id : options?.relatedRequestId;
    if (about !== this.#request.id || this.#response.destroyed || this.#response.writableEnded) return;
    if (isAnswer) this.#answer(textOf(message));
    else this.#say(JSON.stringify(message));
  }

  /** Nothing is left to close once it is answered. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#end();
    this.onclose?.();
  }

  #say(text: string): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, eventStream);
    this.#response.write(eventOf(text));
  }

  #answer(text: string): void {
    const response = this.#response;
    if (response.headersSent) response.end(eventOf(text));
    else answerJson(response, text);
    this.#end();
  }
}

/**
 * One request of revision 2026-07-28 and its answer: the SDK's transport for one, but a result with nothing before it, as
 * nearly all are, is written as it is, without a Response in between.
 */
export class StatelessExchange extends PerRequestHTTPServerTransport {
  /** Settles when a result was written; what is not is what `handleMessage` answers, or nobody waits for it any more. */
  readonly over: Promise<void>;
  readonly #response: ServerResponse;
  #hasSpoken = false;
  #isOver = false;
  #end = () => {};

  constructor(classification: MessageClassification, response: ServerResponse) {
    super({ classification });
    this.#response = response;
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
    response.once("close", () => {
      if (!this.#isOver) void this.close();
    });
  }

  override async send(...[message, options]: Parameters<Transport["send"]>): Promise<void> {
    if (this.#hasSpoken || !("result" in message)) {
      this.#hasSpoken = true;
      return super.send(message, options);
    }
    this.#isOver = true;
    answerJson(this.#response, textOf(message));
    this.#end();
  }
}

function answerJson(response: ServerResponse, text: string): void {
  if (response.destroyed || response.writableEnded) return;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  response.writeHead(200, headers).end(text);
}

function textOf(message: JSONRPCMessage): string {
  return listText(message) ?? JSON.stringify(message);
}

const eventOf = (text: string) => `event: message\ndata: ${text}\n\n`;

const eventStream = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};
