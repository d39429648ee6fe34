import type { NonceStore } from "../guard/seal.ts";
import { keyOf } from "./keys.ts";
import { orRefused, type Redis } from "./redis.ts";

/**
 * A nonce is kept with the identity of the Redis process that took it in, and holds in that process alone. Were it not so, a
 * Redis that was restarted from a snapshot, or a follower that took over, could know a nonce that was used in the meantime.
 */
const runId = `local id = string.match(redis.call("INFO", "server"), "run_id:(%w+)")`;

const put = `${runId}
redis.call("SET", KEYS[1], id, "PX", ARGV[1])`;

const take = `${runId}
return redis.call("GETDEL", KEYS[1]) == id and 1 or 0`;

/**
 * The nonces that replicas share: lost means refused.
 *
 * Both throw RefusedError while Redis is away.
 *
 * @param now milliseconds since 1970
 */
export function redisNonces(redis: Redis, now: () => number): NonceStore {
  const run = (lua: string, nonce: string, ...given: readonly string[]) =>
    orRefused(redis.run({ lua, keys: [keyOf("nonce", nonce)], arguments: given }));
  return {
    async put(nonce, expires) {
      // As a span, since Redis's clock is another.
      await run(put, nonce, String(Math.max(1, Math.ceil(expires - now()))));
    },
    async take(nonce) {
      return (await run(take, nonce)) === 1;
    },
  };
}
