/**
 * Seals: how a confirmation that was asked for is recognised when it comes back. A confirmation code and the state of an
 * elicitation are the same thing under two purposes.
 *
 * A seal is a nonce, the second it expires, and two keyed hashes of 16 bytes: one over what was asked, and one over that and
 * the target as it was. It holds no values, and nothing is kept but the nonces that were issued and not yet used.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isRecord } from "../json.ts";
import { confirmationMilliseconds } from "./confirmation-policy.ts";

/** What a seal is bound to. */
export interface Sealed {
  readonly purpose: "question" | "code";
  readonly registry: string;
  readonly caller: string;
  /** The guard's policy, as a text that differs where the policies do. */
  readonly policy: string;
  readonly tool: string;
  /** The call's arguments, without the seal. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What the target is now. */
  readonly identity: string;
}

/** The nonces that were issued and not yet used; several processes may share them. */
export interface NonceStore {
  /** @param expires milliseconds since 1970 */
  put(nonce: string, expires: number): Promise<void>;
  /** Takes a nonce out, and says whether it was there: of two that try, one succeeds. */
  take(nonce: string): Promise<boolean>;
}

export interface SealerOptions {
  readonly key: Buffer;
  readonly nonces: NonceStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is wrong with a seal: `strange` was made elsewhere or for another call, `changed` for a target that was different. */
export type SealTrouble = "strange" | "used" | "expired" | "changed";

export interface Sealer {
  seal(sealed: Sealed): Promise<string>;
  /** Uses a seal up, whatever comes of it; answers what is wrong with it, or undefined where it holds. */
  open(seal: string, sealed: Sealed): Promise<SealTrouble | undefined>;
}

const nonceBytes = 12;
const expiryBytes = 4;
const hashBytes = 16;
const headBytes = nonceBytes + expiryBytes;

/** Makes the sealer of one server. Replicas that share key and nonces take each other's seals. */
export function createSealer({ key, nonces, now }: SealerOptions): Sealer {
  const hash = (head: Buffer, ...parts: readonly string[]) =>
    createHmac("sha256", key).update(head).update(JSON.stringify(parts)).digest().subarray(0, hashBytes);

  const hashes = (head: Buffer, { purpose, registry, caller, policy, tool, given, identity }: Sealed) => {
    const call = [purpose, registry, caller, policy, tool, canonical(given)];
    return { call: hash(head, ...call), target: hash(head, ...call, identity) };
  };

  return {
    async seal(sealed) {
      const expires = Math.ceil((now() + confirmationMilliseconds) / 1000);
      const head = Buffer.alloc(headBytes);
      randomBytes(nonceBytes).copy(head);
      head.writeUInt32BE(expires, nonceBytes);
      const { call, target } = hashes(head, sealed);
      await nonces.put(nonceOf(head), expires * 1000);
      return Buffer.concat([head, call, target]).toString("base64url");
    },
    async open(seal, sealed) {
      const bytes = Buffer.from(seal, "base64url");
      if (bytes.length !== headBytes + 2 * hashBytes) return "strange";
      const head = bytes.subarray(0, headBytes);
      const { call, target } = hashes(head, sealed);
      if (!timingSafeEqual(bytes.subarray(headBytes, headBytes + hashBytes), call)) return "strange";
      const fresh = await nonces.take(nonceOf(head));
      if (head.readUInt32BE(nonceBytes) * 1000 <= now()) return "expired";
      if (!fresh) return "used";
      return timingSafeEqual(bytes.subarray(headBytes + hashBytes), target) ? undefined : "changed";
    },
  };
}

/** The nonces of one process. */
export function nonceStore(now: () => number): NonceStore {
  const issued = new Map<string, number>();
  return {
    async put(nonce, expires) {
      // All hold equally long: the first to be issued is the first to go.
      for (const [old, end] of issued) {
        if (end > now()) break;
        issued.delete(old);
      }
      issued.set(nonce, expires);
    },
    async take(nonce) {
      return issued.delete(nonce);
    },
  };
}

const nonceOf = (head: Buffer) => head.subarray(0, nonceBytes).toString("base64url");

/** JSON that is the same whatever the order in which an object's fields were written. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
