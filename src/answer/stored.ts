/** Whole answers that did not fit, kept for a while: for their caller alone, under names that nobody can guess. */
import { randomBytes } from "node:crypto";
import type { Compacted } from "./compact.ts";

export interface StoreLimits {
  readonly milliseconds: number;
  readonly answers: number;
  readonly bytes: number;
  /** Of which one caller may have so many, lest it drive out the others'. */
  readonly answersOfCaller: number;
  readonly bytesOfCaller: number;
}

export const storeLimits: StoreLimits = {
  milliseconds: 15 * 60_000,
  answers: 128,
  bytes: 32 * 1024 * 1024,
  answersOfCaller: 16,
  bytesOfCaller: 16 * 1024 * 1024,
};

/** Several processes may share one. */
export interface AnswerStore {
  /**
   * Keeps an answer, at the cost of the oldest ones.
   *
   * @returns its name, or undefined where it is larger than all that may be kept, or cannot be kept now
   */
  keep(caller: string, body: Compacted): Promise<string | undefined>;
  /** The answer, or undefined where there is none, it was too long ago, or it is another caller's. */
  read(caller: string, id: string): Promise<Compacted | undefined>;
}

interface Stored {
  readonly caller: string;
  /** JSON takes a fifth of the memory of the values it is made from. */
  readonly json: Buffer;
  readonly until: number;
}

/**
 * The answers of one process.
 *
 * @param now milliseconds of a clock that never goes back
 * @param random as many unguessable bytes
 */
export function createAnswerStore(
  limits: StoreLimits = storeLimits,
  now: () => number = () => performance.now(),
  random: (bytes: number) => Buffer = randomBytes,
): AnswerStore {
  // From the oldest to the newest, which is the order in which they end, too.
  const stored = new Map<string, Stored>();
  let bytes = 0;

  const drop = (id: string) => {
    bytes -= stored.get(id)?.json.byteLength ?? 0;
    stored.delete(id);
  };
  const dropEnded = () => {
    for (const [id, { until }] of stored) {
      if (until > now()) return;
      drop(id);
    }
  };
  const dropOldest = (caller?: string) => {
    for (const [id, one] of stored) if (caller === undefined || one.caller === caller) return drop(id);
  };
  const isFull = (caller: string, added: number) => {
    const own = [...stored.values()].filter((one) => one.caller === caller);
    const size = own.reduce((sum, { json }) => sum + json.byteLength, added);
    return own.length >= limits.answersOfCaller || size > limits.bytesOfCaller;
  };

  return {
    async keep(caller, body) {
      dropEnded();
      const json = Buffer.from(JSON.stringify(body.value) ?? "null");
      if (json.byteLength > Math.min(limits.bytes, limits.bytesOfCaller)) return undefined;
      while (isFull(caller, json.byteLength)) dropOldest(caller);
      while (stored.size >= limits.answers || bytes + json.byteLength > limits.bytes) dropOldest();
      const id = random(16).toString("base64url");
      stored.set(id, { caller, json, until: now() + limits.milliseconds });
      bytes += json.byteLength;
      return id;
    },
    async read(caller, id) {
      dropEnded();
      const found = stored.get(id);
      if (found === undefined || found.caller !== caller) return undefined;
      return { value: JSON.parse(found.json.toString()) as unknown } as Compacted;
    },
  };
}
