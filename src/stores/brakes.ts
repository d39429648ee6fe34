import { randomBytes } from "node:crypto";
import type { BrakeStore } from "../guard/brake.ts";
import { keyOfCaller } from "./keys.ts";
import { orRefused, type Redis } from "./redis.ts";

/** Redis's own clock counts, since those of replicas differ. Microseconds since 1970, which tell what came first. */
export const clock = `local time = redis.call("TIME")
local now = time[1] * 1000000 + time[2]`;

const wouldAdmit = `${clock}
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now - 60000000)
if redis.call("ZCARD", KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
`;

const admit = `${wouldAdmit}redis.call("ZADD", KEYS[1], now, ARGV[2])
redis.call("PEXPIRE", KEYS[1], 60000)
return 1`;

/** The counts that replicas share. Throws RefusedError while Redis is away. */
export function redisBrakes(redis: Redis): BrakeStore {
  const says = async (lua: string, caller: string, ...values: readonly string[]) => {
    const keys = [keyOfCaller("brake", caller)];
    return (await orRefused(redis.run({ lua, keys, arguments: values }))) === 1;
  };
  return {
    admit: (caller, limit) => says(admit, caller, String(limit), randomBytes(9).toString("base64url")),
    wouldAdmit: (caller, limit) => says(`${wouldAdmit}return 1`, caller, String(limit)),
  };
}
