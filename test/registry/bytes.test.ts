/** The registry and whatever bytes come: framing that is broken in every way, and requests with anything in them. */
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { catalogue } from "../../tools/index.ts";
import { ask, noon } from "./ask.ts";

describe("the embedded registry, whatever bytes come", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry({ now: noon });
  });
  afterAll(() => registry.close());

  /** Sends bytes in pieces, ends or breaks off, and returns what came back. */
  function send(pieces: readonly Uint8Array[], breaksOff: boolean): Promise<string> {
    return new Promise((resolve) => {
      const received: Buffer[] = [];
      const done = () => resolve(Buffer.concat(received).toString("latin1"));
      const socket = connect(Number(new URL(registry.url).port), "127.0.0.1", () => {
        for (const piece of pieces) socket.write(piece);
        if (breaksOff) socket.destroy();
        else socket.end();
      });
      socket
        .on("data", (chunk) => received.push(chunk))
        .on("error", done)
        .on("close", done);
    });
  }

  const lives = async () => (await ask(registry, "/api/v1/messages")).status === 200;

  const method = fc.constantFrom(
    "GET",
    "PUT",
    "POST",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "CONNECT",
    "TRACE",
  );
  const anyPath = fc.oneof(
    fc.constantFrom(...catalogue.map(({ path }) => path)),
    fc.webPath(),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "*",
      "//",
      "/%",
      "/%ff/%00",
      "/api/v1/repository/%2e%2e/x",
      "http://elsewhere.example/",
      "/_control/faults",
      "/_control/%2e",
    ),
  );
  const header = fc.oneof(
    fc.tuple(fc.string(), fc.string({ unit: "binary" })).map(([name, value]) => `${name}: ${value}`),
    fc.constantFrom(
      "Content-Length: -1",
      "Content-Length: 5\r\nContent-Length: 6",
      "Content-Length: 99999999999",
      "Transfer-Encoding: chunked",
      "Transfer-Encoding: gzip, chunked\r\nContent-Length: 3",
      "Expect: 100-continue",
      "Upgrade: websocket\r\nConnection: Upgrade",
      "Content-Type: application/json",
      "Authorization: Bearer",
    ),
  );
  const request = fc
    .record({
      method,
      path: anyPath,
      headers: fc.array(header, { maxLength: 4 }),
      body: fc.string({ unit: "binary" }),
    })
    .map(({ method, path, headers, body }) =>
      Buffer.from([`${method} ${path} HTTP/1.1`, "Host: x", ...headers, "", body].join("\r\n"), "latin1"),
    );

  it("goes on after broken framing, pieces, pipelines and clients that break off", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(request, fc.uint8Array({ maxLength: 200 })), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (pieces, breaksOff) => {
          const answer = await send(pieces, breaksOff);
          expect(answer === "" || answer.startsWith("HTTP/1.1 ")).toBe(true);
          expect(await lives()).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    await ask(registry, "/_control/faults", undefined, { method: "DELETE" });
  });

  it("has an answer of its own for every operation, whatever its arguments, query and body", async () => {
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("acme", "acme/app", "owners", "ci", "latest", "0", ".."),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...catalogue),
        fc.infiniteStream(value),
        fc.dictionary(
          fc.constantFrom("page", "limit", "next_page", "starttime", "namespace", "query"),
          value,
        ),
        fc.jsonValue(),
        async (operation, values, query, body) => {
          const path = operation.path.replaceAll(/\{\w+\}/g, () =>
            Buffer.from(values.next().value ?? "x")
              .toString("latin1")
              .replaceAll(/[^/\w.-]/g, (each) => `%${each.charCodeAt(0).toString(16).padStart(2, "0")}`),
          );
          const search = new URLSearchParams(query as Record<string, string>);
          const answer = await ask(registry, `${path}?${search}`, registry.tokens.superuser, {
            method: operation.method,
            ...(operation.method !== "GET" && { body }),
          });
          await answer.text();
          expect(answer.status).toBeGreaterThanOrEqual(200);
          expect(answer.status).toBeLessThan(600);
        },
      ),
      { numRuns: 600 },
    );
    expect(await lives()).toBe(true);
  });
});
