import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { json, startServer } from "../quay/server.ts";
import { startProvider } from "./callers/provider.ts";
import { post } from "./post.ts";
import { startServerProcess } from "./process.ts";

const openQuay = () => startServer((_, response) => json(response, 200, {}));
const pemFile = (name: string) => fileURLToPath(new URL(`../data/tls/${name}.pem`, import.meta.url));
const printOf = (name: string) => new X509Certificate(readFileSync(pemFile(name))).fingerprint256;

function directoryOfTest(): string {
  const directory = mkdtempSync(join(tmpdir(), "http-hangup-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

describe("a server that gets SIGHUP", () => {
  it("shows the certificate that its files hold then, and keeps the one before if they are wrong", async () => {
    const directory = directoryOfTest();
    const [cert, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
    copyFileSync(pemFile("certificate"), cert);
    copyFileSync(pemFile("key"), key);
    const quay = await openQuay();
    const server = await startServerProcess({
      flags: ["--url", quay.url, "--tls-cert", cert, "--tls-key", key, "--log-level", "error"],
    });
    expect(await shownBy(server.url)).toBe(printOf("certificate"));

    copyFileSync(pemFile("next-certificate"), cert);
    server.hangUp();
    await server.said(/cannot be used \(\S+\)\. What was read before stays in use.*\n/);
    expect(server.log().at(-1)).toMatchObject({ level: "error" });
    expect(await shownBy(server.url)).toBe(printOf("certificate"));

    copyFileSync(pemFile("next-key"), key);
    server.hangUp();
    await server.said(/--tls-cert was read again: it holds until 2126-\S+\..*\n/);
    expect(await shownBy(server.url)).toBe(printOf("next-certificate"));

    rmSync(key);
    server.hangUp();
    await server.said(/of --tls-key cannot be read \(ENOENT\)\. What was read before.*\n/);
    expect(await shownBy(server.url)).toBe(printOf("next-certificate"));
    server.terminate();
    expect(await server.ended).toBe(0);
  });

  it("knows the keys that the keys file holds then, and no others", async () => {
    const keysFile = join(directoryOfTest(), "keys.yaml");
    const [old, fresh] = ["3f9a1c7e5b2d8f604a1b9c8d7e6f5a4b", "c0ffee115ca1ab1edeadbeef0badf00d"];
    writeFileSync(keysFile, `- { name: ci, key: ${old} }`);
    const quay = await openQuay();
    const server = await startServerProcess({
      flags: ["--url", quay.url, "--auth", "key", "--keys-file", keysFile],
      settings: { QUAY_TOKEN: "the-token-of-the-server" },
    });
    const statusWith = async (token: string) =>
      (await post({ url: server.url, token, tool: "get_my_user" })).status;
    expect([await statusWith(old), await statusWith(fresh)]).toEqual([200, 401]);

    writeFileSync(keysFile, `- { name: ci, key: ${fresh}, toolsets: tag }`);
    server.hangUp();
    await server.said(/keys.yaml was read again.*\n/);
    expect([await statusWith(old), await statusWith(fresh)]).toEqual([401, 200]);
    const { text } = await post({ url: server.url, token: fresh, tool: "get_repository" });
    expect(text).toContain("the key ci allows only tag");

    writeFileSync(keysFile, "- { name: ci, key: short }");
    server.hangUp();
    await server.said(/ci has a key that can be guessed.* What was read before stays in use.*\n/);
    expect(await statusWith(fresh)).toBe(200);
  });

  it("gives groups the rights that the groups file holds then", async () => {
    const groupsFile = join(directoryOfTest(), "groups.yaml");
    writeFileSync(groupsFile, "readers: { toolsets: tag }");
    const provider = await startProvider({ ann: { groups: ["writers"] } });
    onTestFinished(() => provider.close());
    const quay = await openQuay();
    const audience = "https://quay-mcp.example.com/mcp";
    const server = await startServerProcess({
      flags: ["--url", quay.url, "--auth", "oidc", "--oidc-issuer", provider.issuer].concat([
        "--oidc-audience",
        audience,
        "--oidc-groups-file",
        groupsFile,
      ]),
      settings: { QUAY_TOKEN: "the-token-of-the-server" },
    });
    const token = await provider.token("ann", audience);
    const status = async () => (await post({ url: server.url, token, tool: "get_my_user" })).status;
    expect(await status()).toBe(403);
    writeFileSync(groupsFile, "writers: {}");
    server.hangUp();
    await server.said(/groups.yaml was read again.*\n/);
    expect([await status(), provider.asked]).toEqual([200, 1]);
  });

  it("ends as any program where it has nothing to read again", async () => {
    const quay = await openQuay();
    const server = await startServerProcess({ flags: ["--url", quay.url] });
    server.hangUp();
    expect(await server.ended).toBeNull();
  });
});

/** The fingerprint of the certificate that a server shows. */
async function shownBy(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
