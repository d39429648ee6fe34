/**
 * How a request proves who is calling: by the server's OAuth token, as Bearer or (`oauthtoken`) as the password of the
 * registry's user `$oauthtoken`; by something of its own; or not at all.
 */
export type Authorization =
  | "bearer"
  | "oauthtoken"
  | "none"
  | { readonly basic: readonly [user: string, password: string] }
  | { readonly bearer: string };

/** The value of the Authorization header; undefined where there is none, so also without a token. */
export function authorizationValue(
  authorization: Authorization,
  token: string | undefined,
): string | undefined {
  if (typeof authorization === "object") {
    return "bearer" in authorization ? `Bearer ${authorization.bearer}` : basic(...authorization.basic);
  }
  if (authorization === "none" || token === undefined) return undefined;
  return authorization === "bearer" ? `Bearer ${token}` : basic("$oauthtoken", token);
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** What of an authorization must never be told, besides the server's token. */
export function secretOf(authorization: Authorization): string | undefined {
  if (typeof authorization !== "object") return undefined;
  return "bearer" in authorization ? authorization.bearer : authorization.basic[1];
}
