/** Two replicas behind nginx, with a Redis between them, before a registry that remembers what it was asked. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scopes } from "../../src/operation.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { startNginx } from "./nginx.ts";
import { type RedisServer, startRedisServer } from "./redis-server.ts";
import { type Replica, startReplica } from "./replica.ts";

export interface Ground {
  readonly registry: Registry;
  readonly redis: RedisServer;
  readonly replicas: readonly [Replica, Replica];
  /** Through nginx, to either replica. */
  readonly url: string;
  /** A caller of its own with every right. */
  newCaller(): string;
  /** How often the registry was told to delete a tag. */
  deletions(target: TagName): number;
  close(): Promise<void>;
}

export interface TagName {
  readonly repository: string;
  readonly tag: string;
}

export interface GroundOptions {
  /** Of both replicas, besides what they need to be replicas. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds before every answer of the registry. */
  readonly latency?: number;
}

export async function openGround(options: GroundOptions = {}): Promise<Ground> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    return { ...(await open(options, (end) => closing.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param later is told how each thing ends, as soon as it began */
async function open(
  { settings = {}, latency = 0 }: GroundOptions,
  later: (end: () => Promise<unknown>) => void,
): Promise<Omit<Ground, "close">> {
  const directory = await mkdtemp(join(tmpdir(), "quay-mcp-replicas-"));
  later(() => rm(directory, { recursive: true }));
  const sealKeyFile = join(directory, "seal-key");
  await writeFile(sealKeyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  const registry = await startRegistry({
    repositories: 1000,
    requestsKept: 1_000_000,
    faults: { latency, faults: {} },
  });
  later(registry.close);
  const redis = await startRedisServer({ directory });
  later(redis.kill);
  const replica = async () => {
    const started = await startReplica({
      QUAY_URL: registry.url,
      QUAY_MCP_REDIS_URL: redis.url,
      QUAY_MCP_SEAL_KEY_FILE: sealKeyFile,
      QUAY_MCP_ALLOW: "destructive",
      ...settings,
    });
    later(started.kill);
    return started;
  };
  const replicas = [await replica(), await replica()] as const;
  const nginx = await startNginx(
    directory,
    replicas.map(({ port }) => port),
  );
  later(nginx.stop);
  return {
    registry,
    redis,
    replicas,
    url: nginx.url,
    newCaller: () => registry.addToken({ user: "ada", scopes }),
    deletions({ repository, tag }) {
      const path = `/api/v1/repository/${repository}/tag/${tag}`;
      return registry.requests.filter((request) => request.method === "DELETE" && request.path === path)
        .length;
    },
  };
}

/** Tags of the ground's registry that no test has used yet. */
export function* freshTags(): Generator<TagName, never> {
  for (let index = 0; ; index++) {
    const repository = `load-01/service-${String(Math.floor(index / 20)).padStart(5, "0")}`;
    yield { repository, tag: `v1.${index % 20}` };
  }
}
