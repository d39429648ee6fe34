import { createHash, randomBytes } from "node:crypto";
import { catalogue } from "../tools/index.ts";
import type { Answer } from "./answer/present.ts";
import type { Audit } from "./audit/audit.ts";
import { type CallContext, callTool, type Entrance, type Outcome } from "./call.ts";
import type { Connection, Settings } from "./config.ts";
import { RefusedError } from "./errors.ts";
import { type BrakeStore, brakeStore, createBrake } from "./guard/brake.ts";
import { createPolicy, policyText } from "./guard/policy.ts";
import { createSealer, type NonceStore, nonceStore } from "./guard/seal.ts";
import { createQuayClient } from "./quay/client.ts";
import { otherRoutes } from "./quay/other-routes.ts";
import { createRouteTable } from "./quay/routes.ts";
import type { Secrets } from "./secrets/directory.ts";
import type { Given } from "./targets/target.ts";
import { tasks } from "./tasks/index.ts";
import { version } from "./version.ts";

/** Everything that calls need, and an account of the writes under way. */
export interface Runtime {
  call(tool: string, given: Given, entrance: Entrance): Promise<Outcome>;
  /** A call of a tool that only reads: it is answered or it fails, and never asks. Any other is refused. */
  read(tool: string, given: Given, signal?: AbortSignal): Promise<Answer>;
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
  /** What replicas share, or the callers of one process; without them they are the runtime's own. */
  readonly sealKey?: Buffer;
  readonly nonces?: NonceStore;
  readonly brakes?: BrakeStore;
  /** Milliseconds since 1970; the machine's clock, unless a test has another. */
  readonly now?: () => number;
}

export function createRuntime(settings: Settings, parts: RuntimeParts): Runtime {
  const { connection, secrets, audit, caller = "program", now = Date.now } = parts;
  const { sealKey = randomBytes(32), nonces = nonceStore(now), brakes = brakeStore() } = parts;
  const { callerId = createHash("sha256").update(connection.token).digest("hex") } = parts;
  const tools = [...catalogue, ...tasks];
  const policy = createPolicy(settings, tools);
  const context: CallContext = {
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    policy,
    quay: createQuayClient({
      ...connection,
      timeoutMs: settings.timeout * 1000,
      maxAnswerBytes: settings.maxAnswerBytes,
      userAgent: `quay-mcp/${version}`,
    }),
    routes: createRouteTable([...catalogue, ...otherRoutes]),
    secrets,
    audit,
    caller,
    sealer: createSealer({ key: sealKey, nonces, now }),
    brake: createBrake({ limit: settings.brake, store: brakes, now }),
    bound: {
      registry: connection.url,
      caller: callerId,
      policy: policyText(policy),
    },
  };
  const underWay = new Set<Promise<unknown>>();
  const call: Runtime["call"] = (tool, given, entrance) => {
    const outcome = callTool(context, tool, given, entrance);
    underWay.add(outcome);
    const done = () => underWay.delete(outcome);
    outcome.then(done, done);
    return outcome;
  };
  return {
    call,
    async read(tool, given, signal) {
      const access = context.tools.get(tool)?.access ?? "read";
      const outcome = access === "read" && (await call(tool, given, { means: "nothing", signal }));
      if (outcome && outcome.kind === "answer") return outcome.answer;
      throw new RefusedError(`${tool} does not only read.`);
    },
    async close() {
      await Promise.allSettled(underWay);
      await context.quay.close();
    },
  };
}
