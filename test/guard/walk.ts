/** Takes every operation through the entrances and policies of the guard, beside the recordings' own calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printNotice } from "../../src/answer/notice.ts";
import { printAnswer } from "../../src/answer/present.ts";
import { openAudit } from "../../src/audit/audit.ts";
import type { Outcome } from "../../src/call/context.ts";
import { readSettings } from "../../src/config.ts";
import { errorText } from "../../src/error-text.ts";
import type { ConfirmingMeans, Question, Reply } from "../../src/guard/confirmation.ts";
import { executors } from "../../src/guard/executor.ts";
import type { Registry } from "../../src/registry/server.ts";
import { createRuntime, type Runtime, type RuntimeParts } from "../../src/runtime.ts";
import { readTarget } from "../../src/targets/index.ts";
import type { Given } from "../../src/targets/target.ts";
import { type AskingSession, eras } from "../support/asking.ts";
import { changesOf } from "../support/changes.ts";
import { revisions, type Said, type Session } from "../support/revisions.ts";
import { open, policies, type WalkedCall } from "./walk-policies.ts";

/** By policy and entrance and then by tool: that a call was refused, or the rule by which it was not. */
export type Cells = Map<string, Map<string, string>>;

export const refused = "refused";
export const entrances = ["stdio", "executor", "call"] as const;

/** What becomes of a confirmation that does not hold. */
export const confirmations = ["declined", "expired", "replayed", "changed meanwhile"] as const;

export interface Walk {
  readonly registry: Registry;
  /** Of the program, to reach the registry and be let through. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cells: Cells;
  /** Refused calls that sent something, and calls that were not refused. */
  readonly breaches: string[];
  readonly sessions: ReadonlyMap<string, Session>;
  /** Makes a call for good, under a policy that lets everything through. */
  readonly send: (tool: string, given: Given) => Promise<Outcome>;
  /** Whether a call is grave; undefined where it cannot be made. */
  readonly isGrave: (tool: WalkedCall["tool"], given: Given) => Promise<boolean | undefined>;
  readonly refusals: (call: WalkedCall) => Promise<void>;
  /** Every way in which a grave call's confirmation does not hold, the last of them after `act`. */
  readonly confirmations: (call: WalkedCall, act: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWalk(registry: Registry, token: string): Promise<Walk> {
  const cells: Cells = new Map();
  const breaches: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "quay-mcp-walk-"));
  let time = Date.now();
  const runtimes: Runtime[] = [];

  const startHere = (settings: Record<string, string>, parts: Partial<RuntimeParts> = {}): Runtime => {
    const environment = { ...open, ...settings };
    const runtime = createRuntime(readSettings({}, environment), {
      connection: { url: registry.url, token },
      secrets: {
        directory: undefined,
        reveal: environment.QUAY_MCP_REVEAL_SECRETS === "true",
        environment: {},
      },
      audit: undefined,
      now: () => time,
      ...parts,
    });
    runtimes.push(runtime);
    return runtime;
  };
  const startOf = (settings: Record<string, string>) => ({
    settings: { ...open, ...settings, QUAY_URL: registry.url, QUAY_TOKEN: token },
  });
  const startProgram = (settings: Record<string, string>) => revisions.at(-1)!.connect(startOf(settings));

  const sessions = new Map<string, Session>();
  const here = new Map<string, Runtime>();
  for (const { title, settings } of policies) {
    sessions.set(title, await startProgram(settings));
    here.set(title, startHere(settings));
  }
  const permissive = startHere({});
  const dry = startHere({ QUAY_MCP_DRY_RUN: "true" });
  const asking = startHere({ QUAY_MCP_CONFIRM: "ask" });
  const coding = await startProgram({ QUAY_MCP_CONFIRM: "code" });
  const declining: AskingSession = await eras
    .at(-1)!
    .connect(startOf({ QUAY_MCP_CONFIRM: "ask" }), () => ({ action: "decline" }));

  // Without its log nothing is sent, so that a confirmation is used up and its target stays the same.
  const log = join(folder, "audit.jsonl");
  const unlogged = await startProgram({ QUAY_MCP_CONFIRM: "code", QUAY_MCP_AUDIT_LOG: log });
  await unlogged.listTools();
  const audit = openAudit(log, { warn: () => {} });
  const unloggedHere = startHere({ QUAY_MCP_CONFIRM: "ask" }, { audit });
  rmSync(log);

  const note = (policy: string, entrance: string, tool: string, what: string) => {
    const key = `${policy}, ${entrance}`;
    const row = cells.get(key) ?? new Map<string, string>();
    cells.set(key, row.set(tool, what));
  };

  /** Makes a call that must be refused with these words. */
  async function mustRefuse(
    { tool, given }: WalkedCall,
    [policy, entrance]: readonly [string, string],
    says: RegExp,
    call: () => Promise<Said>,
    asksNothing = false,
  ): Promise<void> {
    registry.requests.length = 0;
    const { text } = await call();
    const sent = asksNothing
      ? registry.requests.map(({ method, path }) => `${method} ${path}`)
      : changesOf(registry);
    if (!says.test(text))
      breaches.push(`${tool.name} (${policy}, ${entrance}) ${JSON.stringify(given)}: ${text}`);
    if (sent.length > 0) breaches.push(`${tool.name} (${policy}, ${entrance}) sent ${sent.join(", ")}`);
    note(policy, entrance, tool.name, refused);
  }

