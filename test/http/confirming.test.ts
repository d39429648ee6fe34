import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { createStores, type Stores } from "../../src/stores/stores.ts";
import { eras, type Form } from "../support/asking.ts";
import { changesOf } from "../support/changes.ts";
import { type Serving, serve } from "./serve.ts";

let registry: Registry;
/** Two replicas behind one name would be like this: one key, and one place for what may be used once. */
let replicas: [Serving, Serving];
let shared: { readonly sealKey: Buffer; readonly stores: Stores };

const repository = "acme/app";

beforeAll(async () => {
  registry = await startRegistry();
  shared = { sealKey: Buffer.alloc(32, "shared"), stores: await createStores() };
  replicas = await Promise.all([
    serve(registry, { allow: "destructive", brake: "0" }, shared),
    serve(registry, { allow: "destructive", brake: "0" }, shared),
  ]);
});
beforeEach(() => {
  registry.requests.length = 0;
});
afterAll(async () => {
  await Promise.all(replicas.map((server) => server.close()));
  await registry.close();
});

const [earlier, newest] = eras as [(typeof eras)[0], (typeof eras)[0]];
const superuser = () => registry.tokens.superuser;

describe("a destructive call over HTTP", () => {
  it("asks the user of a client of the newest protocol", async () => {
    const forms: Form[] = [];
    const session = await newest.connect(replicas[0].as(superuser()), (form) => {
      forms.push(form);
      return { action: "accept", content: { name: `${repository}:v2.2` } };
    });
    const { text, isError } = await session.callTool("delete_tag", { repository, tag: "v2.2" });
    expect([isError, JSON.parse(text).status]).toEqual([false, 204]);
    expect(forms).toMatchObject([{ message: expect.stringContaining("Delete tag: acme/app:v2.2") }]);
    await session.close();
  });

  it("gives an earlier client, whom a server without sessions cannot ask, a code that any replica takes once", async () => {
    const session = await earlier.connect(replicas[0].as(superuser()), neverAsked);
    const other = await earlier.connect(replicas[1].as(superuser()), neverAsked);
    const given = { repository, tag: "v2.3" };
    const { confirm } = JSON.parse((await session.callTool("delete_tag", given)).text);
    expect(changesOf(registry)).toEqual([]);

    const used = [session, other].map((each) => each.callTool("delete_tag", { ...given, confirm }));
    const results = await Promise.all(used);
    expect(results.map(({ isError }) => isError).sort()).toEqual([false, true]);
    expect(changesOf(registry)).toHaveLength(1);
    await Promise.all([session.close(), other.close()]);
  });

  it("is refused with the code of another caller, who may do the same", async () => {
    const second = registry.addToken({ user: userOf(superuser()), scopes: ["repo:admin", "super:user"] });
    const first = await earlier.connect(replicas[0].as(superuser()), neverAsked);
    const thief = await earlier.connect(replicas[0].as(second), neverAsked);
    const given = { repository, tag: "v1.5" };
    const { confirm } = JSON.parse((await first.callTool("delete_tag", given)).text);
    const { isError } = await thief.callTool("delete_tag", { ...given, confirm });
    expect(isError).toBe(true);
    expect(changesOf(registry)).toEqual([]);
    await Promise.all([first.close(), thief.close()]);
  });
});

describe.each(eras)(
  "a call over HTTP that takes long, with a client of protocol $revision",
  ({ revision, connect }) => {
    it("tells how far it is before its answer", async () => {
      const session = await connect(replicas[0].as(superuser()), (form) => ({
        action: "accept",
        content: { name: form.message.split("\n", 1)[0]!.replace(/^[^:]*: /, "") },
      }));
      const tags =
        revision === newest.revision ? ["pr-311", "pr-312", "pr-313"] : ["pr-315", "pr-316", "pr-317"];
      const given = { repository, tags };
      const told: number[] = [];
      const onprogress = ({ progress }: { progress: number }) => void told.push(progress);
      const first = await session.callTool("delete_tags", given, { onprogress });
      const { confirm } = JSON.parse(first.text);
      const done =
        confirm === undefined
          ? first
          : await session.callTool("delete_tags", { ...given, confirm }, { onprogress });
      expect(done.isError).toBe(false);
      expect(told.length).toBeGreaterThan(1);
      await session.close();
    });
  },
);

