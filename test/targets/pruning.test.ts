import { describe, expect, it } from "vitest";
import type { Given } from "../../src/targets/target.ts";
import { itemsOf, lookAt, openRegistry, openWith } from "./open.ts";

const opened = await openRegistry();

const app = { repository: "acme/app" };
const acme = { orgname: "acme" };

const look = (tool: string, given: Given) => lookAt(opened, tool, given);

describe("a new auto-prune rule shows the tags that it would remove now", () => {
  const rule = (given: Given) =>
    look("create_repository_autoprune_policy", { repository: "acme/uplink", ...given });

  it("all but the newest", async () => {
    const { name, preview } = await rule({ method: "number_of_tags", value: 6 });
    expect(name).toBe("acme/uplink/policies");
    expect(preview.would_remove_now).toEqual({ number: 2, names: ["v2.1", "v2.0"] });
  });

  it("those older than an age, that match its pattern or that do not", async () => {
    const old = { method: "creation_date", value: "40w", tagPattern: "^v2\\.[01]$" };
    expect((await rule(old)).preview.would_remove_now).toEqual({ number: 2, names: ["v2.1", "v2.0"] });
    const others = await rule({ ...old, value: "20w", tagPatternMatches: false });
    expect(others.preview.would_remove_now).toEqual({ number: 2, names: ["v2.3", "v2.2"] });
  });

  it("but not those that are immutable", async () => {
    const { preview } = await look("create_repository_autoprune_policy", {
      ...app,
      method: "number_of_tags",
      value: 1,
    });
    expect(JSON.stringify(preview)).not.toMatch(/"v2\.[01]"/);
  });

  it("in the first repositories of a namespace", async () => {
    const given = { method: "creation_date", value: "100d" };
    const { preview } = await look("create_organization_autoprune_policy", { ...acme, ...given });
    expect(preview.would_remove_now).toMatchObject({
      number: expect.stringMatching(/^\d+\+$/),
      repositories_looked_at: 10,
    });
    const mine = await openWith(opened.registry, opened.registry.tokens.member);
    const state = await mine.stateOf("create_my_autoprune_policy", given);
    await mine.close();
    expect(state.preview.would_remove_now).toEqual({ number: 0 });
  });

  it("and gives up a pattern that would take forever", async () => {
    const tag = `${"a".repeat(60)}-`;
    const [first] = await itemsOf(
      opened,
      "list_tags",
      { repository: "acme/uplink", onlyActiveTags: true },
      "tags",
    );
    await opened.send("update_tag", {
      repository: "acme/uplink",
      tag,
      manifest_digest: first!.manifest_digest,
    });
    const state = await rule({ method: "number_of_tags", value: 1, tagPattern: "^(a+)+$" });
    await opened.send("delete_tag", { repository: "acme/uplink", tag });
    expect(state.preview.would_remove_now).toBeUndefined();
    expect(state.unread).toEqual([expect.stringContaining("tagPattern")]);
  });
});
