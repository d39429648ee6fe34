import { type AnswerStore, createAnswerStore } from "../answer/stored.ts";
import { type BrakeStore, brakeStore } from "../guard/brake.ts";
import { type NonceStore, nonceStore } from "../guard/seal.ts";
import { type Say, sayOnStandardError } from "../say.ts";

/** What the callers of a server share, and its replicas where there are several. */
export interface Stores {
  readonly nonces: NonceStore;
  readonly brakes: BrakeStore;
  readonly answers: AnswerStore;
  /** Whether they can be used now: while they cannot, reads go on and destructive calls are refused. */
  ready(): boolean;
  close(): void;
}

export interface StoresOptions {
  /** Where replicas share them; without it they live in the process. */
  readonly redisUrl?: string | undefined;
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. */
  readonly authorities?: string | undefined;
  /** Told when Redis is lost and when it is back; standard error, unless said otherwise. */
  readonly say?: Say;
  /** Milliseconds since 1970; the machine's clock, unless a test has another. */
  readonly now?: () => number;
}

/** Opens the stores. A Redis that is away is no error: it is waited for while the server runs. */
export async function createStores(options: StoresOptions = {}): Promise<Stores> {
  const { redisUrl, authorities, now = Date.now, say = sayOnStandardError } = options;
  if (redisUrl === undefined) {
    return {
      nonces: nonceStore(now),
      brakes: brakeStore(),
      answers: createAnswerStore(),
      ready: () => true,
      close() {},
    };
  }
  const [{ connectRedis }, { redisNonces }, { redisBrakes }, { redisAnswers }] = await Promise.all([
    import("./redis.ts"),
    import("./nonces.ts"),
    import("./brakes.ts"),
    import("./answers.ts"),
  ]);
  const redis = await connectRedis({ url: redisUrl, authorities, say });
  return {
    nonces: redisNonces(redis, now),
    brakes: redisBrakes(redis),
    answers: redisAnswers(redis),
    ready: redis.ready,
    close: redis.close,
  };
}
