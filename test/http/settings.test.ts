import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { httpSettingNames, readSettings } from "../../src/config.ts";
import { UsageError } from "../../src/errors.ts";
import { httpSettings, readHttpSettings, redisUrlOf, sealKeyOf } from "../../src/http/settings.ts";

const url = "https://quay.example.com";

describe("the settings of the HTTP server", () => {
  it("are closed by default: loopback, the callers' own tokens, no foreign origins", () => {
    expect(readHttpSettings({ url }, {})).toMatchObject({
      host: "127.0.0.1",
      port: 8787,
      auth: "passthrough",
      allowedOrigins: [],
    });
  });

  it.each([
    [{ host: "0.0.0.0" }, "--allowed-hosts"],
    [{ tlsCert: "cert.pem" }, "--tls-key"],
    [{ redisUrl: "redis://redis:6379" }, "--seal-key-file"],
    [{ redisUrlFile: "redis-url" }, "--seal-key-file"],
    [{ redisUrl: "redis://redis:6379", redisUrlFile: "redis-url", sealKeyFile: "key" }, "not both"],
    [{ tokenFile: "token" }, "--auth key"],
    [{ secretsDir: "secrets" }, "--secrets-dir"],
  ])("are refused where they do not go together: %o", (flags, words) => {
    expect(() => readHttpSettings({ url, ...flags }, {})).toThrow(words);
  });

  it.each([
    ["allowedHosts", "quay-mcp.example.com:443"],
    ["allowedHosts", "https://quay-mcp.example.com"],
    ["allowedHosts", "*"],
    ["allowedHosts", "*.example.com"],
    ["allowedHosts", "::1"],
    ["allowedHosts", "a.example,b/c"],
    ["allowedOrigins", "*"],
    ["allowedOrigins", "null"],
    ["allowedOrigins", "tools.example.com"],
    ["allowedOrigins", "https://tools.example.com/page"],
  ])("hold no place that no request could ever come from, or any could: %s %s", (name, value) => {
    expect(() => readHttpSettings({ url, [name]: value }, {})).toThrow(/must hold (names of hosts|origins)/);
  });

  it("take places as people and browsers write them", () => {
    const places = {
      allowedHosts: "quay-mcp.example.com, QUAY.internal,[::1],10.0.0.7",
      allowedOrigins: "https://tools.example.com,http://localhost:6274,vscode-webview://1f2e",
    };
    expect(readHttpSettings({ url, ...places }, {})).toMatchObject({
      allowedHosts: ["quay-mcp.example.com", "QUAY.internal", "[::1]", "10.0.0.7"],
      allowedOrigins: ["https://tools.example.com", "http://localhost:6274", "vscode-webview://1f2e"],
    });
  });

  it("may come from a file, over which variables win, and flags over those", () => {
    const given = { port: "1", host: "localhost", drain: "1" };
    const file = { given, placeOf: (name: string) => `${name} in quay-mcp.yaml` };
    const environment = { QUAY_MCP_HOST: "127.0.0.2", QUAY_MCP_PORT: "2" };
    expect(readHttpSettings({ url, port: "3" }, environment, file)).toMatchObject({
      port: 3,
      host: "127.0.0.2",
      drain: 1,
    });
    const wrong = { ...file, given: { drain: "soon" } };
    expect(() => readHttpSettings({ url }, {}, wrong)).toThrow(
      "drain in quay-mcp.yaml must be a whole number",
    );
  });

  it("are known to the other commands, which one container's environment configures as well", () => {
    expect(httpSettings.map(({ name }) => name).sort()).toEqual([...httpSettingNames].sort());
    const environment = Object.fromEntries(httpSettings.map(({ environment: variable }) => [variable, "x"]));
    expect(() => readSettings({ url }, environment)).not.toThrow();
  });

  it("hold no seal key that could be guessed", () => {
    const withKey = (key: string) => readHttpSettings({ url }, { QUAY_MCP_SEAL_KEY: key });
    expect(() => sealKeyOf(withKey("short"))).toThrow("at least 32");
    expect(sealKeyOf(withKey("k".repeat(32)))).toHaveLength(32);
    expect(sealKeyOf(readHttpSettings({ url }, {}))).toBeUndefined();
  });

  it("name the Redis by a file as well, whose password no error repeats", () => {
    const directory = mkdtempSync(join(tmpdir(), "quay-mcp-settings-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const redisUrlFile = join(directory, "redis-url");
    const read = (text: string) => {
      writeFileSync(redisUrlFile, text);
      return redisUrlOf(readHttpSettings({ url, redisUrlFile, sealKeyFile: "key" }, {}));
    };
    expect(read("redis://quay-mcp:s3cr3t@redis:6379\n")).toBe("redis://quay-mcp:s3cr3t@redis:6379");
    expect(() => read("http://quay-mcp:s3cr3t@redis")).toThrow(
      new UsageError(`The URL in ${redisUrlFile} must begin with redis:// or rediss://.`),
    );
    rmSync(redisUrlFile);
    expect(() => redisUrlOf({ redisUrl: undefined, redisUrlFile })).toThrow("cannot be read (ENOENT)");
    expect(redisUrlOf(readHttpSettings({ url }, {}))).toBeUndefined();
  });
});
