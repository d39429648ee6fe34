import { readFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, errorOf, json, startServer, token } from "./server.ts";

const user = { method: "GET", path: "/api/v1/user/" } as const;

describe("a request to Quay", () => {
  it("has the token, a plain user agent, and asks for uncompressed JSON", async () => {
    const server = await startServer((_, response) => json(response, 200, { username: "ä" }));
    const { status, body } = await connect(server.url).request(user);
    expect({ status, body }).toEqual({ status: 200, body: { username: "ä" } });
    expect(server.requests[0]).toMatchObject({ method: "GET", url: "/api/v1/user/", body: "" });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      "user-agent": "quay-mcp/0.0.0",
      "x-requested-with": "XMLHttpRequest",
      accept: "application/json",
      "accept-encoding": "identity",
    });
    expect(server.requests[0]?.headers).not.toHaveProperty("content-type");
  });

  it("sends a body as JSON", async () => {
    const server = await startServer((_, response) => json(response, 201, "Created"));
    const { body } = await connect(server.url).request({
      method: "PUT",
      path: "/x",
      body: { name: "ä", clear: null },
    });
    expect(body).toBe("Created");
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({ name: "ä", clear: null });
  });

  it.each([
    ["the token", undefined, `Bearer ${token}`],
    ["the registry's user", "oauthtoken", `Basic ${btoa(`$oauthtoken:${token}`)}`],
    ["nothing", "none", undefined],
    ["another user", { basic: ["acme+ci", "jwt"] }, `Basic ${btoa("acme+ci:jwt")}`],
    ["another token", { bearer: "registry" }, "Bearer registry"],
  ] as const)("can be authorized by %s", async (_, authorization, header) => {
    const server = await startServer((_, response) => json(response, 200, {}));
    await connect(server.url).request({ ...user, authorization });
    expect(server.requests[0]?.headers.authorization).toBe(header);
  });

  it("is anonymous without a token", async () => {
    const server = await startServer((_, response) => json(response, 200, {}));
    await connect(server.url, { token: undefined }).request(user);
    expect(server.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each(["/quay", "/quay/"])("goes below the registry's own path %s", async (prefix) => {
    const server = await startServer((_, response) => json(response, 200, {}), prefix);
    await connect(server.url).request(user);
    expect(server.requests[0]?.url).toBe("/quay/api/v1/user/");
  });

  it("reuses its connections", async () => {
    const ports = new Set<number | undefined>();
    const server = await startServer((request, response) => {
      ports.add(request.socket.remotePort);
      json(response, 200, {});
    });
    const client = connect(server.url);
    for (let count = 0; count < 20; count++) await client.request(user);
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe("a success", () => {
  it.each([
    ["empty", 204, "", undefined],
    ["empty and labelled as HTML", 201, "", undefined],
    ["null", 200, "null", null],
    ["a text", 200, '"Okay"', "Okay"],
    ["false", 200, "false", false],
  ])("may be %s", async (_, status, text, body) => {
    const server = await startServer((_, response) => {
      response.writeHead(status, { "content-type": text === "" ? "text/html" : "application/json" });
      response.end(text);
    });
    expect(await connect(server.url).request({ method: "DELETE", path: "/x" })).toMatchObject({
      status,
      body,
    });
  });

  it("is read as UTF-8 across the borders of its parts", async () => {
    const text = Buffer.from(JSON.stringify({ description: "Grüße 💥" }));
    const server = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (const byte of text) response.write(Buffer.of(byte));
      response.end();
    });
    expect((await connect(server.url).request(user)).body).toEqual({ description: "Grüße 💥" });
  });

  it("does not hand on the token that a registry echoes", async () => {
    const server = await startServer((request, response) =>
      json(response, 200, { echo: request.headers.authorization }),
    );
    expect((await connect(server.url).request(user)).body).toEqual({ echo: "Bearer [credential]" });
  });
});

describe("a redirect", () => {
  it("of Quay's that only adds a slash is followed by a read", async () => {
    const server = await startServer((request, response) => {
      if (request.url === "/q/api/v1/user?a=1")
        response.writeHead(308, { location: `${server.url}/api/v1/user/?a=1` }).end();
      else json(response, 200, { url: request.url });
    }, "/q");
    const { body } = await connect(server.url).request({ method: "GET", path: "/api/v1/user?a=1" });
    expect(body).toEqual({ url: "/q/api/v1/user/?a=1" });
  });

  it("is not followed by a write", async () => {
    const server = await startServer((request, response) => {
      response.writeHead(308, { location: `${server.origin}${request.url}/` }).end();
    });
    const error = await errorOf(connect(server.url).request({ method: "POST", path: "/x" }));
    expect(error).toMatchObject({ kind: "redirect", status: 308 });
    expect(server.requests).toHaveLength(1);
  });

  it.each(["/login", "/api/v1/user/?next=1", "//example.com/api/v1/user/", "not a url:", ""])(
    "to %j is not followed",
    async (location) => {
      const server = await startServer((_, response) => response.writeHead(308, { location }).end());
      const error = await errorOf(connect(server.url).request({ method: "GET", path: "/api/v1/user" }));
      expect(error.kind).toBe("redirect");
      expect(server.requests).toHaveLength(1);
    },
  );
});

describe("a read that failed for the moment", () => {
  it.each([
    ["429", 429, {}, "Slow down"],
    ["429 with Retry-After", 429, { "retry-after": "0" }, "Slow down"],
    ["502", 502, {}, "<html>Bad gateway</html>"],
    ["503 with Retry-After", 503, { "retry-after": "0" }, "<html>Starting</html>"],
  ] as const)("is repeated after %s", async (_, status, headers, text) => {
    const server = await startServer((_, response, count) => {
      if (count < 3) response.writeHead(status, headers).end(text);
      else json(response, 200, { count });
    });
    expect((await connect(server.url).request(user)).body).toEqual({ count: 3 });
  });

  it("is repeated after a reset", async () => {
    const server = await startServer((request, response, count) => {
      if (count < 3) request.socket.resetAndDestroy();
      else json(response, 200, { count });
    });
    expect((await connect(server.url).request(user)).body).toEqual({ count: 3 });
  });

  it("is given up after three times", async () => {
    const server = await startServer((_, response) => response.writeHead(502).end());
    expect(await errorOf(connect(server.url).request(user))).toMatchObject({ kind: "status", status: 502 });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ["503 without Retry-After", 503, {}],
    ["429 that asks to wait beyond the timeout", 429, { "retry-after": "3600" }],
    ["500", 500, {}],
    ["404", 404, {}],
  ])("is not repeated after %s", async (_, status, headers) => {
    const server = await startServer((_, response) => json(response, status, { message: "no" }, headers));
    expect(await errorOf(connect(server.url).request(user))).toMatchObject({ status, quayMessage: "no" });
    expect(server.requests).toHaveLength(1);
  });

  it.each(["POST", "PUT", "DELETE"] as const)("is not repeated if it is a %s", async (method) => {
    const server = await startServer((request, response, count) => {
      if (count === 1) response.writeHead(429, { "retry-after": "0" }).end();
      else request.socket.resetAndDestroy();
    });
    const client = connect(server.url);
    expect(await errorOf(client.request({ method, path: "/x", body: {} }))).toMatchObject({ status: 429 });
    const error = await errorOf(client.request({ method, path: "/x", body: {} }));
    expect(error).toMatchObject({ kind: "unreachable" });
    expect(error.hint).toMatch(/not known whether Quay carried the change out/);
    expect(server.requests).toHaveLength(2);
  });
});

describe("an abort", () => {
  it("ends a request under way, also while it waits to be repeated", async () => {
    const aborting = new AbortController();
    const server = await startServer((_, response) => {
      response.writeHead(429, { "retry-after": "1" }).end();
      setImmediate(() => aborting.abort());
    });
    const error = await errorOf(connect(server.url).request(user, { signal: aborting.signal }));
    expect(error.kind).toBe("aborted");
    expect(server.requests).toHaveLength(1);
  });

  it("closes the connection of a request that was sent", async () => {
    const aborting = new AbortController();
    let closed: Promise<unknown> | undefined;
    const server = await startServer((request) => {
      closed = new Promise((resolve) => request.socket.once("close", resolve));
      aborting.abort();
    });
    expect((await errorOf(connect(server.url).request(user, { signal: aborting.signal }))).kind).toBe(
      "aborted",
    );
    await expect(closed).resolves.toBe(false);
  });

  it("before the request sends nothing", async () => {
    const server = await startServer((_, response) => json(response, 200, {}));
    const error = await errorOf(connect(server.url).request(user, { signal: AbortSignal.abort() }));
    expect(error.kind).toBe("aborted");
    expect(server.requests).toHaveLength(0);
  });
});

describe("a registry that cannot be reached", () => {
  it("because nothing listens there", async () => {
    const error = await errorOf(connect("http://127.0.0.1:1").request({ method: "DELETE", path: "/x" }));
    expect(error).toMatchObject({
      kind: "unreachable",
      message: "Nothing listens at the registry's address (ECONNREFUSED).",
    });
    expect(error.hint).toMatch(/^Nothing was sent\./);
  });

  it("because its name is unknown", async () => {
    const error = await errorOf(connect("http://nowhere.invalid").request(user));
    expect(error.kind).toBe("unreachable");
    expect(error.hint).toMatch(/QUAY_URL/);
  });
});

describe("TLS", () => {
  const certificate = readFileSync(new URL("../data/tls/certificate.pem", import.meta.url), "utf8");

  async function startTlsServer(): Promise<string> {
    const key = readFileSync(new URL("../data/tls/key.pem", import.meta.url));
    const server = createTlsServer({ key, cert: certificate }, (_, response) =>
      json(response, 200, "secure"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => server.closeAllConnections());
    onTestFinished(() => void server.close());
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("trusts a private authority that is given, and no other", async () => {
    const url = await startTlsServer();
    expect((await connect(url, { authorities: certificate }).request(user)).body).toBe("secure");
    const error = await errorOf(connect(url).request(user));
    expect(error.kind).toBe("tls");
    expect(error.hint).toMatch(/--ca-file/);
  });

  it("tells a registry that speaks plain HTTP", async () => {
    const server = await startServer((_, response) => json(response, 200, {}));
    expect((await errorOf(connect(server.url.replace("http:", "https:")).request(user))).kind).toBe("tls");
  });
});

describe("a proxy of the environment", () => {
  async function startProxy() {
    const tunnels: string[] = [];
    const proxy = createProxy().on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      const [host = "", port] = (request.url ?? "").split(":");
      const target = connectSocket(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      for (const end of [socket, target]) end.on("error", () => end.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
  }

  it("is used, unless NO_PROXY names the registry", async () => {
    const server = await startServer((_, response) => json(response, 200, "through"));
    const proxy = await startProxy();
    const through = connect(server.url, { environment: { HTTP_PROXY: proxy.url } });
    expect((await through.request(user)).body).toBe("through");
    expect(proxy.tunnels).toEqual([new URL(server.url).host]);
    const past = connect(server.url, { environment: { http_proxy: proxy.url, NO_PROXY: "127.0.0.1" } });
    expect((await past.request(user)).body).toBe("through");
    expect(proxy.tunnels).toHaveLength(1);
  });
});
