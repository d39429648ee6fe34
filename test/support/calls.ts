/** Calls by the way of every call, as resources and tasks make them. */
import { onTestFinished } from "vitest";
import type { Call } from "../../src/call/context.ts";
import { type FollowOptions, followPages } from "../../src/call/paging.ts";
import { readSettings } from "../../src/config.ts";
import { createRuntime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { toolNamed } from "./tools.ts";

export interface CallsOptions {
  readonly signal?: AbortSignal;
  /** Settings of the server, by name. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Calls of a server for one test. */
export function callsTo(url: string, token: string, { signal, settings = {} }: CallsOptions = {}): Call {
  const runtime = createRuntime(readSettings(settings, {}), {
    connection: { url, token },
    secrets: noSecrets,
    audit: undefined,
  });
  onTestFinished(() => runtime.close());
  return (tool, given) => runtime.read(tool, given, { signal });
}

type Given = Parameters<Call>[1];
interface Body {
  readonly [field: string]: unknown;
}

/** Follows the pages of a tool by name; `body` is the merged one. */
export async function follow(call: Call, name: string, given: Given, options: FollowOptions) {
  const followed = await followPages(call, toolNamed(name), given, options);
  return { ...followed, body: followed.answer.body.value as Body };
}
