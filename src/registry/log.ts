/** What was done is written down, as Quay's action logs have it. */
import type { Call } from "./call.ts";
import type { Item, LogEntry, Repository } from "./state.ts";

/**
 * Writes an entry into the logs: who did what, by which token.
 *
 * @param namespace name of the user or organization it happened in; null for what concerns the registry as a whole
 */
export function record(
  call: Call,
  kind: string,
  namespace: string | null,
  metadata: Item,
  repository: string | null = null,
): void {
  const token = call.caller?.token;
  append(call, {
    kind,
    metadata: {
      ...metadata,
      ...(token && {
        oauth_token_id: token.id,
        oauth_token_application_id: "embeddedregistry0000",
        oauth_token_application: "Embedded registry",
      }),
    },
    performer: call.caller?.user.name ?? null,
    namespace,
    repository,
  });
}

/** Without the token, and perhaps without who it was: what Quay's build queue notes. */
export function recordBuild(
  call: Call,
  { name, namespace }: Repository,
  metadata: Item,
  performer: string | null,
): void {
  append(call, { kind: "build_dockerfile", metadata, performer, namespace, repository: name });
}

function append(call: Call, entry: Omit<LogEntry, "time" | "ip">): void {
  call.state.logs.push({ ...entry, time: call.state.now(), ip: "127.0.0.1" });
}

/** The same for what happened in a repository: the entry names it. */
export function recordIn(call: Call, repository: Repository, kind: string, metadata: Item = {}): void {
  const { name, namespace } = repository;
  record(call, kind, namespace, { repo: name, namespace, ...metadata }, name);
}
