import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mustBeOffered, requireFeature } from "../../src/quay/features.ts";
import { catalogue } from "../../tools/index.ts";
import { toolWithId } from "../support/tools.ts";
import { connect, errorOf, json, startServer } from "./server.ts";

const discovery: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL("../data/discovery.json", import.meta.url), "utf8"),
);
const concerned = catalogue.filter(mustBeOffered);
const deletePolicy = toolWithId("deleteRepositoryAutoPrunePolicy");

function without(feature: string) {
  return {
    paths: Object.fromEntries(Object.entries(discovery.paths).filter(([path]) => !path.includes(feature))),
  };
}

describe("a write below a repository that belongs to a feature", () => {
  it("is one of these nine", () => {
    expect(concerned.map(({ operationId }) => operationId).sort()).toEqual([
      "changeRepoMirrorConfig",
      "changeRepoState",
      "createRepoMirrorConfig",
      "createRepositoryAutoPrunePolicy",
      "deleteRepositoryAutoPrunePolicy",
      "exportRepoLogs",
      "syncCancel",
      "syncNow",
      "updateRepositoryAutoPrunePolicy",
    ]);
  });

  it("is let through where a real Quay's discovery lists it, which is read once", async () => {
    const server = await startServer((_, response) => json(response, 200, discovery));
    const client = connect(server.url);
    await Promise.all(concerned.map((operation) => requireFeature(operation, client)));
    await requireFeature(deletePolicy, client);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /api/v1/discovery"]);
  });

  it("is let through under whatever name a version has for a placeholder", async () => {
    const paths = { "/api/v1/repository/{repo}/autoprunepolicy/{uuid}/": { delete: {} } };
    const server = await startServer((_, response) => json(response, 200, { paths }));
    await expect(requireFeature(deletePolicy, connect(server.url))).resolves.toBeUndefined();
  });

  it.each([
    ["the path is not listed", without("autoprunepolicy")],
    ["the method is not listed", { paths: { [deletePolicy.path]: { get: {} } } }],
    ["nothing is", {}],
    ["the answer is empty", null],
  ])("is refused where %s", async (_, body) => {
    const server = await startServer((_, response) => json(response, 200, body));
    const error = await errorOf(requireFeature(deletePolicy, connect(server.url)));
    expect(error.kind).toBe("not-offered");
    expect(error.hint).toMatch(/^Nothing was sent.*FEATURE_AUTO_PRUNE is switched off/);
  });

  it("is refused while discovery cannot be read, which is tried again", async () => {
    const server = await startServer((_, response, count) =>
      count === 1 ? json(response, 500, {}) : json(response, 200, discovery),
    );
    const client = connect(server.url);
    expect(await errorOf(requireFeature(deletePolicy, client))).toMatchObject({
      kind: "status",
      status: 500,
    });
    await expect(requireFeature(deletePolicy, client)).resolves.toBeUndefined();
  });

  it("can be given up by one caller without the others", async () => {
    const aborting = new AbortController();
    const server = await startServer((_, response) => {
      aborting.abort();
      json(response, 200, discovery);
    });
    const client = connect(server.url);
    const given = requireFeature(deletePolicy, client, { signal: aborting.signal });
    const kept = requireFeature(deletePolicy, client);
    expect((await errorOf(given)).kind).toBe("aborted");
    await expect(kept).resolves.toBeUndefined();
  });
});

describe("other operations", () => {
  it.each(["getRepoMirrorConfig", "deleteFullTag", "deleteOrganizationAutoPrunePolicy"])(
    "such as %s need no discovery",
    async (operationId) => {
      const client = connect("http://127.0.0.1:1");
      await expect(requireFeature(toolWithId(operationId), client)).resolves.toBeUndefined();
    },
  );
});
