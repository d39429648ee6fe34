import type { Server } from "node:http";
import type { Socket } from "node:net";

interface ConnectionLimits {
  readonly mostConnections: number;
  readonly mostConnectionsPerAddress: number;
}

/** A connection that was closed at once. */
export interface RefusedConnection {
  /** Whose limit was reached: the server's, or that of one address. */
  readonly limit: "server" | "address";
  /** Where it came from, as far as that is known. */
  readonly from: string | undefined;
}

/**
 * Limits the connections of a server, in all and from one address, before a byte of them is read. Whoever needs a token
 * could hold them all without one.
 */
export function limitConnections(
  server: Server,
  { mostConnections, mostConnectionsPerAddress: most }: ConnectionLimits,
  refused: (connection: RefusedConnection) => void = () => {},
): void {
  server.maxConnections = mostConnections;
  server.on("drop", (dropped) => refused({ limit: "server", from: networkOf(dropped?.remoteAddress) }));
  if (most === 0) return;
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const from = networkOf(socket.remoteAddress);
    // Its other end has gone again.
    if (from === undefined) return void socket.destroy();
    const count = open.get(from) ?? 0;
    if (count >= most) {
      socket.destroy();
      return refused({ limit: "address", from });
    }
    open.set(from, count + 1);
    socket.once("close", () => {
      const left = open.get(from)! - 1;
      if (left === 0) open.delete(from);
      else open.set(from, left);
    });
  });
}

/**
 * Who has an address, as far as it tells: for IPv6 the /64 network, since each of its 2^64 addresses is there for whoever
 * has one of them.
 */
export function networkOf(address: string | undefined): string | undefined {
  if (!address?.includes(":")) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [before = [], after = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
