import { main, type Running, startNode } from "../support/processes.ts";

/** The registries that are compared. */
export const sizes = [100, 100_000] as const;
export const sizeNames = ["100 repositories", "100,000 repositories"] as const;

/** The embedded registry as a process of its own. */
export interface EmbeddedRegistry extends Running {
  readonly url: string;
  readonly token: string;
  /** Milliseconds until it said where it is. */
  readonly time: number;
}

/** Starts the embedded registry with so many repositories. */
export async function start(repositories: number): Promise<EmbeddedRegistry> {
  const started = performance.now();
  const size = ["--repositories", String(repositories), "--tags-per-repository", "50"];
  const running = await startNode([main, "registry", "--json", ...size], { on: "stdout", line: /^\{/ });
  const time = performance.now() - started;
  const { url, tokens } = JSON.parse(running.said);
  return { ...running, url, token: tokens.superuser, time };
}
