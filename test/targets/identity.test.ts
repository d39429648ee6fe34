import { describe, expect, it } from "vitest";
import type { Given } from "../../src/targets/target.ts";
import { firstOf, itemsOf, openRegistry } from "./open.ts";

const opened = await openRegistry();

const app = { repository: "acme/app" };

describe("an identity is another one after the thing was replaced by one of its name:", () => {
  const identity = async (tool: string, given: Given) => (await opened.stateOf(tool, given)).identity;

  /** The identities before and after something was done. */
  async function around(tool: string, given: Given, replace: () => Promise<unknown>) {
    const before = await identity(tool, given);
    expect(await identity(tool, given)).toBe(before);
    await replace();
    return [before, await identity(tool, given)];
  }

  async function expectAnother(pair: (string | undefined)[]) {
    expect(pair).toEqual([expect.any(String), expect.any(String)]);
    expect(pair[0]).not.toBe(pair[1]);
  }

  it("a tag that moved, or was set anew to the same image", async () => {
    const given = { repository: "acme/weather", tag: "latest" };
    const [, , other] = await itemsOf(
      opened,
      "list_tags",
      { repository: given.repository, onlyActiveTags: true },
      "tags",
    );
    const manifest_digest = other!.manifest_digest;
    await expectAnother(
      await around("delete_tag", given, () => opened.send("update_tag", { ...given, manifest_digest })),
    );
    await expectAnother(
      await around("delete_tag", given, async () => {
        opened.registry.clock.set(new Date(Date.now() + 5000));
        await opened.send("restore_tag", { ...given, manifest_digest });
        opened.registry.clock.reset();
      }),
    );
  });

  it("a repository that was deleted and made anew", async () => {
    const given = { repository: "erin/scratch" };
    await expectAnother(
      await around("delete_repository", given, async () => {
        await opened.send("delete_repository", given);
        await opened.send("create_repository", { ...given, visibility: "private", description: "" });
      }),
    );
  });

  it("a robot, by its creation", async () => {
    const given = { orgname: "vendor", robot_shortname: "brief" };
    await opened.send("create_organization_robot", given);
    await expectAnother(
      await around("delete_organization_robot", given, async () => {
        await opened.send("delete_organization_robot", given);
        opened.registry.clock.set(new Date(Date.now() + 5000));
        await opened.send("create_organization_robot", given);
        opened.registry.clock.reset();
      }),
    );
  });

  it("an organization of other content", async () => {
    await expectAnother(
      await around("delete_organization", { orgname: "hub" }, async () => {
        await opened.send("delete_organization", { orgname: "hub" });
        await opened.send("create_organization", { name: "hub" });
      }),
    );
  });

  it("a team of other members, and a policy of another rule", async () => {
    const team = { orgname: "acme", teamname: "ops" };
    const leaving = { ...team, membername: "acme+deploy" };
    await expectAnother(await around("delete_team", team, () => opened.send("remove_team_member", leaving)));
    const { uuid } = await firstOf(opened, "list_repository_autoprune_policies", app, "policies");
    const policy = { ...app, policy_uuid: uuid };
    const rule = { method: "number_of_tags", value: 90 };
    await expectAnother(
      await around("delete_repository_autoprune_policy", policy, () =>
        opened.send("update_repository_autoprune_policy", { ...policy, ...rule }),
      ),
    );
  });

  it("a proxy cache of another registry, and a mirror of another source", async () => {
    const cache = { orgname: "vendor" };
    await opened.send("create_proxy_cache", { ...cache, upstream_registry: "docker.io" });
    await expectAnother(
      await around("delete_proxy_cache", cache, async () => {
        await opened.send("delete_proxy_cache", cache);
        await opened.send("create_proxy_cache", { ...cache, upstream_registry: "quay.io" });
      }),
    );
    const mirror = { repository: "vendor/redis" };
    const source = { ...mirror, external_reference: "quay.io/x/y" };
    await expectAnother(
      await around("sync_repository_mirror", mirror, () => opened.send("update_repository_mirror", source)),
    );
  });
});
