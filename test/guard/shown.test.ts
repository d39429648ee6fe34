import { describe, expect, it } from "vitest";
import { unsentRequest } from "../../src/guard/dry-run.ts";
import { undoOf } from "../../src/guard/undo.ts";
import { toolNamed } from "../support/tools.ts";

describe("what is shown of a call", () => {
  it("hides in a dry run what an answer would hide, too", () => {
    const tool = toolNamed("create_repository_notification");
    const body = { event: "repo_push", method: "slack", config: { url: "https://hooks.example/T0/secret" } };
    const shown = unsentRequest(tool, { method: "POST", path: "/x", body });
    expect(JSON.stringify(shown)).not.toContain("hooks.example");
    expect(shown.body).toMatchObject({ event: "repo_push", method: "slack" });
    expect(body.config.url).toContain("secret");
  });

  it("names no undo that would write the place of a credential into the registry", () => {
    const undo = (description: string) =>
      undoOf(
        toolNamed("update_repository"),
        { repository: "acme/app", description: "new" },
        { description },
        {},
      );
    expect(undo("as it was")).toMatchObject({ arguments: { description: "as it was" } });
    for (const hidden of ["[redacted]", "token [credential]"]) expect(undo(hidden)).toHaveProperty("none");
  });
});
