import { randomBytes } from "node:crypto";
import type { Compacted } from "../answer/compact.ts";
import { type AnswerStore, storeLimits } from "../answer/stored.ts";
import { RefusedError } from "../errors.ts";
import { clock } from "./brakes.ts";
import { keyOfCaller } from "./keys.ts";
import { type Redis, StoreError } from "./redis.ts";

export interface SharedAnswerLimits {
  readonly milliseconds: number;
  /** Of each caller; how much all may take is Redis's own setting (`maxmemory`). */
  readonly answersOfCaller: number;
  readonly bytesOfCaller: number;
}

export const sharedAnswerLimits: SharedAnswerLimits = { ...storeLimits, bytesOfCaller: 8 * 1024 * 1024 };

/**
 * A caller has two keys: the answers by their names, and until when each is kept. The oldest ones leave for a new one.
 * KEYS: both. ARGV: name, answer, milliseconds, most answers, most bytes.
 */
const keep = `${clock}
local function drop(name)
  redis.call("HDEL", KEYS[1], name)
  redis.call("ZREM", KEYS[2], name)
end
for _, name in ipairs(redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", now)) do drop(name) end
local names = redis.call("ZRANGE", KEYS[2], 0, -1)
local bytes = #ARGV[2]
for _, name in ipairs(names) do bytes = bytes + redis.call("HSTRLEN", KEYS[1], name) end
local count = #names
for _, name in ipairs(names) do
  if count < tonumber(ARGV[4]) and bytes <= tonumber(ARGV[5]) then break end
  bytes = bytes - redis.call("HSTRLEN", KEYS[1], name)
  count = count - 1
  drop(name)
end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
redis.call("ZADD", KEYS[2], now + ARGV[3] * 1000, ARGV[1])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
redis.call("PEXPIRE", KEYS[2], ARGV[3])`;

const read = `${clock}
local kept = redis.call("ZSCORE", KEYS[2], ARGV[1])
if not kept or tonumber(kept) <= now then return nil end
return redis.call("HGET", KEYS[1], ARGV[1])`;

/** The answers that replicas share. */
export function redisAnswers(redis: Redis, limits: SharedAnswerLimits = sharedAnswerLimits): AnswerStore {
  const keysOf = (caller: string) => [keyOfCaller("answers", caller), keyOfCaller("answers-until", caller)];
  return {
    async keep(caller, body) {
      const json = JSON.stringify(body.value) ?? "null";
      if (Buffer.byteLength(json) > limits.bytesOfCaller) return undefined;
      const id = randomBytes(16).toString("base64url");
      const most = [limits.milliseconds, limits.answersOfCaller, limits.bytesOfCaller].map(String);
      try {
        await redis.run({ lua: keep, keys: keysOf(caller), arguments: [id, json, ...most] });
        return id;
      } catch (error) {
        // What does not fit is then cut without a way to the rest, which is better than no answer.
        if (error instanceof StoreError) return undefined;
        throw error;
      }
    },
    async read(caller, id) {
      try {
        const json = await redis.run({ lua: read, keys: keysOf(caller), arguments: [id] });
        return typeof json === "string" ? ({ value: JSON.parse(json) as unknown } as Compacted) : undefined;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        throw new RefusedError(
          "The stored answer cannot be read: this server's shared store is not reachable. Try again in a few seconds, or make the call that led to it again.",
          { cause: error },
        );
      }
    },
  };
}
