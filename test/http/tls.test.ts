import { readFileSync } from "node:fs";
import { request as send } from "node:https";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { type Registry, startRegistry } from "../../src/registry/server.ts";
import { type Serving, serve } from "./serve.ts";

const pem = (name: string) => readFileSync(new URL(`../data/tls/${name}.pem`, import.meta.url), "utf8");
const [cert, key] = [pem("certificate"), pem("key")];

let registry: Registry;
let server: Serving;

beforeAll(async () => {
  registry = await startRegistry();
  server = await serve(registry, {}, { tls: { cert, key }, limits: { headersMilliseconds: 300 } });
});
afterAll(async () => {
  await server.close();
  await registry.close();
});

it("serves https with a certificate that clients can check", async () => {
  const said = await new Promise<string>((resolve, reject) => {
    const sent = send(
      `${server.url}/mcp`,
      {
        method: "POST",
        ca: cert,
        agent: false,
        headers: {
          authorization: `Bearer ${registry.tokens.member}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
      },
      (response) => resolve(text(response)),
    ).on("error", reject);
    sent.end(
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: "get_my_user", arguments: {} },
      }),
    );
  });
  expect(server.url).toMatch(/^https:/);
  expect(said).toContain('"result"');
});

it.each(["TLSv1", "TLSv1.1"] as const)("does not speak %s", async (version) => {
  const { hostname: host, port } = new URL(server.url);
  const socket = connect({
    ...{ host, port: Number(port), ca: cert, minVersion: version, maxVersion: version },
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    socket.once("error", resolve).once("secureConnect", () => reject(new Error("it does")));
  });
  expect(error.code).toMatch(/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/);
});

it("says which certificate cannot be used, without a word of its key", async () => {
  const refused = serve(registry, {}, { tls: { cert, key: key.slice(0, 200) } });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(/^The certificate of --tls-cert and its --tls-key cannot be used/);
});
