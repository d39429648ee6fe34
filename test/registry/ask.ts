/** Asking an embedded registry over HTTP, as any client would. */
import type { Registry } from "../../src/registry/server.ts";

/** The time at which the tests' registries stand still. */
export const noon = () => new Date("2026-11-21T12:00:00Z");

export function ask(
  registry: Pick<Registry, "url">,
  path: string,
  token?: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: unknown } = {},
): Promise<Response> {
  return fetch(`${registry.url}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** What a superuser is shown. */
export async function read<Answer>(registry: Registry, path: string): Promise<Answer> {
  const answer = await ask(registry, `/api/v1/${path}`, registry.tokens.superuser);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
