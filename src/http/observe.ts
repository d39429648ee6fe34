import type { CallObserver } from "../call/observer.ts";
import type { Exchange } from "../quay/client.ts";
import type { RefusedConnection } from "./connections.ts";
import type { Refusal } from "./refusals.ts";
import type { Told } from "./request-context.ts";

/** An HTTP request that was answered, or whose connection ended before. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** `/mcp`, the path of a page, or `other`. */
  readonly path: string;
  /** 0 where the connection ended before there was an answer. */
  readonly status: number;
  readonly milliseconds: number;
  /** The caller's name, where it came to be known: for logs, never for metrics. */
  readonly caller?: string;
  /** Why it was turned away before any tool was asked. */
  readonly refused?: Refusal["reason"];
  readonly told?: Told;
}

/** Hears what happens, for metrics and logs. What it does must neither throw nor take time. */
export interface Observer extends CallObserver {
  /** A request was read, checked and given to the protocol; `answered` follows. */
  readonly began?: (request: { readonly id: string }) => void;
  readonly answered?: (request: AnsweredRequest) => void;
  /** A connection was closed at once, since there were too many. */
  readonly refusedConnection?: (connection: RefusedConnection) => void;
  /** Quay answered, or could not be asked. */
  readonly exchanged?: (exchange: Exchange) => void;
  /** The protocol's own layer turned a request away, and told the client why. */
  readonly rejected?: (error: Error) => void;
  /** The program itself failed at a request, whose id it is. */
  readonly failed?: (error: unknown, request: string) => void;
}
