import type { IncomingMessage } from "node:http";

/** The body of a request is longer than is read. */
export class BodyTooLongError extends Error {
  override readonly name = "BodyTooLongError";
}

const firstBytes = 16 * 1024;

/**
 * Reads a whole body. It is copied into one growing buffer as it comes, so that a body of a million tiny chunks takes no
 * more memory than another.
 *
 * @throws BodyTooLongError as soon as it is longer than `most` bytes; an Error when the connection ends before the body
 */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) throw connectionEnded();
    const declared = Number(request.headers["content-length"] ?? firstBytes);
    let body = Buffer.allocUnsafe(Math.min(declared, firstBytes));
    let length = 0;
    request
      .on("data", (chunk: Buffer) => {
        const needed = length + chunk.length;
        if (needed > most) {
          request.removeAllListeners("data").resume();
          reject(new BodyTooLongError());
          return;
        }
        if (needed > body.length) {
          const longer = Buffer.allocUnsafe(Math.max(needed, body.length * 2));
          body.copy(longer, 0, 0, length);
          body = longer;
        }
        chunk.copy(body, length);
        length = needed;
      })
      .once("end", () => resolve(body.subarray(0, length)))
      .once("error", reject)
      .once("close", () => {
        if (!request.readableEnded) reject(connectionEnded());
      });
  });
}

const connectionEnded = () => new Error("The connection ended before the body.");
