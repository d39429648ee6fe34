import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { UsageError } from "../errors.ts";
import type { BodyLimits } from "./body.ts";
import { type Certificate, usable } from "./certificate.ts";
import { limitConnections, type RefusedConnection } from "./connections.ts";
import { refusalAnswer } from "./refusals.ts";

/** How much and how long a client may send, wait and read. */
export interface Limits extends BodyLimits {
  readonly mostHeaderBytes: number;
  readonly mostHeaders: number;
  readonly mostConnections: number;
  /** 0 where one address may have all of them. */
  readonly mostConnectionsPerAddress: number;
  /** Milliseconds from the first byte of a request to the last of its headers. */
  readonly headersMilliseconds: number;
  /** Milliseconds from the first byte of a request to the last of its body. */
  readonly requestMilliseconds: number;
  /** Milliseconds for which a connection may be idle between requests. */
  readonly idleMilliseconds: number;
  /** Milliseconds for which an answer may wait for its reader. */
  readonly readingMilliseconds: number;
  /** Milliseconds between looks at what takes too long. */
  readonly checkMilliseconds: number;
}

export const usualLimits: Limits = {
  mostHeaderBytes: 16 * 1024,
  mostHeaders: 100,
  mostBodyBytes: 1024 * 1024,
  mostBytesOfBodies: 32 * 1024 * 1024,
  mostConnections: 4096,
  mostConnectionsPerAddress: 1024,
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
  // Longer than the minute for which proxies keep theirs, so that none sends a request into a connection that ends.
  idleMilliseconds: 75_000,
  readingMilliseconds: 60_000,
  checkMilliseconds: 2_000,
};

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  /** Without it, it is http. */
  readonly tls?: Certificate | undefined;
  readonly limits: Limits;
  /** Hears that a connection was closed at once, since there were too many. */
  readonly refused?: ((connection: RefusedConnection) => void) | undefined;
}

export interface Listener {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly draining: boolean;
  /** How many connections are open. */
  readonly connections: number;
  /**
   * Shows another certificate to those who connect from now on.
   *
   * @throws UsageError where it cannot be used: then the one from before is shown
   */
  renew(certificate: Certificate): void;
  /** Takes no more connections, waits for the requests under way as long as said, and ends what is left. */
  close(drainMilliseconds: number): Promise<void>;
}

/** @throws UsageError where it cannot listen, or the certificate cannot be used */
export async function listen(listener: RequestListener, options: ListenerOptions): Promise<Listener> {
  const { host, port, tls, limits, refused } = options;
  let draining = false;
  const endWithConnection = trackAnswers();
  const server = createWithLimits(options, (request, response) => {
    endWithConnection(request.socket, response);
    if (draining) response.setHeader("connection", "close");
    response.once("close", () => draining && server.closeIdleConnections());
    listener(request, response);
  });
  limitConnections(server, limits, refused);
  const connected = trackSockets(server, "connection");
  const sockets = tls === undefined ? connected : trackSockets(server, "secureConnection");
  const watch = setInterval(() => endSlowReaders(sockets, limits), limits.checkMilliseconds).unref();
  server.on("clientError", answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, options)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `${tls === undefined ? "http" : "https"}://${name}:${address.port}`,
    get draining() {
      return draining;
    },
    get connections() {
      return sockets.size;
    },
    renew(certificate) {
      if (server instanceof TlsServer) server.setSecureContext(usable(certificate));
    },
    async close(drainMilliseconds) {
      draining = true;
      // Node would wait for those that have asked nothing yet, and for handshakes.
      endAll([...connected.keys(), ...sockets.keys()].filter(({ bytesRead }) => bytesRead === 0));
      const enough = setTimeout(() => endAll(connected.keys()), drainMilliseconds);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(enough);
      clearInterval(watch);
    },
  };
}

function createWithLimits({ tls, limits }: ListenerOptions, listener: RequestListener): Server {
  const options: ServerOptions = {
    maxHeaderSize: limits.mostHeaderBytes,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    keepAliveTimeout: limits.idleMilliseconds,
    connectionsCheckingInterval: limits.checkMilliseconds,
    noDelay: true,
  };
  const server =
    tls === undefined ? createServer(options, listener) : createTlsServer(options, tls, listener);
  // One more than is allowed: what Node leaves out cannot be counted.
  server.maxHeadersCount = limits.mostHeaders + 1;
  return server;
}

function createTlsServer(options: ServerOptions, tls: Certificate, listener: RequestListener): TlsServer {
  return new TlsServer({ ...options, ...usable(tls), handshakeTimeout: options.headersTimeout! }, listener);
}

/** The connections, and since when something waits for the reader of each. */
function trackSockets(server: Server, event: "connection" | "secureConnection"): Map<Socket, number> {
  const sockets = new Map<Socket, number>();
  server.on(event, (socket: Socket) => {
    sockets.set(socket, Number.POSITIVE_INFINITY);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

/**
 * Node forgets the answers to pipelined requests whose turn had not come when their connection ended. Whatever waits for
 * them would wait for ever, and hold its room.
 */
function trackAnswers(): (socket: Socket, response: ServerResponse) => void {
  const answers = new WeakMap<Socket, Set<ServerResponse>>();
  const track = (socket: Socket): Set<ServerResponse> => {
    const open = new Set<ServerResponse>();
    answers.set(socket, open);
    socket.once("close", () => {
      for (const response of open) if (response.socket === null) response.destroy().emit("close");
    });
    return open;
  };
  return (socket, response) => {
    const open = answers.get(socket) ?? track(socket);
    open.add(response);
    response.once("close", () => open.delete(response));
  };
}

function endAll(sockets: Iterable<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

/** Ends connections whose reader has not caught up for too long: what waits for it is memory of everybody. */
function endSlowReaders(sockets: Map<Socket, number>, { readingMilliseconds }: Limits): void {
  const now = performance.now();
  for (const [socket, since] of sockets) {
    if (socket.writableLength === 0) sockets.set(socket, Number.POSITIVE_INFINITY);
    else if (since === Number.POSITIVE_INFINITY) sockets.set(socket, now);
    else if (now - since > readingMilliseconds) socket.destroy();
  }
}

const broken = {
  HPE_HEADER_OVERFLOW: { reason: "headers", sentence: "The headers are too long." },
  ERR_HTTP_REQUEST_TIMEOUT: { reason: "time", sentence: "The request took too long to come." },
} as const;

/** Answers what Node could not make a request of, or did not wait for. */
function answerBrokenRequest({ code = "" }: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || code === "ECONNRESET") return void socket.destroy();
  const known = broken[code as keyof typeof broken];
  const { status, text } = refusalAnswer(known ?? { reason: "http", sentence: "This is no HTTP request." });
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + text, () => socket.destroy());
}

function cannotListen({ code, message }: NodeJS.ErrnoException, { host, port }: ListenerOptions): UsageError {
  if (code === "EADDRINUSE")
    return new UsageError(`Port ${port} of ${host} is in use: choose another with --port.`);
  if (code === "EACCES") return new UsageError(`Port ${port} may not be opened: choose one above 1023.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new UsageError(`--host ${host} is no address of this machine.`);
  return new UsageError(`The server cannot listen on ${host}, port ${port} (${code ?? message}).`);
}
