import { createHash } from "node:crypto";
import { bearerOf, challenge } from "./bearer.ts";
import { type Authenticate, UnauthorizedError } from "./caller.ts";

/** Of a token. Quay's have some dozens; what is longer would be memory that anybody can fill. */
const mostCharacters = 4096;

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
  if (token.length > mostCharacters) {
    throw new UnauthorizedError(
      `That is no token of the registry: it has more than ${mostCharacters} characters.`,
      {
        challenge: challenge({ error: "invalid_token" }),
      },
    );
  }
  const id = createHash("sha256").update(token).digest("hex");
  return { name: `token ${id.slice(0, 8)}`, id, token, restrictions: [] };
};
