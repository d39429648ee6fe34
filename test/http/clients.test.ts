import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { revisions, type Session } from "../support/revisions.ts";
import { type Serving, serve } from "./serve.ts";

let registry: Registry;
let server: Serving;

beforeAll(async () => {
  registry = await startRegistry();
  server = await serve(registry);
});
afterAll(async () => {
  await server.close();
  await registry.close();
});

describe.each(revisions)("over HTTP with a client of protocol $revision", ({ revision, connectTo }) => {
  let session: Session;
  let outsider: Session;

  beforeAll(async () => {
    [session, outsider] = await Promise.all([
      connectTo(server.as(registry.tokens.superuser)),
      connectTo(server.as(registry.tokens.outsider)),
    ]);
  });
  afterAll(() => Promise.all([session.close(), outsider.close()]));

  it("speaks that protocol, and says who it is", () => {
    expect(session.revision).toBe(revision);
    expect(session.server).toMatchObject({ name: "quay-mcp", title: "Quay" });
    expect(session.instructions).toContain("namespace/name");
  });

  it("lists the tools that the server's settings allow", async () => {
    const tools = await session.listTools();
    const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
    expect(tools.length).toBeGreaterThan(20);
    expect(changing).toEqual([]);
  });

  it("calls Quay with the caller's own token", async () => {
    const [mine, others] = await Promise.all([
      session.callTool("get_my_user"),
      outsider.callTool("get_my_user"),
    ]);
    expect([mine.isError, others.isError]).toEqual([false, false]);
    expect(mine.text).not.toBe(others.text);
  });

  it("says a refusal as the result of the call", async () => {
    const { isError, text } = await session.callTool("delete_repository", { repository: "acme/app" });
    expect(isError).toBe(true);
    expect(text).toContain("--allow");
  });

  it("reads resources with the caller's own rights", async () => {
    const templates = await session.listResourceTemplates();
    expect(templates.length).toBeGreaterThan(0);
    expect(await session.readResource("quay://organizations")).not.toEqual(
      await outsider.readResource("quay://organizations"),
    );
  });
});
