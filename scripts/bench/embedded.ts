import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bareEnvironment } from "./raw-client.ts";

/** The registries that are compared. */
export const sizes = [100, 100_000] as const;
export const sizeNames = ["100 repositories", "100,000 repositories"] as const;

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  /** Milliseconds until it said where it is. */
  readonly time: number;
}

/** Starts the embedded registry with so many repositories. */
export async function start(repositories: number): Promise<Running> {
  const started = performance.now();
  const size = ["--repositories", String(repositories), "--tags-per-repository", "50"];
  const child = spawn(process.execPath, [main, "registry", "--json", ...size], {
    env: bareEnvironment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
  const time = performance.now() - started;
  const { url, tokens } = JSON.parse(line);
  return { child, url, token: tokens.superuser, time };
}

export async function stop({ child }: Running): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}
