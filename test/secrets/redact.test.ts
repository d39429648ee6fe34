import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redact } from "../../src/answer/redact.ts";
import type { Tool } from "../../src/operation.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { catalogue } from "../../tools/index.ts";
import { recordings } from "../support/facts.ts";
import { routeOf } from "../support/routes.ts";
import { plant, secretFields } from "./canaries.ts";

const toolOf = new Map(catalogue.map((tool) => [tool.operationId, tool]));

/** What a tool would tell of this answer if there was a canary in each of the operation's secret fields. */
function told(tool: Tool, body: unknown): { planted: number; text: string } {
  const { planted, body: withCanaries } = plant(tool.operationId, structuredClone(body));
  return { planted, text: JSON.stringify(redact(withCanaries, tool).value) ?? "" };
}

describe("no canary passes", () => {
  const planted = new Set<string>();

  it("of any secret field of any recorded answer", () => {
    for (const { method, path, body } of recordings) {
      const route = routeOf(method, path);
      const tool = route?.inReference === true ? toolOf.get(route.operationId) : undefined;
      if (tool === undefined) continue;
      const answer = told(tool, body);
      if (answer.planted > 0) planted.add(tool.operationId);
      expect(answer.text, `${method} ${path}`).not.toContain("CANARY");
    }
  });

  it("and all but one of the operations that hand out secrets were recorded with some", () => {
    const without = Object.keys(secretFields).filter((operationId) => !planted.has(operationId));
    expect(without).toEqual(["activateBuildTrigger"]);
  });

  describe("of the embedded registry", () => {
    let registry: Registry;
    beforeAll(async () => {
      registry = await startRegistry({});
    });
    afterAll(() => registry.close());

    it("in its answers to reads", async () => {
      const asked: readonly (readonly [operationId: string, path: string])[] = [
        ["getOrgRobots", "organization/acme/robots"],
        ["getOrgRobot", "organization/acme/robots/deploy"],
        ["getOrganizationApplications", "organization/acme/applications"],
        ["getRepo", "repository/acme/app"],
        ["listRepoNotifications", "repository/acme/app/notification/"],
        ["listBuildTriggers", "repository/acme/weather/trigger/"],
        ["getRepoBuilds", "repository/acme/weather/build/"],
        ["getConfigDump", "superuser/config"],
      ];
      const headers = { authorization: `Bearer ${registry.tokens.superuser}` };
      for (const [operationId, path] of asked) {
        const response = await fetch(`${registry.url}/api/v1/${path}`, { headers });
        const { planted: count, text } = told(toolOf.get(operationId)!, await response.json());
        expect({ path, status: response.status, planted: count > 0 }).toEqual({
          path,
          status: 200,
          planted: true,
        });
        expect(text, path).not.toContain("CANARY");
      }
    });
  });

  it("under a credential's name, at whatever depth and in whatever company", () => {
    const name = fc.constantFrom("token", "clientSecret", "PASSWORD", "private-key", "apiKey");
    const nest = fc.array(fc.constantFrom("list", "a", "metadata", "resolved_ip", "__proto__"), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(name, nest, (credential, path) => {
        const inner = JSON.stringify({ [credential]: "CANARY", kept: "plain" });
        const text = path.reduce(
          (json, key) => (key === "list" ? `[1,${json}]` : `{"${key}":${json}}`),
          inner,
        );
        const redacted = JSON.stringify(redact(JSON.parse(text), {}).value);
        expect(redacted).not.toContain("CANARY");
        expect(redacted).toContain("plain");
      }),
    );
  });
});

describe("redacting an answer", () => {
  it("also takes a list of credentials, and leaves objects, numbers, switches and nothing", () => {
    const body = {
      tokens: ["CANARY", { uuid: "u", token_code: "CANARY" }, { title: "laptop" }],
      token: { uuid: "u", token_code: "CANARY" },
      password: null,
      secret: "",
      token_count: 3,
      api_token: true,
    };
    expect(redact(body, {}).value).toEqual({
      tokens: ["[redacted]", { uuid: "u", token_code: "[redacted]" }, { title: "laptop" }],
      token: { uuid: "u", token_code: "[redacted]" },
      password: null,
      secret: "",
      token_count: 3,
      api_token: true,
    });
  });

  it("leaves what a log only names like a credential, there and nowhere else", () => {
    const uuid = "ec6ee397-eca4-4a45-904b-b84815022490";
    const log = { metadata: { app_specific_token: uuid, resolved_ip: { sync_token: "1645662201" } } };
    expect(redact(structuredClone(log), {}).value).toEqual(log);
    const elsewhere = {
      app_specific_token: uuid,
      sync_token: "1645662201",
      metadata: {
        app_specific_token: "CANARY",
        sync_token: "1645662201",
        resolved_ip: { sync_token: "CANARY" },
      },
    };
    expect(redact(elsewhere, {}).value).toEqual({
      app_specific_token: "[redacted]",
      sync_token: "[redacted]",
      metadata: {
        app_specific_token: "[redacted]",
        sync_token: "[redacted]",
        resolved_ip: { sync_token: "[redacted]" },
      },
    });
  });

  it("takes what was sent along and came back alone, also where all else is revealed", () => {
    const sent = ["abc"];
    expect(redact({ a: ["abc", "abcd"] }, {}, { sent }).value).toEqual({ a: ["[redacted]", "abcd"] });
    expect(redact({ a: "abc", token: "t" }, {}, { sent, reveal: true }).value).toEqual({
      a: "[redacted]",
      token: "t",
    });
  });
});
