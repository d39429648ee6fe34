/** Redis or Valkey, as far as the shared stores need it: scripts that run, or fail within a second. */
import { setTimeout as wait } from "node:timers/promises";
import { rootCertificates } from "node:tls";
import { createClient, type ErrorReply } from "@redis/client";
import { RefusedError } from "../errors.ts";
import type { Say } from "../say.ts";

/** A script of Redis; all keys that it touches are given to it. */
export interface Script {
  readonly lua: string;
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}

export interface Redis {
  /** @throws StoreError where Redis is not reachable, does not answer or refuses; the script may have run nevertheless */
  run(script: Script): Promise<unknown>;
  ready(): boolean;
  close(): void;
}

export interface RedisOptions {
  /** `redis://` or, with TLS, `rediss://`; it may hold a password and appears nowhere. */
  readonly url: string;
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. */
  readonly authorities?: string | undefined;
  /** Told when Redis is lost and when it is back. */
  readonly say: Say;
}

/** What replicas share cannot be had now. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** How long a call waits for Redis. */
const answerMilliseconds = 1000;
const connectMilliseconds = 2000;
/** Redis is asked at least so often whether it is there, … */
const pingMilliseconds = 2000;
/** … and a connection on which nothing moves for so long is given up for a new one. */
const silenceMilliseconds = 5000;
const mostBetweenAttempts = 1000;

/**
 * Connects, and goes on trying for as long as it takes; comes back once the first attempt succeeded, failed or takes too long.
 *
 * No command waits for a connection or is sent twice: what cannot be done now fails now.
 */
export async function connectRedis({ url, authorities, say }: RedisOptions): Promise<Redis> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    pingInterval: pingMilliseconds,
    socket: {
      connectTimeout: connectMilliseconds,
      socketTimeout: silenceMilliseconds,
      // Replicas that lost Redis together do not come back together.
      reconnectStrategy: (attempts) =>
        Math.min(50 * 2 ** attempts, mostBetweenAttempts) * (0.5 + Math.random() / 2),
      ...(authorities !== undefined && { ca: [...rootCertificates, authorities] }),
    },
  });

  let trouble: string | undefined;
  const lost = (error: unknown) => {
    const why = reasonOf(error);
    if (why === trouble) return;
    trouble = why;
    say(`The shared store (--redis-url) fails: ${why}. Destructive calls are refused until it answers.`);
  };
  const found = () => {
    if (trouble !== undefined) say("The shared store (--redis-url) answers again.");
    trouble = undefined;
  };

  // A command was not answered in time. Nothing more is sent, or the connection would never count as silent.
  let isSilent = false;
  const heard = () => {
    isSilent = false;
  };
  const tried = new Promise<void>((resolve) => {
    client.once("ready", resolve).once("error", () => resolve());
  });
  client.on("error", lost).on("ready", () => {
    heard();
    found();
  });
  const ready = () => client.isReady && !isSilent;

  // It ends when the client is closed, and what went wrong meanwhile was told to the listeners.
  client.connect().catch(() => {});
  await Promise.race([tried, wait(connectMilliseconds, undefined, { ref: false })]);
  return {
    async run({ lua, keys, arguments: given }) {
      if (!ready()) throw new StoreError("The shared store is not connected.");
      const reply = client.eval(lua, { keys: [...keys], arguments: [...given] });
      reply.then(heard, (error: unknown) => {
        if (isReply(error)) heard();
      });
      try {
        const value = await within(reply, answerMilliseconds, () => {
          isSilent = true;
        });
        found();
        return value;
      } catch (error) {
        lost(error);
        throw new StoreError(`The shared store did not do it: ${reasonOf(error)}.`, { cause: error });
      }
    },
    ready,
    close() {
      client.destroy();
    },
  };
}

/**
 * Nothing that destroys goes on without what replicas share.
 *
 * @throws RefusedError where the store is away
 */
export async function orRefused<Value>(stored: Promise<Value>): Promise<Value> {
  try {
    return await stored;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new RefusedError(
      "The call was not sent: this server's shared store is not reachable, and without it nobody could say whether the call was confirmed once or twice. Reads go on; try again in a few seconds.",
      { cause: error },
    );
  }
}

async function within<Value>(value: Promise<Value>, milliseconds: number, late: () => void): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new StoreError(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([value, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error that Redis itself answered begins with a word in capitals: `NOPERM`, `OOM`, `LOADING`, `READONLY`. */
function isReply(error: unknown): error is ErrorReply {
  return error instanceof Error && /^[A-Z]+ /.test(error.message);
}

/** A few words, in which no URL stands; where in a script it happened is left out. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ?? message).replace(/( or subcommand)? script: .*| *\.$/s, "");
}
