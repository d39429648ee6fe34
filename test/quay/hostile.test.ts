import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, errorOf, json, startServer, token } from "./server.ts";

const read = { method: "GET", path: "/hostile" } as const;
const megabyte = 1024 * 1024;
const page = `<!DOCTYPE html><html><body>${"<p>Quay</p>".repeat(5500)}</body></html>`;

/** Writes parts for as long as somebody reads them. */
function stream(response: ServerResponse, part: Buffer, times: number): void {
  for (let left = times; left > 0; left--) {
    if (response.destroyed) return;
    if (!response.write(part)) {
      response.once("drain", () => stream(response, part, left - 1));
      return;
    }
  }
  response.end();
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(" "), 5);
  response.on("close", () => clearInterval(timer));
}

const asJson = { "content-type": "application/json" };

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const behaviours: Readonly<Record<string, { kind: string; status?: number; act: Behaviour }>> = {
  "does not answer": { kind: "timeout", act: () => {} },
  "answers half": {
    kind: "unreachable",
    act: (_, response) => {
      response.writeHead(200, { ...asJson, "content-length": "1000" });
      response.write('{"half":', () => response.destroy());
    },
  },
  "stops in the middle": {
    kind: "timeout",
    act: (_, response) =>
      void response.writeHead(200, { ...asJson, "content-length": "1000" }).write('{"half":'),
  },
  "resets the connection": { kind: "unreachable", act: (request) => void request.socket.resetAndDestroy() },
  "does not speak HTTP": {
    kind: "unreachable",
    act: (request) => void request.socket.end("SSH-2.0-OpenSSH_9\r\n\r\n"),
  },
  "redirects to another origin": {
    kind: "redirect",
    status: 302,
    act: (_, response) => void response.writeHead(302, { location: `http://localhost:9/?t=${token}` }).end(),
  },
  "answers an HTML page with status 200": {
    kind: "not-json",
    status: 200,
    act: (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(page),
  },
  "answers an HTML page labelled as JSON": {
    kind: "not-json",
    status: 200,
    act: (_, response) => void response.writeHead(200, asJson).end(page),
  },
  "answers cut JSON": {
    kind: "not-json",
    status: 200,
    act: (_, response) => void response.writeHead(200, asJson).end('{"tags": [{"name": "v1"}, {"na'),
  },
  "answers a page that echoes the Authorization header": {
    kind: "status",
    status: 400,
    act: (request, response) =>
      void response
        .writeHead(400, { "content-type": "text/html" })
        .end(`<p>${request.headers.authorization}</p>`),
  },
  "answers a text that echoes the Authorization header": {
    kind: "status",
    status: 400,
    act: (request, response) =>
      json(response, 400, { message: `Bad header: ${request.headers.authorization}` }),
  },
  "answers 50 MB": {
    kind: "too-large",
    act: (_, response) => stream(response.writeHead(200, asJson), Buffer.alloc(64 * 1024, " "), 800),
  },
  "announces 50 MB": {
    kind: "too-large",
    act: (_, response) =>
      void response.writeHead(200, { ...asJson, "content-length": `${50 * megabyte}` }).flushHeaders(),
  },
  "answers an error of 50 MB": {
    kind: "status",
    status: 500,
    act: (_, response) => stream(response.writeHead(500, asJson), Buffer.alloc(64 * 1024, "x"), 800),
  },
  "drips without end": {
    kind: "timeout",
    act: (_, response) => drip(response.writeHead(200, asJson)),
  },
  "drips an error without end": {
    kind: "timeout",
    act: (_, response) => drip(response.writeHead(404, asJson)),
  },
  "answers 429 without Retry-After": {
    kind: "status",
    status: 429,
    act: (_, response) =>
      void response.writeHead(429, { "content-type": "text/html" }).end("<html>429</html>"),
  },
  "answers 429 with Retry-After": {
    kind: "status",
    status: 429,
    act: (_, response) => json(response, 429, { message: "slow" }, { "retry-after": "0" }),
  },
  "answers 429 with a Retry-After of a day": {
    kind: "status",
    status: 429,
    act: (_, response) => json(response, 429, { message: "slow" }, { "retry-after": "86400" }),
  },
  "redirects in circles": {
    kind: "redirect",
    status: 308,
    act: (request, response) => void response.writeHead(308, { location: `${request.url}/` }).end(),
  },
};

const timeoutMs = 1500;

describe("a registry that", () => {
  it.each(Object.entries(behaviours).map(([name, behaviour]) => ({ name, ...behaviour })))(
    "$name ends in time with a clear error, while other calls go on",
    async ({ kind, status, act }) => {
      const server = await startServer((request, response) => {
        if (request.url === "/good") json(response, 200, "good");
        else act(request, response);
      });
      const client = connect(server.url, { timeoutMs });
      const started = performance.now();
      const failing = errorOf(client.request(read));
      const others = await Promise.all(
        Array.from({ length: 8 }, () => client.request({ method: "GET", path: "/good" })),
      );
      const goneOnAfter = performance.now() - started;
      const error = await failing;

      expect(performance.now() - started).toBeLessThan(timeoutMs + 500);
      expect(error).toMatchObject({ kind, status });
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect(error.hint).toMatch(/\.$/);
      expect(`${error.message} ${error.hint}`).not.toMatch(/<[a-z!]/i);
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(token);
      expect(others.map(({ body }) => body)).toEqual(Array(8).fill("good"));
      expect(goneOnAfter).toBeLessThan(timeoutMs);
    },
  );

  it("redirects elsewhere never gets the token sent there", async () => {
    const elsewhere = await startServer((_, response) => json(response, 200, "stolen"));
    const server = await startServer((request, response) => {
      response.writeHead(308, { location: `${elsewhere.origin}${request.url}/` }).end();
    });
    const error = await errorOf(connect(server.url).request(read));
    expect(error).toMatchObject({ kind: "redirect", status: 308 });
    expect(error.message).toContain(elsewhere.origin);
    expect(elsewhere.requests).toHaveLength(0);
  });

  it.each([
    { calls: 1, maxAnswerBytes: 16 * megabyte },
    { calls: 16, maxAnswerBytes: 4 * megabyte },
  ])(
    "sends 50 MB to $calls calls at once takes less than 90 MiB of memory",
    async ({ calls, maxAnswerBytes }) => {
      const server = await startServer((_, response) =>
        stream(response.writeHead(200, asJson), Buffer.alloc(64 * 1024, " "), 800),
      );
      const client = connect(server.url, { timeoutMs: 10_000, maxAnswerBytes });
      const before = process.memoryUsage.rss();
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss());
      }, 5);
      onTestFinished(() => clearInterval(watch));
      const errors = await Promise.all(Array.from({ length: calls }, () => errorOf(client.request(read))));
      expect(errors.map(({ kind }) => kind)).toEqual(Array(calls).fill("too-large"));
      expect((most - before) / megabyte).toBeLessThan(90);
    },
  );

  it("does not answer a write leaves its outcome open", async () => {
    const server = await startServer(() => {});
    const error = await errorOf(
      connect(server.url, { timeoutMs: 300 }).request({ method: "DELETE", path: "/x" }),
    );
    expect(error.message).toBe("Quay did not answer completely within 0.3 seconds.");
    expect(error.hint).toMatch(/not known whether Quay carried the change out/);
    expect(server.requests).toHaveLength(1);
  });
});
