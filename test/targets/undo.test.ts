import { describe, expect, it } from "vitest";
import { undoOf } from "../../src/guard/undo.ts";
import type { QuayError } from "../../src/quay/errors.ts";
import type { Given } from "../../src/targets/target.ts";
import { catalogue } from "../../tools/index.ts";
import { toolNamed } from "../support/tools.ts";
import { openRegistry } from "./open.ts";
import { type Round, rounds } from "./rounds.ts";

const opened = await openRegistry();

// What is made anew has other identifiers and times, and a tag that was brought back is marked as such.
// biome-ignore format: a list of words
const fleeting = new Set([
  "id", "uuid", "client_id", "client_secret", "start_ts", "last_modified", "reversion", "created", "creation_date",
  "sync_retries_remaining", "sync_start_date", "sync_expiration_date", "disabled_reason",
]);

/** What must be the same again; lists stand in the order of what was changed last. */
function lasting(value: unknown): unknown {
  if (Array.isArray(value)) {
    const text = (item: unknown) => JSON.stringify(item);
    return value.map(lasting).sort((one, other) => (text(one) < text(other) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !fleeting.has(key))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(kept.map(([key, inner]) => [key, lasting(inner)]));
}

describe("the undo of", () => {
  /** What a read answers, or with which status it fails. */
  const shown = async ([tool, given]: Round["look"]) =>
    lasting(await opened.read(tool, given).catch(({ status }: QuayError) => ({ status })));

  it.each(rounds)("%s %s leaves the registry as it was", async (tool, _how, make) => {
    const { given, look } = await make(opened);
    const before = await shown(look);
    const foreseen = undoOf(toolNamed(tool), given, (await opened.stateOf(tool, given)).now, undefined);
    const { undo } = await opened.send(tool, given);
    expect(await shown(look)).not.toEqual(before);
    expect(undo).toMatchObject({ tool: expect.any(String), arguments: expect.any(Object) });
    const { tool: undoing, arguments: back } = undo as { tool: string; arguments: object };
    // What only the answer tells is named in the preview.
    expect(foreseen).toMatchObject({ tool: undoing });
    expect(Object.keys((foreseen as { arguments: object }).arguments)).toEqual(Object.keys(back));
    await opened.send(undoing, { ...back });
    expect(await shown(look)).toEqual(before);
  });

  it("a build that was asked for cancels it", async () => {
    const repository = "acme/docs";
    const given = { repository, archive_url: "https://x.example/a.tgz", docker_tags: ["new"] };
    const { undo } = await opened.send("request_build", given);
    const { tool, arguments: back } = undo as { tool: string; arguments: Given };
    await opened.send(tool, back);
    expect(tool).toBe("cancel_build");
    expect(await opened.read("list_builds", { repository })).toMatchObject({
      builds: [{ phase: "cancelled" }],
    });
  });

  it("a team's sync binds it to the group that it had", () => {
    const given = { orgname: "acme", teamname: "devs" };
    const undone = (now: Given) =>
      undoOf(toolNamed("disable_team_sync"), given, { ...now, present: true }, {});
    const group = "cn=devs,dc=acme";
    expect(undone({ group_dn: group })).toEqual({
      tool: "enable_team_sync",
      arguments: { ...given, group_dn: group },
    });
    expect(undone({ group_name: "devs" })).toMatchObject({ arguments: { group_name: "devs" } });
    expect(undone({})).toMatchObject({ none: expect.stringContaining("to which group") });
  });

  it("every tool that has one is shown to work, but where the embedded registry never takes the call", () => {
    const undoable = catalogue.filter(({ undo }) => Array.isArray(undo)).map(({ name }) => name);
    const known = new Set(rounds.map(([tool]) => tool));
    expect(undoable.filter((name) => !known.has(name))).toEqual([
      "disable_team_sync",
      "request_build",
      "start_build_trigger",
    ]);
  });
});

describe("what cannot be taken back", () => {
  const now = { present: true };

  it("is said in a sentence", () => {
    expect(undoOf(toolNamed("delete_repository"), { repository: "acme/app" }, now, undefined)).toEqual({
      none: "Nothing brings back a repository.",
    });
  });

  it("is what could not be read before, not even by deleting what may have been there", () => {
    const given = { repository: "acme/app", tag: "v1", manifest_digest: `sha256:${"0".repeat(64)}` };
    expect(undoOf(toolNamed("restore_tag"), given, {}, {})).toEqual({
      none: "How it was before could not be read.",
    });
  });

  it("is a credential, which nothing of what was read tells", () => {
    const config = { url: "[redacted]" };
    const state = { ...now, event: "repo_push", method: "webhook", config, eventConfig: {} };
    const given = { repository: "acme/app", uuid: "u" };
    expect(undoOf(toolNamed("delete_repository_notification"), given, state, null)).toMatchObject({
      none: expect.stringContaining("address or token"),
    });
    const password = { username: "bob", password: "long enough", email: "b@acme.example" };
    expect(
      undoOf(toolNamed("superuser_update_user"), password, { ...now, email: "a@b.c" }, {}),
    ).toMatchObject({
      none: expect.any(String),
    });
  });

  it("is what Quay's arguments do not take", () => {
    const given = { repository: "upstream/prometheus", state: "NORMAL" };
    const state = { ...now, state: "ORG_MIRROR" };
    expect(undoOf(toolNamed("change_repository_state"), given, state, {})).toMatchObject({
      none: expect.stringContaining("mirror of its organization"),
    });
  });

  it("is nothing for a call that only reads", () => {
    expect(undoOf(toolNamed("list_tags"), { repository: "acme/app" }, now, {})).toBeUndefined();
  });

  it("names what only the answer will tell", () => {
    const given = { orgname: "acme", method: "number_of_tags", value: 1 };
    const tool = toolNamed("create_organization_autoprune_policy");
    expect(undoOf(tool, given, { absent: true }, undefined)).toEqual({
      tool: "delete_organization_autoprune_policy",
      arguments: { orgname: "acme", policy_uuid: "UUID_IN_THE_ANSWER" },
    });
  });
});
