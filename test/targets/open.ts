/** A registry, and calls to it that go the way of every call without a human in it. */
import { afterAll } from "vitest";
import { readSettings } from "../../src/config.ts";
import type { Scope } from "../../src/operation.ts";
import type { Registry } from "../../src/registry/server.ts";
import { createRuntime, type Runtime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { readTarget, targetName } from "../../src/targets/index.ts";
import type { Given, Read, TargetState } from "../../src/targets/target.ts";
import { shareRegistry } from "../support/registry.ts";
import { toolNamed } from "../support/tools.ts";

type Answered = Extract<Awaited<ReturnType<Runtime["call"]>>, { kind: "answer" }>["answer"];

export interface Opened {
  readonly registry: Registry;
  readonly read: Read;
  /** Sends a call, which must be answered, and answers what was answered. */
  readonly send: (tool: string, given: Given) => Promise<Answered>;
  /** The state of the target that a call would have. */
  readonly stateOf: (tool: string, given: Given) => Promise<TargetState>;
  readonly close: () => Promise<void>;
}

/** @param token which to call with; the superuser's, unless said otherwise */
export function openWith(registry: Registry, token = registry.tokens.superuser): Opened {
  const runtime = createRuntime(
    readSettings({ allow: "destructive", confirm: "never", brake: "10000" }, {}),
    {
      connection: { url: registry.url, token },
      secrets: { ...noSecrets, reveal: true },
      audit: undefined,
    },
  );
  const read: Read = async (tool, given) => (await runtime.read(tool, given)).body.value;
  return {
    registry,
    read,
    async send(tool, given) {
      const outcome = await runtime.call(tool, given, { means: "nothing" });
      if (outcome.kind !== "answer") throw new Error(`${tool} was not sent: ${JSON.stringify(outcome)}`);
      return outcome.answer;
    },
    stateOf: (tool, given) => readTarget(toolNamed(tool), given, read),
    close: () => runtime.close(),
  };
}

/** A registry that is there as long as the tests of a file run, asked with its superuser's token. */
export async function openRegistry(): Promise<Opened> {
  const opened = openWith(await shareRegistry());
  afterAll(() => opened.close());
  return opened;
}

/** The same registry, asked with a token that has these scopes only. */
export function openConfined({ registry }: Opened, user: string, scopes: readonly Scope[]): Opened {
  return openWith(registry, registry.addToken({ user, scopes }));
}

/** The items of a list: of the answer itself, or of a field of it. */
export async function itemsOf(
  { read }: Opened,
  tool: string,
  given: Given,
  field?: string,
): Promise<Given[]> {
  const body = (await read(tool, given)) as Given;
  const list = field === undefined ? body : body[field];
  return Object.values(list as Record<string, Given>);
}

/** @throws Error where the list is empty */
export async function firstOf(opened: Opened, tool: string, given: Given, field?: string): Promise<Given> {
  const [first] = await itemsOf(opened, tool, given, field);
  if (first === undefined) throw new Error(`${tool} lists nothing`);
  return first;
}

/** A call's target and what its preview shows. */
export async function lookAt(opened: Opened, tool: string, given: Given) {
  const state = await opened.stateOf(tool, given);
  return { name: targetName(toolNamed(tool), given), ...state };
}
