import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unmark } from "../../src/answer/mark.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { catalogue } from "../../tools/index.ts";
import { deriveCall } from "../support/derive.ts";
import { type Recording, recordings } from "../support/facts.ts";
import { connectProgram } from "../support/program.ts";
import { learn, rewritten } from "./compare.ts";
import { startRecorded } from "./replay.ts";

/** What became of the calls of one tool. */
interface Fates {
  succeeded: boolean;
  refused: boolean;
}

/** Quay answers these for everybody, whatever the arguments are. */
const neverRefused = [
  "get_application_information",
  "search_all",
  "search_entities",
  "search_repositories",
  "list_global_messages",
  "get_api_discovery",
];

/** The embedded registry has no directory of users, whose groups a team could be synced with. */
const neverSucceed = ["enable_team_sync"];

/** A token of an identity provider. The registry reads what it says and cannot check its signature. */
const oidcToken = (claims: object) =>
  [{ alg: "RS256" }, claims, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");

/**
 * The recordings once more, this time as calls of tools through an MCP client: the whole life of a registry. What is
 * answered there is asked by a stranger first, who is refused.
 */
describe("every tool, through an MCP client against the embedded registry", () => {
  const fates = new Map<string, Fates>(
    catalogue.map(({ name }) => [name, { succeeded: false, refused: false }]),
  );
  const lost: string[] = [];
  const clients: Client[] = [];
  let started: Awaited<ReturnType<typeof startRecorded>>;
  let company: Registry;

  const connect = async ({ url }: Registry, token: string) => {
    const client = await connectProgram({
      QUAY_URL: url,
      QUAY_TOKEN: token,
      QUAY_MCP_ALLOW: "destructive",
      QUAY_MCP_CONFIRM: "never",
      QUAY_MCP_BRAKE: "0",
      QUAY_MCP_REVEAL_SECRETS: "true",
    });
    clients.push(client);
    return client;
  };

  const call = async (client: Client, name: string, given: Record<string, unknown>) => {
    const { content, isError } = await client.callTool({ name, arguments: given });
    const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
    const fate = fates.get(name)!;
    const sent = !text.includes("was not called");
    if (isError !== true) fate.succeeded = true;
    else if (sent) fate.refused = true;
    if (/Quay answered (404|405|308)[^.]* with an HTML page/.test(text)) lost.push(`${name}: ${text}`);
    return isError === true ? undefined : text;
  };

  beforeAll(async () => {
    started = await startRecorded();
    const owner = await connect(started.registry, started.tokens.get("devtable_all")!);
    const stranger = await connect(started.registry, started.tokens.get("invalid")!);
    const names = new Map<string, string>();
    for (const recording of recordings as readonly Recording[]) {
      if (recording.phase !== "v2" && recording.token !== "devtable_all") continue;
      started.tick();
      const derived = deriveCall(JSON.parse(rewritten(JSON.stringify(recording), names)));
      if (derived === undefined) continue;
      const { tool } = derived;
      if (!fates.get(tool.name)!.refused && recording.status < 300)
        await call(stranger, tool.name, derived.arguments);
      const text = await call(owner, tool.name, derived.arguments);
      if (text !== undefined) learn(recording.body, bodyOf(text), names);
    }
    await callUnrecorded();
  }, 120_000);

  /** What no recording shows to succeed, the company's registry can do. */
  async function callUnrecorded() {
    company = await startRegistry();
    const owner = await connect(company, company.tokens.superuser);
    await call(owner, "get_organization_member", { orgname: "acme", membername: "bob" });
    const claims = { iss: "https://token.actions.githubusercontent.com", sub: "repo:acme-rockets/actions" };
    const robot = { robot: "platform+actions", oidc_token: oidcToken(claims) };
    await call(owner, "exchange_federated_robot_token", {
      ...robot,
      oidc_token: oidcToken({ iss: "elsewhere" }),
    });
    await call(owner, "exchange_federated_robot_token", robot);

    const repository = "acme/weather";
    const requested = await call(owner, "request_build", {
      repository,
      archive_url: "https://src.example/a.tar.gz",
    });
    const { id } = bodyOf(requested!) as { id: string };
    await call(owner, "cancel_build", { repository, build_uuid: id });
    const listed = await call(owner, "list_build_triggers", { repository });
    const [trigger] = (bodyOf(listed!) as { triggers: { id: string }[] }).triggers;
    const given = { repository, trigger_uuid: trigger!.id };
    await call(owner, "update_build_trigger", { ...given, enabled: true });
    await call(owner, "start_build_trigger", given);
    const idle = company.state.namespaces
      .get("acme")!
      .repositories.get("weather")!
      .collections.get("triggers")!;
    idle.set("idle", { ...idle.get(trigger!.id), id: "idle", is_active: false, config: {} });
    const config = { build_source: "acme-rockets/weather", dockerfile_path: "/Dockerfile", context: "/" };
    await call(owner, "activate_build_trigger", { repository, trigger_uuid: "idle", config });
  }

  afterAll(async () => {
    for (const client of clients) await client.close();
    await started.registry.close();
    await company.close();
  });

  it("is answered with success at least once", () => {
    const failed = [...fates].filter(([, { succeeded }]) => !succeeded);
    expect(failed.map(([name]) => name)).toEqual(neverSucceed);
  });

  it("is refused at least once, but for what everybody may always ask", () => {
    const allowed = [...fates].filter(([, { refused }]) => !refused);
    expect(allowed.map(([name]) => name)).toEqual(neverRefused);
  });

  it("reaches a route that exists", () => {
    expect(lost).toEqual([]);
  });
});

/** Quay's own body, out of a result that may say more beside it. */
function bodyOf(text: string): unknown {
  const result: unknown = unmark(JSON.parse(text));
  const wrapped = typeof result === "object" && result !== null && "answer" in result && "status" in result;
  return wrapped ? result.answer : result;
}
