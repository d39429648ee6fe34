import type { Operation } from "../operation.ts";
import { quote } from "../sentences/cite.ts";
import type { Authorization } from "./authorization.ts";
import type { QuayClient, SendOptions } from "./client.ts";
import { QuayError } from "./errors.ts";

/**
 * How the request of an operation proves who is calling. For most it is the server's token; the registry's own API
 * (`/v2`) takes a registry token instead, which is fetched here, and a federated robot its OIDC token.
 *
 * @param values the checked arguments of the call
 * @throws QuayError where the registry token cannot be had or gives no access
 */
export async function authorize(
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
  client: QuayClient,
  options: SendOptions = {},
): Promise<Authorization> {
  if (operation.authentication === undefined) return "bearer";
  if (operation.authentication === "robot-federation") {
    return { basic: [String(values.robot), String(values.oidc_token)] };
  }
  return { bearer: await registryToken(operation, repositoryOf(values), client, options) };
}

function repositoryOf({
  repository,
  organization_name,
  repository_name,
}: Readonly<Record<string, unknown>>): string {
  return typeof repository === "string" ? repository : `${organization_name}/${repository_name}`;
}

/**
 * Exchanges the server's token, or none, for one of the registry's that may pull a repository
 * (https://distribution.github.io/distribution/spec/auth/token/).
 */
async function registryToken(
  operation: Operation,
  repository: string,
  client: QuayClient,
  options: SendOptions,
): Promise<string> {
  const service = encodeURIComponent(client.host);
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  const { body } = await client.request(
    {
      method: "GET",
      path: `/v2/auth?service=${service}&scope=${scope}`,
      authorization: "oauthtoken",
      operation,
    },
    options,
  );
  const token = (body as { token?: unknown } | null | undefined)?.token;
  if (typeof token !== "string" || grantsNothing(token)) throw noAccess(repository);
  return token;
}

/**
 * Quay also answers 200 where access is not granted, with a token that grants nothing. A token that cannot be read here
 * is given the benefit of the doubt: the registry decides.
 */
function grantsNothing(token: string): boolean {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return (
      Array.isArray(claims.access) &&
      !claims.access.some((access: { actions?: unknown } | null) => {
        const actions = access?.actions;
        return Array.isArray(actions) && (actions.includes("pull") || actions.includes("*"));
      })
    );
  } catch {
    return false;
  }
}

function noAccess(repository: string): QuayError {
  return new QuayError({
    kind: "no-access",
    message: `The registry gave no access to ${quote(repository)}.`,
    hint: "The repository is not there, or the token's owner or its scopes (repo:read) do not allow reading it: Quay does not tell which.",
  });
}
