/** Numbers, identifiers and credentials that look random and are the same for the same seed. */

export interface Random {
  /** A number from 0 up to, not including, 1. */
  readonly next: () => number;
  readonly integer: (from: number, to: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly uuid: () => string;
  /** Capital letters and digits, as Quay's robot tokens and client identifiers have them. */
  readonly code: (length: number) => string;
  readonly hex: (length: number) => string;
}

/** mulberry32: small, and good enough for start data. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
  const hex = (length: number) => text("0123456789abcdef", length);
  return {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${text("89ab", 1)}${hex(3)}-${hex(12)}`,
    code: (length) => text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length),
    hex,
  };
}
