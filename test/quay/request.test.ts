import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineOperation, type Operation } from "../../src/operation.ts";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { PathError } from "../../src/quay/path.ts";
import { buildRequest } from "../../src/quay/request.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { catalogue } from "../../tools/index.ts";

const described = {
  operationId: "change",
  name: "change",
  title: "",
  description: "",
  access: "write",
  scopes: [],
} as const;
const change = defineOperation({
  ...described,
  method: "PUT",
  path: "/api/v1/thing/{name}",
  params: { name: z.string() },
  query: { all: z.boolean().optional(), from: z.string().optional(), page: z.int().optional() },
  fixedQuery: { token: "false" },
  body: {
    new_name: z.string().optional(),
    new_role: z.string().optional(),
    limit: z.int().nullable().optional(),
  },
});
const split = defineOperation({
  ...described,
  method: "POST",
  path: "/api/v1/thing",
  body: { repository: z.string(), visibility: z.string() },
  splitRepository: { namespace: "namespace", name: "repository" },
});
const list = defineOperation({
  ...described,
  method: "POST",
  path: "/api/v1/list",
  body: { federation: z.array(z.string()) },
  bodyIs: "federation",
});
const bodiless = defineOperation({ ...described, method: "POST", path: "/api/v1/sync" });

const build = (operation: Operation, values: Record<string, unknown>) =>
  buildRequest(operation, values, createRouteTable([operation]));

describe("a request", () => {
  it("has path, query and body from the arguments, and leaves out what is undefined", () => {
    const request = build(change, {
      name: "a b",
      all: true,
      from: "10/21/2026 +&",
      page: undefined,
      limit: null,
    });
    expect(request).toMatchObject({
      method: "PUT",
      path: "/api/v1/thing/a%20b?token=false&all=true&from=10%2F21%2F2026%20%2B%26",
      body: { limit: null },
    });
  });

  it("sends new_X as X where the path has an X, and only there", () => {
    const { body } = build(change, { name: "old", new_name: "new", new_role: "admin" });
    expect(body).toEqual({ name: "new", new_role: "admin" });
  });

  it("splits a repository at its first slash where Quay wants two fields", () => {
    const { body } = build(split, { repository: "acme/team/app", visibility: "private" });
    expect(body).toEqual({ namespace: "acme", repository: "team/app", visibility: "private" });
  });

  it("sends one argument's value as the whole body", () => {
    expect(build(list, { federation: ["a"] }).body).toEqual(["a"]);
  });

  it("has at least an empty object where the operation takes a body, and none where it does not", () => {
    expect(build(change, { name: "a" }).body).toEqual({});
    expect(build(bodiless, {})).not.toHaveProperty("body");
  });
});

const routes = createRouteTable([...catalogue, ...otherRoutes]);
const withRepository = catalogue.filter(({ path }) => path === "/api/v1/repository/{repository}");
const params = (operation: Operation) => Object.keys(operation.params ?? {});

describe("a path means one operation", () => {
  it.each(
    withRepository
      .filter(({ method }) => method !== "GET")
      .flatMap((operation) =>
        ["acme/app/tag/x", "acme/app/trigger/u", "acme/app/permissions/user/bob"].map((repository) => ({
          operation,
          name: operation.name,
          repository,
        })),
      ),
  )("$name refuses the repository $repository, and says whose URL it is", ({ operation, repository }) => {
    expect(() => buildRequest(operation, { repository }, routes)).toThrow(PathError);
    expect(() => buildRequest(operation, { repository }, routes)).toThrow(
      /another operation, \w+ .*Nothing was sent\./,
    );
  });

  it("lets a repository have any number of slashes otherwise", () => {
    for (const operation of withRepository) {
      expect(buildRequest(operation, { repository: "acme/a/b/c" }, routes).path).toBe(
        "/api/v1/repository/acme/a/b/c",
      );
    }
    expect(withRepository).toHaveLength(3);
  });

  const words = [
    ".",
    "..",
    "/",
    "%2F",
    "%2e",
    "tag",
    "x",
    "acme",
    "logs",
    "users",
    "mirror",
    "health",
    "changestate",
  ];
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc
      .array(fc.constantFrom(...words, "permissions", "user", "team", "trigger", "restore", "\\"), {
        maxLength: 6,
      })
      .map((parts) => parts.join("/")),
    fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((parts) => parts.join("")),
  );
  it.each(
    catalogue
      .filter((operation) => params(operation).length > 0)
      .map((operation) => ({ operation, name: operation.name })),
  )("$name sends its own request or none, whatever its path's arguments are", ({ operation }) => {
    const values = fc.record(Object.fromEntries(params(operation).map((name) => [name, text])));
    fc.assert(
      fc.property(values, (given) => {
        const path = pathOrRefusal(operation, given);
        if (path === undefined) return true;
        const sent = new URL(path, "http://quay.example").pathname;
        return (
          sent === path.replace(/\?.*/, "") &&
          decodeURIComponent(sent) === operation.path.replace(/\{(\w+)\}/g, (_, name) => given[name]!) &&
          isOwn(operation, sent)
        );
      }),
      { numRuns: 200 },
    );
  });

  function isOwn(operation: Operation, path: string): boolean {
    const owner = routes.owner(operation.method, path);
    return owner?.operationId === operation.operationId && owner.path === operation.path;
  }

  function pathOrRefusal(operation: Operation, values: Record<string, string>): string | undefined {
    try {
      return buildRequest(operation, values, routes).path;
    } catch (error) {
      if (error instanceof PathError) return undefined;
      throw error;
    }
  }
});
