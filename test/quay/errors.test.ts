import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/operation.ts";
import { answerError, type QuayError } from "../../src/quay/errors.ts";
import { otherRoutes } from "../../src/quay/other-routes.ts";
import { createRouteTable } from "../../src/quay/routes.ts";
import { createScrubber } from "../../src/quay/scrub.ts";
import { catalogue } from "../../tools/index.ts";
import { toolWithId } from "../support/tools.ts";
import { token } from "./server.ts";

interface Recording {
  readonly method: Operation["method"];
  readonly path: string;
  readonly token: string | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL("../data/recordings.json", import.meta.url), "utf8"),
);
const refused = recordings.filter(({ status }) => status >= 400);
const routes = createRouteTable([...catalogue, ...otherRoutes]);
const operationOf = (method: string, path: string) => {
  const owner = routes.owner(method, path.replace(/\?.*/, ""));
  return catalogue.find((tool) => tool.operationId === owner?.operationId && tool.path === owner.path);
};
function textOf(body: unknown, headers: Readonly<Record<string, string>>): string {
  if (typeof body === "object" && body !== null && "_head" in body) return String(body._head);
  return typeof body === "string" && /html/.test(headers["Content-Type"] ?? "") ? body : JSON.stringify(body);
}

interface Given {
  readonly operation?: Operation | undefined;
  readonly authorized?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

function errorFrom(status: number, body: unknown, given: Given = {}): QuayError {
  const { operation, authorized = true, headers = {}, secrets = [token] } = given;
  const request = { method: operation?.method ?? "GET", path: "/", ...(operation && { operation }) } as const;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerError({ status, headers, text }, { request, authorized, scrub: createScrubber(secrets) });
}

const html = "<!DOCTYPE html>\n<html><head><title>404</title></head><body><h1>Quay</h1></body></html>";

describe("an answer of 400 or more", () => {
  it("was recorded in each of its shapes", () => {
    expect(refused.length).toBeGreaterThan(270);
  });

  it.each(
    refused.map((recording) => ({
      ...recording,
      name: `${recording.method} ${recording.path.slice(0, 100)}`,
    })),
  )(
    "$status of $name becomes an error that a person understands",
    ({ method, path, status, headers, body, token: who }) => {
      const error = errorFrom(status, textOf(body, headers), {
        operation: operationOf(method, path),
        authorized: who !== null,
      });
      expect(error).toMatchObject({ kind: "status", status });
      expect(error.message).toMatch(new RegExp(`^Quay answered ${status}.*\\.$`));
      expect(`${error.message} ${error.hint}`).not.toMatch(
        /[{}\n]|<\/?(?:html|title|h1|p|a)\b|undefined|\[object|Failed validating/,
      );
      expect(error.hint).toMatch(/^[A-Z].{20,}\.$/);
    },
  );

  it.each([
    [
      "the full ApiError",
      { detail: "Not Found", error_message: "x", error_type: "not_found", status: 404 },
      "Not Found",
    ],
    ["a message", { message: "Invalid scope: nonsense" }, "Invalid scope: nonsense"],
    ["an empty message", { message: "" }, undefined],
    [
      "a message by argument",
      { message: { page: "The page.", limit: "Too high." } },
      "page: The page.; limit: Too high.",
    ],
    ["a detail alone", { detail: "Mirror already exists" }, "Mirror already exists"],
    ["an error alone", { error: "CSRF token was invalid or missing." }, "CSRF token was invalid or missing."],
    [
      "errors of the registry's API",
      { errors: [{ code: "DENIED", detail: {}, message: "no" }] },
      "DENIED: no",
    ],
    ["a JSON text", '"Nope"', "Nope"],
    ["plain text", "Too many attempts,\n locked", "Too many attempts, locked"],
    ["an HTML page", html, undefined],
    ["JSON with an HTML page in it", { message: html }, undefined],
    ["JSON with markup in it", { message: "<b>Bad</b> <namespace>/<name>" }, "Bad <namespace>/<name>"],
    ["nothing", "", undefined],
    ["null", "null", undefined],
    ["a list", [1, 2], undefined],
  ])("has Quay's own words from %s", (_, body, words) => {
    expect(errorFrom(400, body).quayMessage).toBe(words);
  });

  it("is told without the schema and the body that Quay quotes", () => {
    const quoted =
      "Failed validating 'type' in schema['properties']['password']:\n    {}\n\nOn instance:\n    {'password': 'hunter2'}";
    const said = (what: string) => errorFrom(400, { detail: `${what}\n\n${quoted}` }).quayMessage;
    expect(said("1 is not of type 'string'")).toBe("password: 1 is not of type 'string'");
    expect(said("{'password': 'hunter2'} is not of type 'string'")).toBe(
      "password: the value is not of type 'string'",
    );
    expect(said(`'${"x".repeat(5000)}' is too long`)).toBe("password: the value is too long");
  });

  it("keeps error_type", () => {
    expect(errorFrom(403, { detail: "Unauthorized", error_type: "insufficient_scope" })).toMatchObject({
      message: "Quay answered 403: Unauthorized (insufficient_scope).",
      errorType: "insufficient_scope",
    });
  });

  it("says that an HTML page came, and nothing of it", () => {
    expect(errorFrom(500, html).message).toBe("Quay answered 500 with an HTML page.");
  });

  it("cuts a long text", () => {
    expect(errorFrom(400, { message: "long ".repeat(10_000) }).message.length).toBeLessThan(700);
    expect(errorFrom(400, "💥".repeat(10_000)).message).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

describe("the hint", () => {
  it("of a missing scope names the scopes and says that it may be a role", () => {
    const body = { detail: "Unauthorized", error_type: "insufficient_scope" };
    const { hint } = errorFrom(403, body, { operation: toolWithId("deleteFullTag") });
    expect(hint).toMatch(/lacks a scope, or its owner lacks a role.*delete_tag needs the scope repo:write\./);
  });

  it("of Quay's CSRF answer speaks of the token", () => {
    const body = { error: "CSRF token was invalid or missing." };
    expect(errorFrom(403, body).hint).toMatch(/token is invalid or has expired/);
    expect(errorFrom(403, body, { authorized: false }).hint).toMatch(/No token was sent/);
  });

  it("of a 401 speaks of the token, except where a scope may be missing", () => {
    const body = { detail: "Requires authentication", error_type: "invalid_token" };
    expect(errorFrom(401, body, { operation: toolWithId("getRepo") }).hint).toMatch(/invalid or has expired/);
    expect(errorFrom(401, body, { operation: toolWithId("getLoggedInUser") }).hint).toMatch(
      /lacks the scope user:read/,
    );
    expect(errorFrom(401, body, { authorized: false }).hint).toMatch(/No token was sent/);
  });

  it.each([404, 405])("of a %i page names the feature that is switched off", (status) => {
    const operation = toolWithId("deleteOrganizationAutoPrunePolicy");
    expect(errorFrom(status, html, { operation }).hint).toMatch(/FEATURE_AUTO_PRUNE is switched off/);
    expect(errorFrom(status, html).hint).toMatch(/does not know the operation/);
  });

  it("of a 404 in JSON does not say that it certainly is not there", () => {
    expect(errorFrom(404, { detail: "Not Found" }).hint).toMatch(/or the token's owner may not see it/);
  });

  it.each([
    [400, "already", { message: "x" }],
    [400, "within a month of starttime", { message: "Invalid date range for logs" }],
    [402, "plan or quota", {}],
    [409, "immutable", { detail: "x", error_type: "tag_immutable" }],
    [409, "exists already", { detail: "x" }],
    [410, "no longer", { message: "x" }],
    [415, "JSON", { message: "x" }],
    [429, "more slowly", html],
    [500, "unknown", html],
    [502, "proxy", html],
    [503, "changing the repository's state", { message: "Repository is in read only or mirror mode: 2" }],
    [503, "maintenance", html],
    [520, "security scanner", html],
    [418, "QUAY_URL", ""],
  ])("of a %i says %j", (status, words, body) => {
    expect(errorFrom(status, body).hint).toContain(words);
  });

  it("of an answer with Retry-After says how long to wait", () => {
    expect(errorFrom(429, "Locked out", { headers: { "retry-after": "90" } }).hint).toMatch(
      /Wait 90 seconds/,
    );
    const date = new Date(Date.now() + 30_000).toUTCString();
    expect(errorFrom(429, "Locked out", { headers: { "retry-after": date } }).hint).toMatch(
      /Wait (29|30) seconds/,
    );
  });
});

describe("a credential that was sent", () => {
  const special = "s+cr/t=%&ä~token";
  const echo = (secret: string) => [
    secret,
    `Bearer ${secret}`,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    Buffer.from(secret).toString("base64"),
    Buffer.from(`$oauthtoken:${secret}`).toString("base64"),
    Buffer.from(`user:${secret}`).toString("base64"),
    Buffer.from(`ab:${secret}`).toString("base64url"),
  ];
  it.each([token, special].flatMap((secret) => echo(secret).map((echoed) => ({ secret, echoed }))))(
    "is not in the error when Quay sends back $echoed",
    ({ secret, echoed }) => {
      const bodies = [
        { message: `<${echoed}> was wrong` },
        { message: { [echoed]: "x" } },
        echoed,
        { detail: "a", error_type: echoed },
      ];
      for (const body of bodies) {
        const { message, hint, quayMessage, errorType } = errorFrom(400, body, { secrets: [secret] });
        const told = `${message}${hint}${quayMessage}${errorType}`;
        expect(told).toContain("[credential]");
        for (const form of echo(secret)) expect(told).not.toContain(form);
      }
    },
  );

  it("is not in the error when a long text ends in the middle of it", () => {
    expect(errorFrom(400, `${"x".repeat(580)} ${token}`).message).not.toContain(token.slice(0, 8));
  });
});
