import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as send } from "node:https";
import { text } from "node:stream/consumers";
import { connect, type SecureVersion } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

describe("a certificate that follows another", () => {
  const next = { cert: pem("next-certificate"), key: pem("next-key") };

  it("is shown to those who connect from then on, over the same versions", async () => {
    const own = await serve(registry, {}, { tls: { cert, key } });
    const before = await connectedTo(own);
    own.renew(next);
    const after = await connectedTo(own);
    expect([before, after].map(({ fingerprint }) => fingerprint)).toEqual([
      printOf(cert),
      printOf(next.cert),
    ]);
    expect(before.socket.writable).toBe(true);
    await expect(connectedTo(own, "TLSv1.1")).rejects.toThrow();
    for (const { socket } of [before, after]) socket.destroy();
    await own.close();
  });

  it.each([
    ["it has another key", { cert: next.cert, key }],
    ["it was written by half", { cert: next.cert.slice(0, 200), key: next.key }],
    ["its file is empty", { cert: "", key: next.key }],
    ["its key's file is empty", { cert: next.cert, key: "" }],
  ])("leaves the one from before where it cannot be used: %s", async (_why, wrong) => {
    const own = await serve(registry, {}, { tls: { cert, key } });
    expect(() => own.renew(wrong)).toThrow(UsageError);
    const { fingerprint, socket } = await connectedTo(own);
    expect(fingerprint).toBe(printOf(cert));
    socket.destroy();
    await own.close();
  });
});

const printOf = (certificate: string) => new X509Certificate(certificate).fingerprint256;

/** A connection, and the certificate that was shown on it. */
async function connectedTo({ url }: Serving, maxVersion: SecureVersion = "TLSv1.3") {
  const { hostname: host, port } = new URL(url);
  const versions = { minVersion: "TLSv1", maxVersion, ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...versions });
  await once(socket, "secureConnect");
  socket.on("error", () => {});
  return { socket, fingerprint: socket.getPeerCertificate().fingerprint256 };
}

it("says which certificate cannot be used, without a word of its key", async () => {
  const refused = serve(registry, {}, { tls: { cert, key: key.slice(0, 200) } });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(/^The certificate of --tls-cert and its --tls-key cannot be used/);
});
