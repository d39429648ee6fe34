import { describe, expect, it } from "vitest";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { catalogue } from "../../tools/index.ts";

const table = createRouteTable([...catalogue, ...otherRoutes]);
const owner = (method: string, path: string) => table.owner(method, path)?.operationId;

describe("the route table", () => {
  it("knows the 109 operations that are no tools", () => {
    expect(otherRoutes).toHaveLength(109);
    expect(new Set(otherRoutes.map(({ method, path }) => `${method} ${path}`)).size).toBe(109);
  });

  it.each(
    [...catalogue, ...otherRoutes].map(({ method, path, operationId }) => ({ method, path, operationId })),
  )(
    "gives $method $path to $operationId, with and without its trailing slash",
    ({ method, path, operationId }) => {
      const url = path.replace("{repository}", "acme/team/app").replaceAll(/\{\w+\}/g, "some-value");
      expect(owner(method, url.replace(/\/$/, ""))).toBe(operationId);
      expect(owner(method, `${url.replace(/\/$/, "")}/`)).toBe(operationId);
    },
  );

  it.each([
    ["DELETE", "/api/v1/repository/acme/app/tag/x", "deleteFullTag"],
    ["PUT", "/api/v1/repository/acme/app/trigger/u", "updateBuildTrigger"],
    ["DELETE", "/api/v1/repository/acme/app/permissions/user/bob", "deleteUserPermissions"],
    ["GET", "/api/v1/repository/acme/app/tag", "listRepoTags"],
    ["GET", "/api/v1/repository/mirror/health", "getRepositoryMirrorHealth"],
    ["GET", "/api/v1/superuser/users/logs", "getInstallUser"],
  ])("gives %s %s to the most specific operation, %s", (method, path, operationId) => {
    expect(owner(method, path)).toBe(operationId);
  });

  it.each([
    ["DELETE", "/api/v1/repository/acme/app/mirror", "deleteRepository"],
    ["PUT", "/api/v1/repository/mirror/health", "updateRepo"],
    ["PUT", "/api/v1/repository/acme/app/tag/x/restore", "updateRepo"],
  ])("gives %s %s, which has no route of that method, to the next one, %s", (method, path, operationId) => {
    expect(owner(method, path)).toBe(operationId);
  });

  it("prefers the longer literal among patterns with equally many", () => {
    expect(owner("PUT", "/api/v1/repository/acme/app/tag/changestate")).toBe("changeRepoState");
  });

  it("takes an encoded slash for a slash, as Quay does", () => {
    expect(owner("DELETE", "/api/v1/repository/acme%2Fapp%2ftag%2Fx")).toBe("deleteFullTag");
    expect(owner("GET", "/api/v1/users/a%2Fb")).toBeUndefined();
  });

  it("has no owner for a repository without a namespace, an unknown path, or a malformed one", () => {
    expect(owner("GET", "/api/v1/repository/app")).toBeUndefined();
    expect(owner("GET", "/api/v1/nothing")).toBeUndefined();
    expect(owner("GET", "/api/v1/repository/acme//app")).toBeUndefined();
    expect(owner("GET", "/api/v1/users/%E0%A4%A")).toBeUndefined();
    expect(owner("PATCH", "/api/v1/repository/acme/app")).toBeUndefined();
  });
});
