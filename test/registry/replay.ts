/** Replays the recordings, in order, against an embedded registry that starts where they do. */
import { scopes as allScopes, type Scope } from "../../src/operation.ts";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { catalogue } from "../../tools/index.ts";
import recordings from "../data/recordings.json" with { type: "json" };
import tokens from "../data/tokens.json" with { type: "json" };
import { differences, type Exchange, learn, rewritten } from "./compare.ts";
import { fillWithStart } from "./start.ts";

export interface Recording extends Exchange {
  readonly phase: string;
  readonly token: string | null;
}

export interface Replayed {
  readonly phase: string;
  readonly toolset: string;
  /** `METHOD path -> status`, as recorded. */
  readonly name: string;
  readonly differences: readonly string[];
}

const routes = createRouteTable([...catalogue, ...otherRoutes]);
const toolsets = new Map(catalogue.map(({ method, path, toolset }) => [`${method} ${path}`, toolset]));

/** The toolset of the operation that a request is, or undefined where it is none of the catalogue. */
export function toolsetOf(method: string, path: string): string | undefined {
  const route = routes.owner(method, path.split("?")[0]!);
  return route && toolsets.get(`${route.method} ${route.path}`);
}

/** A registry that holds what the recordings start with, at the time at which they were made. */
export async function startRecorded(): Promise<{
  registry: Registry;
  tokens: Map<string, string>;
  tick(): void;
}> {
  let time = Date.parse("2026-11-21T07:31:51Z");
  const registry = await startRegistry({ fill: fillWithStart, now: () => new Date(time) });
  const issued = new Map<string, string>([["invalid", "neverexisted"]]);
  for (const [name, { user, scopes, ...rest }] of Object.entries(tokens)) {
    const expired = "note" in rest && rest.note === "expired";
    if (user !== null) issued.set(name, registry.addToken({ user, scopes: scopes as Scope[], expired }));
    // A fresh installation's one-time token acts as its first superuser.
    if (name === "bootstrap") issued.set(name, registry.addToken({ user: "devtable", scopes: allScopes }));
  }
  return {
    registry,
    tokens: issued,
    tick() {
      time += 1000;
    },
  };
}

/** What the recordings leave out of a request's headers can be told from the answer. */
function headersOf(recording: Recording, token: string | undefined): Record<string, string> {
  const fromBrowser = JSON.stringify(recording.body).includes("called from a browser");
  return {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(recording.requestBody !== null && {
      "Content-Type": recording.status === 415 ? "text/plain" : "application/json",
    }),
    ...(fromBrowser && { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)" }),
  };
}

/** The registry's own API takes a token of its own; the recordings' had all rights. */
async function registryToken({ url }: Registry, path: string, token: string): Promise<string> {
  const repository = /^\/v2\/(.+)\/referrers\//.exec(path)![1];
  const answer = await fetch(`${url}/v2/auth?scope=repository:${repository}:pull`, {
    headers: { Authorization: `Basic ${Buffer.from(`$oauthtoken:${token}`).toString("base64")}` },
  });
  return ((await answer.json()) as { token: string }).token;
}

const rawBody = (body: unknown): string =>
  typeof body === "object" && body !== null && "_raw" in body ? String(body._raw) : JSON.stringify(body);

/** What later answers show of an operation that is not the catalogue's: the caller changing their own account. */
function doBesides({ method, path, status, requestBody, token }: Recording, { state }: Registry): void {
  if (method !== "PUT" || path !== "/api/v1/user/" || status !== 200 || token !== "devtable_all") return;
  const { company, tag_expiration_s } = requestBody as { company: string; tag_expiration_s: number };
  Object.assign(state.namespaces.get("devtable")!, { company, tagExpiration: tag_expiration_s });
}

/** Replays all phases that the registry serves; what is no operation of the catalogue is left out. */
export async function replay(): Promise<Replayed[]> {
  const { registry, tokens: issued, tick } = await startRecorded();
  const names = new Map<string, string>();
  const replayed: Replayed[] = [];
  try {
    for (const recording of recordings as unknown as Recording[]) {
      const toolset = toolsetOf(recording.method, recording.path);
      doBesides(recording, registry);
      if (toolset === undefined) continue;
      tick();
      const body =
        recording.requestBody === null ? undefined : rewritten(rawBody(recording.requestBody), names);
      const answer = await fetch(`${registry.url}${rewritten(recording.path, names)}`, {
        method: recording.method,
        headers: headersOf(
          recording,
          recording.phase === "v2"
            ? await registryToken(registry, recording.path, issued.get("devtable_all")!)
            : issued.get(recording.token ?? ""),
        ),
        redirect: "manual",
        ...(body !== undefined && { body }),
      });
      const text = await answer.text();
      const got = parsed(text);
      learn(recording.body, got, names);
      const expected = { ...recording, body: parsed(rewritten(JSON.stringify(recording.body), names)) };
      replayed.push({
        phase: recording.phase,
        toolset,
        name: `${recording.method} ${recording.path} -> ${recording.status}`,
        differences: differences(
          { ...expected, path: rewritten(recording.path, names) },
          answer.status,
          answer.headers.get("content-type") ?? "",
          got,
        ),
      });
    }
  } finally {
    await registry.close();
  }
  return replayed;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
