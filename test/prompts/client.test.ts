import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listedPrompts } from "../../src/prompts/prompts.ts";
import { revisions, type Session } from "../support/revisions.ts";

let session: Session;
const invalidParams = -32602;

describe.each(revisions)("a client of protocol $revision", ({ connect }) => {
  beforeAll(async () => {
    session = await connect({ flags: ["--demo"] });
  });
  afterAll(() => session.close());

  it("lists the prompts with their arguments", async () => {
    expect(await session.listPrompts()).toEqual(listedPrompts());
  });

  it("gets every prompt, with what it filled in", async () => {
    for (const { name, arguments: taken } of listedPrompts()) {
      const given = Object.fromEntries(taken.map((argument) => [argument.name, `given-${argument.name}`]));
      const text = await session.getPrompt(name, given);
      for (const value of Object.values(given)) expect(text).toContain(`"${value}"`);
    }
  });

  it("is told which of the tools that a prompt names this server does not permit", async () => {
    const settings = { QUAY_URL: "http://127.0.0.1:1", QUAY_TOKEN: "none" };
    const review = async (...flags: string[]) => {
      const open = await connect({ settings, flags });
      const text = await open.getPrompt("review_access", { place: "acme/app" });
      await open.close();
      return /settings do not permit (.*):/.exec(text)?.[1];
    };
    expect(await review("--allow", "destructive")).toBeUndefined();
    expect(await review("--toolsets", "team,permission", "--allow", "write")).toBe(
      "`list_repository_logs`, `delete_repository_user_permission`, `delete_repository_team_permission`, `remove_team_member` and `delete_organization_prototype`",
    );
  });

  it("completes the arguments of a prompt", async () => {
    const { values } = await session.complete("triage_vulnerabilities", {
      name: "repository",
      value: "acme/upl",
    });
    expect(values).toEqual(["acme/uplink", "acme/uplink-legacy"]);
  });

  it("is told which prompts there are not", async () => {
    await expect(session.getPrompt("review_acces", { place: "acme" })).rejects.toMatchObject({
      code: invalidParams,
      message: expect.stringContaining('There is no prompt "review_acces". Did you mean "review_access"?'),
    });
  });

  it("is told every problem with the arguments", async () => {
    await expect(session.getPrompt("onboard_team", { organisation: "acme" })).rejects.toMatchObject({
      code: invalidParams,
      message: expect.stringMatching(/no argument "organisation".*"team" is missing/),
    });
  });
});
