import { createHash, timingSafeEqual } from "node:crypto";
import { bearerOf, challenge } from "./bearer.ts";
import { type Authenticate, UnauthorizedError } from "./caller.ts";
import { type Key, sha256Of } from "./keys-file.ts";
import { restrictionsOf } from "./limits.ts";

/**
 * Callers show a key, and Quay is asked with the server's own token.
 *
 * @param token the server's
 */
export function authenticateByKey(keys: readonly Key[], token: string): Authenticate {
  const callers = keys.map(({ name, hash, limits }) => ({
    hash,
    caller: {
      name: `key ${name}`,
      id: createHash("sha256").update("key\0").update(`${name}\0`).update(hash).digest("hex"),
      token,
      restrictions: restrictionsOf([limits]),
    },
  }));
  return async (headers) => {
    const shown = bearerOf(headers);
    if (shown === undefined) {
      throw new UnauthorizedError("Show your key of this server: Authorization: Bearer KEY.", {
        challenge: challenge(),
      });
    }
    const hash = sha256Of(shown);
    // All are compared, also after one was found: the time it takes tells nothing of any.
    const [known] = callers.filter((each) => timingSafeEqual(each.hash, hash));
    if (known !== undefined) return { ...known.caller, credential: shown };
    throw new UnauthorizedError("This server does not know that key.", {
      challenge: challenge({ error: "invalid_token" }),
    });
  };
}
