/** How Quay writes times, sizes and avatars. */
import { createHash } from "node:crypto";

/** RFC 2822 in UTC, as nearly every time of the API: `Sat, 21 Nov 2026 07:16:40 -0000`. */
export function rfc2822(time: Date): string {
  return time.toUTCString().replace("GMT", "-0000");
}

/** As service keys have it: `Sat, 21 Nov 2026 07:16:40 GMT`. */
export function rfc2822Gmt(time: Date): string {
  return time.toUTCString();
}

/** As mirrors and app tokens have it: `2026-11-21T07:31:51Z`. */
export function iso8601(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The same with microseconds, as times that Quay took itself are written: `2026-11-21T07:32:15.540000Z`. */
export function iso8601Micro(time: Date): string {
  return time
    .toISOString()
    .replace(/\.(\d+)Z$/, (_all, fraction: string) =>
      Number(fraction) === 0 ? "Z" : `.${fraction.padEnd(6, "0")}Z`,
    );
}

export const epochSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);
export const fromEpoch = (seconds: number): Date => new Date(seconds * 1000);

const sizeUnits = ["Byte", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** Sizes in words as quotas have them: `5.0 Byte`, `2.9 KiB`, `20.0 GiB`. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < sizeUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${sizeUnits[unit]}`;
}

export interface Avatar {
  readonly name: string;
  readonly hash: string;
  readonly color: string;
  readonly kind: string;
}

const avatarColors = (
  "969696 aec7e8 ff7f0e ffbb78 2ca02c 98df8a d62728 ff9896 9467bd c5b0d5 8c564b c49c94 e377c2 f7b6d2 7f7f7f c7c7c7 " +
  "bcbd22 1f77b4 17becf 9edae5 393b79 5254a3 6b6ecf 9c9ede 9ecae1 31a354 b5cf6b a1d99b 8c6d31 ad494a e7ba52 a55194"
).split(" ");

/**
 * An avatar as Quay computes it: the SHA-256 of the e-mail address (or the name), and a colour chosen by it.
 *
 * @param hash used instead, where the address is not known
 */
export function avatar(name: string, email: string | null, kind: string, hash?: string): Avatar {
  const value = hash ?? sha256((email || name).trim().toLowerCase());
  const color = avatarColors[Number.parseInt(value.slice(0, 2), 16) % avatarColors.length];
  return { name, hash: value, color: `#${color}`, kind };
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
