import * as z from "zod";
import { integer } from "../config.ts";
import { UsageError } from "../errors.ts";
import { type Fault, type FaultPlan, FaultPlan as FaultPlanSchema, faultKinds } from "../registry/faults.ts";
import type { People } from "../registry/people.ts";
import { type Registry, startRegistry } from "../registry/server.ts";

/** `429=0.1,hang=0.01` as shares by kind. */
const shares = z.string().transform((text, context): Partial<Record<Fault, number>> => {
  const found: Partial<Record<Fault, number>> = {};
  for (const part of text.split(",")) {
    const match = /^\s*(\w+)=(0|1|[01]?\.\d+)\s*$/.exec(part);
    const kind = faultKinds.find((known) => known === match?.[1]);
    if (match === null || kind === undefined) {
      context.addIssue(`must be shares from 0 to 1 of ${faultKinds.join(", ")}, such as 429=0.1,hang=0.01`);
      return z.NEVER;
    }
    found[kind] = Number(match[2]);
  }
  return found;
});

const Options = z.object({
  port: integer(0, 65_535).default(0),
  json: z.boolean().default(false),
  seed: integer(0, 2 ** 32 - 1).default(1),
  now: z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-21T09:00:00Z" }).optional(),
  repositories: integer(0, 1_000_000).default(0),
  tagsPerRepository: integer(0, 1000).default(20),
  latency: integer(0, 600_000).default(0),
  faults: shares.default({}),
});

const kinds: Readonly<Record<keyof People, string>> = {
  superuser: "may do everything",
  member: "an ordinary member of organizations",
  outsider: "belongs to no organization",
  readonly_superuser: "may read everything",
};

/**
 * Runs the embedded registry alone until the process is interrupted, and says where it is and with which tokens to use it.
 *
 * @throws UsageError naming the options that are malformed, or a port that cannot be had
 */
export async function runRegistry(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { json, now, latency, faults, ...options } = readOptions(flags);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const ahead = now === undefined ? 0 : Date.parse(now) - Date.now();
  const registry = await start({
    ...options,
    faults: planOf(latency, faults),
    now: () => new Date(Date.now() + ahead),
  });
  process.stdout.write(
    json ? `${JSON.stringify({ url: registry.url, tokens: registry.tokens })}\n` : introduction(registry),
  );
  await interrupted;
  await registry.close();
  return 0;
}

function readOptions(flags: Readonly<Record<string, unknown>>): z.output<typeof Options> {
  const { data, error } = Options.safeParse(flags);
  if (data !== undefined) return data;
  const problems = error.issues.map(({ path, message }) => `${flagOf(String(path[0]))} ${message}`);
  throw new UsageError(`${problems.join("; ")}.`);
}

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function planOf(latency: number, faults: Partial<Record<Fault, number>>): FaultPlan {
  const { data, error } = FaultPlanSchema.safeParse({ latency, faults });
  if (data === undefined) throw new UsageError(`--faults: ${error.issues[0]!.message}.`);
  return data;
}

async function start(options: Parameters<typeof startRegistry>[0] & { port: number }): Promise<Registry> {
  try {
    return await startRegistry(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new UsageError(`Port ${options.port} is in use: choose another with --port, or leave it away.`);
    }
    if (code === "EACCES")
      throw new UsageError(`Port ${options.port} may not be opened: choose one above 1023.`);
    throw error;
  }
}

function introduction({ url, tokens, state }: Registry): string {
  const people = (Object.keys(kinds) as (keyof People)[]).map((kind) => {
    const user = state.tokens.get(tokens[kind])!.user;
    return `  ${kind.padEnd(18)}  ${tokens[kind]}  ${user}, ${kinds[kind]}`;
  });
  return [
    `The registry of an invented company is running at ${url} until it is interrupted (Ctrl+C).`,
    "",
    "Tokens:",
    ...people,
    "",
    "To use it:",
    `  QUAY_URL=${url} QUAY_TOKEN=${tokens.superuser} quay-mcp doctor`,
    `  curl -H "Authorization: Bearer ${tokens.superuser}" ${url}/api/v1/user/`,
    `  curl -X PUT -d '{"latency": 200, "faults": {"429": 0.1}}' ${url}/_control/faults`,
    "",
  ].join("\n");
}