  const ask = async ({ tool, given }: WalkedCall, runtime: Runtime): Promise<Question> => {
    const outcome = await runtime.call(tool.name, given, { means: "terminal" });
    if (outcome.kind !== "question") throw new Error(`${tool.name} asked nothing`);
    return outcome.question;
  };
  const consent = ({ state, name }: Question): Reply => ({ state, action: "accept", name });
  const codeOf = async (call: WalkedCall, session: Session, way: Way): Promise<string> =>
    JSON.parse((await way(session, call)).text).confirm;

  const stateOf = async ({ tool, given }: WalkedCall) => {
    const read = async (name: string, its: Given) => (await permissive.read(name, its)).body.value;
    const { exists, identity, now } = await readTarget(tool, given, read);
    return JSON.stringify([exists, identity, now]);
  };

  return {
    registry,
    environment: startOf({}).settings,
    cells,
    breaches,
    sessions,
    send: (tool, given) => permissive.call(tool, given, { means: "nothing" }),
    async isGrave(tool, given) {
      if (tool.access === "read") return false;
      try {
        const outcome = await dry.call(tool.name, given, { means: "nothing" });
        const preview = outcome.kind === "notice" ? outcome.notice.preview : undefined;
        if (tool.access !== "destructive" && preview?.because === undefined) return false;
        return (await asking.call(tool.name, given, { means: "terminal" })).kind === "question";
      } catch {
        return undefined;
      }
    },
    async refusals(call) {
      const { tool } = call;
      for (const { title, lets, says, asksNothing } of policies) {
        const rule = lets(call);
        if (rule !== undefined) {
          for (const entrance of entrances) note(title, entrance, tool.name, rule);
          continue;
        }
        const session = sessions.get(title)!;
        for (const [entrance, way] of ways) {
          await mustRefuse(call, [title, entrance], says, () => way(session, call), asksNothing);
        }
        await mustRefuse(call, [title, "call"], says, () => saidBy(here.get(title)!, call), asksNothing);
      }
    },
    async confirmations(call, act) {
      const { tool, given } = call;
      const must = (
        policy: (typeof confirmations)[number],
        entrance: string,
        says: RegExp,
        made: () => Promise<Said>,
      ) => mustRefuse(call, [policy, entrance], says, made);
      const terminal = (runtime: Runtime, reply: Reply) => () => saidBy(runtime, call, "terminal", reply);

      for (const [entrance, way] of ways) {
        await must("declined", entrance, /declined/, () => way(declining, call));
      }
      const { state } = await ask(call, asking);
      const silence: Reply = { state, action: "cancel", name: undefined };
      await must("declined", "call", /did not answer/, terminal(asking, silence));

      const late = consent(await ask(call, asking));
      time += 11 * 60_000;
      await must("expired", "call", /ten minutes/, terminal(asking, late));
      for (const [entrance, way] of ways) {
        note("expired", entrance, tool.name, "nobody can set another process's clock");
        const confirm = await codeOf(call, unlogged, way);
        const withCode = () => way(unlogged, { ...call, given: { ...given, confirm } });
        await must("replayed", entrance, /audit log/, withCode);
        await must("replayed", entrance, /already used/, withCode);
      }
      const once = consent(await ask(call, unloggedHere));
      await must("replayed", "call", /audit log/, terminal(unloggedHere, once));
      await must("replayed", "call", /already used/, terminal(unloggedHere, once));

      const codes = await Promise.all(ways.map(([, way]) => codeOf(call, coding, way)));
      const reply = consent(await ask(call, asking));
      const before = await stateOf(call);
      await act();
      if ((await stateOf(call)) === before) {
        for (const entrance of entrances)
          note("changed meanwhile", entrance, tool.name, "it leaves its target as it was");
        return;
      }
      const no = /no longer what it was|there is no|could not be read|cannot be|was not/;
      for (const [index, [entrance, way]] of ways.entries()) {
        const confirm = codes[index];
        await must("changed meanwhile", entrance, no, () =>
          way(coding, { ...call, given: { ...given, confirm } }),
        );
      }
      await must("changed meanwhile", "call", no, terminal(asking, reply));
    },
    async close() {
      for (const session of [...sessions.values(), coding, unlogged, declining]) await session.close();
      for (const runtime of runtimes) await runtime.close();
      rmSync(folder, { recursive: true });
      await registry.close();
    },
  };
}

type Way = (
  session: { callTool(name: string, given: Record<string, unknown>): Promise<Said> },
  call: WalkedCall,
) => Promise<Said>;

/** How a client makes a call: by the tool's own name, or through the executor for what the call does. */
const ways: readonly (readonly [entrance: (typeof entrances)[number], way: Way])[] = [
  ["stdio", (session, { tool, given }) => session.callTool(tool.name, given)],
  [
    "executor",
    (session, { tool, given, isGrave }) =>
      session.callTool(executors[isGrave ? "destructive" : tool.access], {
        name: tool.name,
        arguments: given,
      }),
  ],
];

/** A call as `quay-mcp call` makes it. */
async function saidBy(
  runtime: Runtime,
  { tool, given }: WalkedCall,
  means: ConfirmingMeans = "nothing",
  reply?: Reply,
): Promise<Said> {
  try {
    const outcome = await runtime.call(tool.name, given, { means, reply });
    if (outcome.kind === "answer") return { text: printAnswer(outcome.answer), isError: false };
    if (outcome.kind === "notice") return { text: printNotice(outcome.notice), isError: false };
    return { text: outcome.question.message, isError: false };
  } catch (error) {
    return { text: errorText(error), isError: true };
  }
}