describe("the state of a question in the newest protocol", () => {
  const given = { repository, tag: "v1.5" };
  const yes = { confirm: { action: "accept", content: { name: `${repository}:v1.5` } } };
  let state: string;

  beforeEach(async () => {
    const asked = await post(replicas[0], superuser(), { arguments: given });
    expect(asked.result).toMatchObject({ resultType: "input_required", requestState: expect.any(String) });
    state = asked.result.requestState;
    registry.requests.length = 0;
  });

  const answer = (server: Serving, token: string, requestState?: string, more = {}) =>
    post(server, token, {
      arguments: given,
      inputResponses: yes,
      ...(requestState === undefined ? {} : { requestState }),
      ...more,
    });

  it("does not hold for another caller", async () => {
    const second = registry.addToken({ user: userOf(superuser()), scopes: ["repo:admin", "super:user"] });
    expect((await answer(replicas[0], second, state)).result.isError).toBe(true);
    expect(changesOf(registry)).toEqual([]);
  });

  it("does not hold for another call, when it was changed, or when it is missing", async () => {
    const forged = `${state.slice(0, -2)}${state.endsWith("AA") ? "BB" : "AA"}`;
    const answers = [
      await answer(replicas[0], superuser(), state, { arguments: { repository, tag: "v1.4" } }),
      await answer(replicas[0], superuser(), forged),
      await answer(replicas[0], superuser()),
    ];
    expect(answers.map(({ result }) => result?.isError ?? result?.resultType)).not.toContain(undefined);
    expect(changesOf(registry)).toEqual([]);
  });

  it("does not hold under stricter headers than those it was asked under", async () => {
    const { result } = await answer(replicas[0], superuser(), state, {
      headers: { "x-quay-mcp-namespaces": "acme" },
    });
    expect(result.isError ?? result.resultType).toBeTruthy();
    expect(changesOf(registry)).toEqual([]);
  });

  it("holds once, on whichever replica", async () => {
    const answers = await Promise.all(
      [replicas[0], replicas[1], replicas[0], replicas[1]].map((server) =>
        answer(server, superuser(), state),
      ),
    );
    const done = answers.filter(({ result }) => result.isError !== true && result.content !== undefined);
    expect(done).toHaveLength(1);
    expect(changesOf(registry)).toHaveLength(1);
  });
});

describe("what one server gave, brought to another that does not share", () => {
  const given = { repository, tag: "v1.4" };
  const answer = {
    arguments: given,
    inputResponses: { confirm: { action: "accept", content: { name: `${repository}:v1.4` } } },
  };

  it.each([
    [
      "the key of seals",
      { sealKey: Buffer.alloc(32, "another") },
      "does not belong to this call",
      "not a code",
    ],
    ["the place of nonces", { stores: undefined }, "was already used", "was already used"],
  ])("%s is refused, in both eras", async (_what, own, stateRefused, codeRefused) => {
    const stores = "stores" in own ? await createStores() : shared.stores;
    const stranger = await serve(
      registry,
      { allow: "destructive", brake: "0" },
      { ...shared, ...own, stores },
    );
    const asked = await post(replicas[0], superuser(), { arguments: given });
    const { requestState } = asked.result;
    const refused = await post(stranger, superuser(), { ...answer, requestState });
    expect(JSON.stringify(refused.result)).toContain(stateRefused);

    const session = await earlier.connect(replicas[0].as(superuser()), neverAsked);
    const other = await earlier.connect(stranger.as(superuser()), neverAsked);
    const { confirm } = JSON.parse((await session.callTool("delete_tag", given)).text);
    const { isError, text } = await other.callTool("delete_tag", { ...given, confirm });
    expect([isError, text]).toEqual([true, expect.stringContaining(codeRefused)]);
    expect(changesOf(registry)).toEqual([]);
    await Promise.all([session.close(), other.close(), stranger.close()]);
  });
});

const neverAsked = () => {
  throw new Error("A server without sessions cannot ask.");
};

const userOf = (token: string) => registry.state.tokens.get(token)!.user;

const _meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "tests", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
};

interface Posted {
  readonly headers?: Readonly<Record<string, string>>;
  readonly [param: string]: unknown;
}

/** A call of delete_tag as a client of the newest protocol writes it; a client of the SDK would not forge one. */
async function post(
  server: Serving,
  token: string,
  { headers = {}, ...params }: Posted,
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers.
): Promise<any> {
  const response = await fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: {
      ...server.as(token).headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "delete_tag",
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "delete_tag", _meta, ...params },
    }),
  });
  return response.json();
}
