import type { IncomingMessage, ServerResponse } from "node:http";
import { RefusedRequest } from "./refusals.ts";

/** The body of a request is longer than is read. */
export class BodyTooLongError extends Error {
  override readonly name = "BodyTooLongError";
}

export interface BodyLimits {
  readonly mostBodyBytes: number;
  /** Of what all bodies together have beyond their first 16 KiB, which nearly none has. */
  readonly mostBytesOfBodies: number;
}

/**
 * Reads a whole body. It is copied into one growing buffer as it comes, so that a body of a million tiny chunks takes no
 * more memory than another.
 *
 * @throws BodyTooLongError as soon as it is too long; RefusedRequest where there is no room for it, or the connection ends
 *   before the body
 */
export type ReadBody = (request: IncomingMessage, response: ServerResponse) => Promise<Buffer>;

const firstBytes = 16 * 1024;

/** Reads bodies that share the room for long ones. A body holds its room until its request was answered. */
export function createBodyReader({ mostBodyBytes, mostBytesOfBodies }: BodyLimits): ReadBody {
  let taken = 0;

  /** Takes room for a body that grows; says whether there was any. */
  function roomFor(response: ServerResponse): (bytes: number) => boolean {
    let own = 0;
    const leave = () => {
      taken -= own;
      own = 0;
    };
    return (bytes) => {
      if (taken + bytes > mostBytesOfBodies || response.destroyed) return false;
      if (own === 0) response.once("close", leave);
      own += bytes;
      taken += bytes;
      return true;
    };
  }

  return (request, response) =>
    new Promise((resolve, reject) => {
      if (request.destroyed) throw connectionEnded();
      const takeRoom = roomFor(response);
      const whole = Number(request.headers["content-length"] ?? mostBodyBytes);
      let body = Buffer.allocUnsafe(Math.min(whole, firstBytes));
      let length = 0;
      const giveUp = (error: Error) => {
        request.removeAllListeners("data").resume();
        reject(error);
      };
      request
        .on("data", (chunk: Buffer) => {
          const needed = length + chunk.length;
          if (needed > mostBodyBytes) return giveUp(new BodyTooLongError());
          if (needed > body.length) {
            const size = Math.max(needed, Math.min(body.length * 2, whole));
            if (size > firstBytes && !takeRoom(size - Math.max(body.length, firstBytes)))
              return giveUp(noRoom());
            const longer = Buffer.allocUnsafe(size);
            body.copy(longer, 0, 0, length);
            body = longer;
          }
          chunk.copy(body, length);
          length = needed;
        })
        .once("end", () => resolve(body.subarray(0, length)))
        .once("error", () => reject(connectionEnded()))
        .once("close", () => {
          if (!request.readableEnded) reject(connectionEnded());
        });
    });
}

const connectionEnded = () =>
  new RefusedRequest({ reason: "http", sentence: "The connection ended before the body." });

const noRoom = () =>
  new RefusedRequest({
    reason: "busy",
    sentence: "This server has as many long requests under way as it takes. Try again in a second.",
    headers: { "retry-after": "1" },
  });
