import { describe, expect, it } from "vitest";
import type { QuayClient } from "../../src/quay/client.ts";
import { authorize } from "../../src/quay/registry-token.ts";
import { toolWithId } from "../support/tools.ts";
import { connect, errorOf, json, startServer, token } from "./server.ts";

const referrers = toolWithId("getReferrers");
const values = { repository: "acme/team/app", digest: "sha256:0af" };
const registryToken = (access: unknown) =>
  ["e30", Buffer.from(JSON.stringify({ access })).toString("base64url"), "c2ln"].join(".");
const granted = registryToken([{ type: "repository", name: "acme/team/app", actions: ["pull"] }]);

const ask = async (client: QuayClient) =>
  client.request({
    method: "GET",
    path: "/v2/acme/team/app/referrers/sha256:0af",
    operation: referrers,
    authorization: await authorize(referrers, values, client),
  });

describe("the registry token", () => {
  it("is fetched with the OAuth token, and is what the registry's API gets", async () => {
    const server = await startServer((request, response) =>
      json(response, 200, request.url?.startsWith("/v2/auth") ? { token: granted } : { manifests: [] }),
    );
    const { body } = await ask(connect(server.url));
    expect(body).toEqual({ manifests: [] });
    const [exchange, call] = server.requests;
    const asked = new URL(exchange?.url ?? "", server.url);
    expect(asked.pathname).toBe("/v2/auth");
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      service: new URL(server.url).host,
      scope: "repository:acme/team/app:pull",
    });
    expect(exchange?.headers.authorization).toBe(`Basic ${btoa(`$oauthtoken:${token}`)}`);
    expect(call?.headers.authorization).toBe(`Bearer ${granted}`);
  });

  it("is fetched anonymously without an OAuth token", async () => {
    const server = await startServer((_, response) => json(response, 200, { token: granted }));
    await authorize(referrers, values, connect(server.url, { token: undefined }));
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([
    ["grants nothing", { token: registryToken([]) }],
    ["grants something else", { token: registryToken([{ actions: ["push"] }]) }],
    ["is missing", {}],
  ])("is refused here when it %s", async (_, answer) => {
    const server = await startServer((_, response) => json(response, 200, answer));
    const error = await errorOf(ask(connect(server.url)));
    expect(error).toMatchObject({
      kind: "no-access",
      message: 'The registry gave no access to "acme/team/app".',
    });
    expect(server.requests).toHaveLength(1);
  });

  it("that the registry does not take is explained as missing access", async () => {
    const errors = [
      { code: "UNAUTHORIZED", detail: {}, message: "access to the requested resource is not authorized" },
    ];
    const server = await startServer((request, response) =>
      request.url?.startsWith("/v2/auth")
        ? json(response, 200, { token: "opaque" })
        : json(response, 401, { errors }),
    );
    const error = await errorOf(ask(connect(server.url)));
    expect(error).toMatchObject({ kind: "status", status: 401 });
    expect(error.hint).toMatch(/do not allow reading it/);
  });

  it("cannot be had with an invalid OAuth token", async () => {
    const errors = [{ code: "UNAUTHORIZED", detail: {}, message: "Invalid Username or Password" }];
    const server = await startServer((_, response) => json(response, 401, { errors }));
    expect((await errorOf(ask(connect(server.url)))).hint).toMatch(/token is invalid or has expired/);
  });

  it("never stands in an error", async () => {
    const server = await startServer((request, response) =>
      request.url?.startsWith("/v2/auth")
        ? json(response, 200, { token: granted })
        : json(response, 400, { message: `${request.headers.authorization} is bad` }),
    );
    const error = await errorOf(ask(connect(server.url)));
    expect(error.quayMessage).toBe("Bearer [credential] is bad");
  });
});

describe("other operations", () => {
  it("are authorized by the server's token", async () => {
    const client = connect("http://127.0.0.1:1");
    expect(await authorize(toolWithId("getRepo"), values, client)).toBe("bearer");
  });

  it("of a federated robot are authorized by the robot and its OIDC token", async () => {
    const client = connect("http://127.0.0.1:1");
    const authorization = await authorize(
      toolWithId("authFederatedRobotToken"),
      { robot: "acme+ci", oidc_token: "jwt" },
      client,
    );
    expect(authorization).toEqual({ basic: ["acme+ci", "jwt"] });
  });
});
