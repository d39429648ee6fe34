import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";

describe("the embedded registry", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ now: () => new Date("2026-11-21T09:00:00Z") });
  });
  afterAll(() => registry.close());

  const ask = (method: string, path: string, token?: string, body?: unknown) =>
    fetch(`${registry.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const get = async (path: string, token?: string) =>
    (await (await ask("GET", path, token)).json()) as Record<string, unknown>;

  it("shows by reads what writes changed", async () => {
    const { superuser } = registry.tokens;
    const made = await ask("POST", "/api/v1/repository", superuser, {
      namespace: "acme",
      repository: "fresh",
      visibility: "private",
      description: "New.",
    });
    expect(made.status).toBe(201);
    expect(await get("/api/v1/repository/acme/fresh", superuser)).toMatchObject({ description: "New." });
    expect((await ask("DELETE", "/api/v1/repository/acme/fresh", superuser)).status).toBe(204);
    expect((await ask("GET", "/api/v1/repository/acme/fresh", superuser)).status).toBe(404);
    const answer = (await get("/api/v1/organization/acme/logs", superuser)) as { logs: { kind: string }[] };
    expect(answer.logs.slice(0, 2).map(({ kind }) => kind)).toEqual(["delete_repo", "create_repo"]);
  });

  it("shows each kind of user what is theirs", async () => {
    const statuses = (path: string) =>
      Promise.all(
        Object.values(registry.tokens).map(async (token) => (await ask("GET", path, token)).status),
      );
    expect(Object.keys(registry.tokens)).toEqual(["superuser", "member", "outsider", "readonly_superuser"]);
    expect(await statuses("/api/v1/repository/acme/app")).toEqual([200, 200, 403, 200]);
    expect(await statuses("/api/v1/organization/acme/members")).toEqual([200, 403, 403, 200]);
    expect(await statuses("/api/v1/repository/platform/base")).toEqual([200, 200, 200, 200]);
    expect((await ask("GET", "/api/v1/repository/acme/app")).status).toBe(401);
  });

  it("lets a token do no more than its scopes", async () => {
    const reader = registry.addToken({ user: "ada", scopes: ["repo:read"] });
    expect((await ask("GET", "/api/v1/repository/acme/app", reader)).status).toBe(200);
    expect((await ask("DELETE", "/api/v1/repository/acme/app", reader)).status).toBe(403);
    const expired = registry.addToken({ user: "ada", scopes: ["repo:read"], expired: true });
    expect((await ask("GET", "/api/v1/repository/acme/app", expired)).status).toBe(401);
  });

  it("takes the longest route, and another method's path as a longer repository name", async () => {
    const { superuser } = registry.tokens;
    const moved = await ask("PUT", "/api/v1/repository/acme/app/tag/tried", superuser, {
      manifest_digest: registry.state.namespaces.get("acme")!.repositories.get("app")!.tags[0]!.digest,
    });
    expect([moved.status, await moved.json()]).toEqual([201, "Updated"]);
    expect((await ask("DELETE", "/api/v1/repository/acme/app/mirror", superuser)).status).toBe(204);
    expect((await ask("GET", "/api/v1/repository/acme/app", superuser)).status).toBe(200);
  });

  it("redirects where a slash is missing and shows a page where one is too many", async () => {
    const { superuser } = registry.tokens;
    const missing = await ask("GET", "/api/v1/user", superuser);
    expect([missing.status, missing.headers.get("location")]).toEqual([308, `${registry.url}/api/v1/user/`]);
    const surplus = await ask("GET", "/api/v1/organization/acme/", superuser);
    expect([surplus.status, surplus.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect((await surplus.text()).length).toBeGreaterThan(50_000);
    expect((await ask("POST", "/api/v1/organization/acme", superuser, {})).status).toBe(405);
  });

  it("is the same for the same seed and time", async () => {
    const options = { now: () => new Date("2026-11-21T09:00:00Z"), seed: 7 };
    const [one, other] = await Promise.all([startRegistry(options), startRegistry(options)]);
    expect(one.tokens).toEqual(other.tokens);
    expect(one.state.namespaces).toEqual(other.state.namespaces);
    await Promise.all([one.close(), other.close()]);
  });

  it("notes every request and how it was answered", async () => {
    registry.requests.length = 0;
    await ask("GET", "/api/v1/user/?x=1");
    expect(registry.requests).toEqual([{ method: "GET", path: "/api/v1/user/?x=1", status: 401 }]);
  });

  it("listens on loopback only", () => {
    expect(new URL(registry.url).hostname).toBe("127.0.0.1");
  });

  it("goes on whatever bytes come", async () => {
    const { port } = new URL(registry.url);
    const send = (bytes: Uint8Array) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes));
        socket.on("error", () => resolve()).on("close", () => resolve());
        socket.resume();
      });
    const line = fc
      .tuple(fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "X"), fc.string(), fc.string())
      .map(([method, path, rest]) =>
        Buffer.from(`${method} /api/v1/${path} HTTP/1.1\r\nHost: x\r\n\r\n${rest}`),
      );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), line), async (bytes) => {
        await send(bytes);
        expect((await ask("GET", "/api/v1/discovery")).status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });

  it("answers any body on any operation", async () => {
    const { superuser } = registry.tokens;
    const paths = [
      "/organization/",
      "/repository",
      "/organization/acme/team/t",
      "/user/starred",
      "/organization/acme/prototypes",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.constantFrom("POST", "PUT"),
        fc.json(),
        async (path, method, text) => {
          const answer = await fetch(`${registry.url}/api/v1${path}`, {
            method,
            headers: { Authorization: `Bearer ${superuser}`, "Content-Type": "application/json" },
            body: text,
          });
          await answer.text();
          expect([200, 400, 404, 405]).toContain(answer.status);
        },
      ),
      { numRuns: 200 },
    );
  });
});
