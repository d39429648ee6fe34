import { catalogue } from "../tools/index.ts";
import type { Answer } from "./answer/present.ts";
import { type CallContext, callTool } from "./call.ts";
import type { Connection, Settings } from "./config.ts";
import { createPolicy } from "./guard/policy.ts";
import { createQuayClient } from "./quay/client.ts";
import { otherRoutes } from "./quay/other-routes.ts";
import { createRouteTable } from "./quay/routes.ts";
import { version } from "./version.ts";

/** Everything that calls need, and an account of the writes under way. */
export interface Runtime {
  call(tool: string, given: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Answer>;
  /** Waits for the writes that were already sent, then lets go of the connections. */
  close(): Promise<void>;
}

export function createRuntime(settings: Settings, connection: Connection): Runtime {
  const context: CallContext = {
    tools: new Map(catalogue.map((tool) => [tool.name, tool])),
    policy: createPolicy(settings, catalogue),
    quay: createQuayClient({
      url: connection.url,
      token: connection.token,
      timeoutMs: settings.timeout * 1000,
      maxAnswerBytes: settings.maxAnswerBytes,
      userAgent: `quay-mcp/${version}`,
      environment: process.env,
      ...(settings.caFile === undefined ? {} : { caFile: settings.caFile }),
    }),
    routes: createRouteTable([...catalogue, ...otherRoutes]),
  };
  const underWay = new Set<Promise<unknown>>();
  return {
    call(tool, given, signal) {
      const answer = callTool(context, tool, given, signal);
      underWay.add(answer);
      const done = () => underWay.delete(answer);
      answer.then(done, done);
      return answer;
    },
    async close() {
      await Promise.allSettled(underWay);
      await context.quay.close();
    },
  };
}
