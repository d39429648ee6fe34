import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../src/config.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { createRuntime, type Runtime } from "../../src/runtime.ts";
import { noSecrets } from "../../src/secrets/directory.ts";
import { catalogue } from "../../tools/index.ts";
import { argumentsFor } from "./arbitrary.ts";
import { fenceWords, isInside, isProtected, mayHoldProtected, protectionWords } from "./boundaries.ts";
import { reachOf } from "./read-request.ts";
import { openWire, type Wire } from "./wire.ts";

const namespaces = { namespaces: fenceWords };
const protect = { protect: protectionWords };
const policies = [namespaces, protect, { ...namespaces, ...protect }];

let registry: Registry;
let wire: Wire;
let runtimes: readonly { readonly policy: (typeof policies)[number]; readonly runtime: Runtime }[];

beforeAll(async () => {
  registry = await startRegistry();
  wire = await openWire(registry.url);
  runtimes = policies.map((policy) => ({
    policy,
    runtime: createRuntime(
      readSettings({ allow: "destructive", confirm: "never", brake: "0", ...policy }, {}),
      {
        connection: { url: wire.url, token: registry.tokens.superuser },
        secrets: { ...noSecrets, reveal: true },
        audit: undefined,
      },
    ),
  }));
});

afterAll(async () => {
  for (const { runtime } of runtimes) await runtime.close();
  await wire.close();
  await registry.close();
});

/** Any refusal of the guard or of Quay will do: what counts is what was sent. */
async function writesOf(runtime: Runtime, name: string, given: Record<string, unknown>) {
  wire.requests.length = 0;
  await runtime.call(name, given, { means: "nothing" }).catch(() => undefined);
  return wire.requests.filter(({ method }) => method !== "GET").map(reachOf);
}

let sent = 0;

describe("whatever the policy and the arguments are", () => {
  it.each(catalogue.filter(({ access }) => access !== "read"))(
    "$name sends a registry no write outside the fence or to what is protected",
    async (tool) => {
      const call = fc.tuple(fc.constantFrom(...runtimes), argumentsFor(tool));
      await fc.assert(
        fc.asyncProperty(call, async ([{ policy, runtime }, given]) => {
          for (const reach of await writesOf(runtime, tool.name, given)) {
            sent += 1;
            if ("namespaces" in policy) {
              const named = [...reach.namespaces, ...reach.robots];
              expect(named.filter((namespace) => !isInside(namespace))).toEqual([]);
              expect(reach.beyond && tool.credentials === undefined).toBe(false);
            }
            if ("protect" in policy) {
              expect(reach.repositories.filter(isProtected)).toEqual([]);
              if (tool.reachesRepositories !== true) continue;
              expect(reach.namespaces.filter(mayHoldProtected)).toEqual([]);
              expect(reach.beyond).toBe(false);
            }
          }
        }),
        { numRuns: 30 },
      );
    },
  );

  it("and many writes are sent all the same", () => {
    expect(sent).toBeGreaterThan(300);
  });
});
