import { createHash, randomBytes } from "node:crypto";
import { catalogue } from "../tools/index.ts";
import type { Compacted } from "./answer/compact.ts";
import { bytesWithin } from "./answer/fit.ts";
import { newNonce, unmark } from "./answer/mark.ts";
import { markedError } from "./answer/marked-error.ts";
import { presentNotice, presentQuestion } from "./answer/notice.ts";
import { type Answer, type Presenting, presentAnswer } from "./answer/present.ts";
import { type AnswerStore, createAnswerStore } from "./answer/stored.ts";
import type { Audit } from "./audit/audit.ts";
import { callTool, readTool } from "./call/call.ts";
import type { CallContext, Entrance, Origin, Outcome } from "./call/context.ts";
import type { CallObserver } from "./call/observer.ts";
import type { Settings } from "./config.ts";
import { type BrakeStore, brakeStore, createBrake } from "./guard/brake.ts";
import type { Question } from "./guard/confirmation.ts";
import { createPolicy, policyText } from "./guard/policy.ts";
import type { Restriction } from "./guard/restriction.ts";
import { canonical, createSealer, type NonceStore, nonceStore } from "./guard/seal.ts";
import { createQuayClient, type QuaySharing } from "./quay/client.ts";
import { otherRoutes } from "./quay/other-routes.ts";
import { createRouteTable, type RouteTable } from "./quay/routes.ts";
import type { Secrets } from "./secrets/directory.ts";
import type { Given } from "./targets/target.ts";
import { tasks } from "./tasks/index.ts";
import { version } from "./version.ts";

/** Where the registry is, who is calling it, and how it is reached. */
export interface Connection {
  readonly url: string;
  /** Empty where each caller brings one. */
  readonly token: string;
  /** Certificates (PEM) of authorities that are trusted besides the usual ones. */
  readonly authorities?: string;
  /** Where the proxy's variables are looked for; without it, no proxy is used. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Everything that calls need, and an account of the writes under way. */
export interface Runtime {
  call(tool: string, given: Given, entrance: Entrance): Promise<Outcome>;
  /** A call of a tool that only reads: it is answered or it fails, and never asks. Any other is refused. */
  read(tool: string, given: Given, entrance?: Pick<Entrance, "signal" | "origin">): Promise<Answer>;
  /** What answers for an assistant are made with. */
  readonly presenting: Presenting;
  /** The answer for an assistant: what of it is cut, it can read for a while by `readAnswer`. */
  present(answer: Answer): Promise<string>;
  /** What is said instead of an answer, for an assistant. */
  presentNotice(notice: object): Promise<string>;
  /** What the user of a client is asked, as a form shows it. */
  presentQuestion(question: Question): Question;
  /** What a call threw, in sentences for an assistant. */
  presentError(error: unknown): string;
  /** An answer of this caller's that was cut, whole; undefined where there is none of this name, or no more. */
  readAnswer(id: string): Promise<Compacted | undefined>;
  /** Waits for the writes that were already sent, then lets go of the connections. */
  close(): Promise<void>;
}

/** What a runtime uses and does not own. */
export interface RuntimeParts {
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly audit: Audit | undefined;
  /** Who calls, for the audit log: by which entrance, where no more is known. */
  readonly caller?: string;
  /** What tells this caller from others, where the token does not: confirmations, counts and answers are its alone. */
  readonly callerId?: string;
  /** What makes this caller's policy stricter than the settings. */
  readonly restrictions?: readonly Restriction[];
  /** What replicas share, or the callers of one process; without them they are the runtime's own. */
  readonly sealKey?: Buffer;
  readonly nonces?: NonceStore;
  readonly brakes?: BrakeStore;
  readonly answers?: AnswerStore;
  /** What the callers of one process share on the way to Quay. */
  readonly quay?: QuaySharing;
  /** Hears what becomes of calls. */
  readonly observer?: CallObserver;
  /** Milliseconds since 1970; the machine's clock, unless a test has another. */
  readonly now?: () => number;
}

/** The same for every caller, and made once. */
let routes: RouteTable | undefined;

function routesOfQuay(): RouteTable {
  routes ??= createRouteTable([...catalogue, ...otherRoutes]);
  return routes;
}

/** Makes the runtime of one caller under one policy. Nothing is connected before its first call. */
export function createRuntime(settings: Settings, parts: RuntimeParts): Runtime {
  const { connection, secrets, audit, caller = "program", now = Date.now } = parts;
  const { sealKey = randomBytes(32), nonces = nonceStore(now), brakes = brakeStore() } = parts;
  const { answers = createAnswerStore() } = parts;
  const { callerId = createHash("sha256").update(connection.token).digest("hex") } = parts;
  const tools = [...catalogue, ...tasks];
  const policy = createPolicy(settings, tools, parts.restrictions);
  const context: CallContext = {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    policy,
    quay: createQuayClient({
      ...connection,
      timeoutMs: settings.timeout * 1000,
      maxAnswerBytes: settings.maxAnswerBytes,
      userAgent: `quay-mcp/${version}`,
      sharing: parts.quay,
    }),
    routes: routesOfQuay(),
    secrets,
    audit,
    observer: parts.observer,
    caller,
    sealer: createSealer({ key: sealKey, nonces, now }),
    brake: createBrake({ limit: settings.brake, store: brakes, now }),
    bound: { registry: connection.url, caller: callerId, policy: policyText(policy) },
    now,
  };
  // What a caller read under one policy is not for the same caller under another.
  const reader = createHash("sha256").update(canonical(context.bound)).digest("hex");
  const presenting: Presenting = {
    tokens: settings.answerTokens,
    keep: (whole) => answers.keep(reader, whole),
    ownHosts: [context.quay.host],
  };
  const underWay = new Set<Promise<unknown>>();
  const call: Runtime["call"] = (tool, written, entrance) => {
    const own = contextFor(context, entrance.origin);
    const outcome = callTool(own, tool, unmark(written) as Given, entrance);
    underWay.add(outcome);
    const done = () => underWay.delete(outcome);
    outcome.then(done, done);
    return outcome;
  };
  return {
    call,
    read: (tool, given, { signal, origin } = {}) =>
      readTool(contextFor(context, origin), tool, given, signal),
    presenting,
    present: (answer) => presentAnswer(answer, presenting),
    presentError: (error) =>
      markedError(error, { ...presenting, nonce: newNonce() }, bytesWithin(presenting.tokens / 2)),
    presentNotice: (notice) => presentNotice(notice, presenting),
    presentQuestion: (question) => presentQuestion(question, presenting.ownHosts),
    readAnswer: (id) => answers.read(reader, id),
    async close() {
      await Promise.allSettled(underWay);
      await context.quay.close();
    },
  };
}

/** The context of the calls that are made for one request. */
function contextFor(context: CallContext, origin: Origin | undefined): CallContext {
  if (origin === undefined) return context;
  const { observer } = context;
  const called: CallObserver["called"] = (event) => {
    origin.called(event);
    observer?.called?.(event);
  };
  return { ...context, headers: origin.headers, observer: { ...observer, called } };
}
