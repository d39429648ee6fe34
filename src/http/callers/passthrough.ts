import { createHash } from "node:crypto";
import { bearerOf, challenge } from "./bearer.ts";
import { type Authenticate, UnauthorizedError } from "./caller.ts";

/**
 * Callers bring their own token of Quay. Whether it holds is Quay's to say, with each call: Quay answers 401 to good
 * tokens as well, where they may not do something.
 */
export const passthrough: Authenticate = async (headers) => {
  const token = bearerOf(headers);
  if (token === undefined) {
    throw new UnauthorizedError("Bring your own token of the registry: Authorization: Bearer TOKEN.", {
      challenge: challenge(),
    });
  }
  const id = createHash("sha256").update(token).digest("hex");
  return { name: `token ${id.slice(0, 8)}`, id, token, restrictions: [] };
};
