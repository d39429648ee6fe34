import { describe, expect, it } from "vitest";
import { mcpPath } from "../../src/http/cross-origin.ts";
import { readHttpSettings } from "../../src/http/settings.ts";
import { compose, type Data, probedPaths, read, redisVariable } from "./files.ts";

const nginx = read("deploy/nginx.conf");

/** `${NAME:-default}` as compose reads it where nothing is set but the registry. */
const interpolated = (text: string) =>
  text
    .replace(/\$\{QUAY_URL:\?[^}]*\}/, "https://quay.example.com")
    .replace(/\$\{\w+:-([^}]*)\}/g, (_all, word: string) => word);

const composeEnvironment = Object.fromEntries(
  Object.entries<string>(compose.services["quay-mcp"].environment).map(([name, value]) => [
    name,
    interpolated(value),
  ]),
);

/** The settings as the program reads them in a container. */
const settingsInContainer = () => readHttpSettings({}, { ...composeEnvironment, ...redisVariable });

describe("deploy/compose.yaml", () => {
  const replica = compose.services["quay-mcp"];
  const services = Object.entries<Data>(compose.services);

  it("starts replicas with settings that the program takes", () => {
    const settings = settingsInContainer();
    expect(settings).toMatchObject({ url: "https://quay.example.com", allow: ["read"], host: "0.0.0.0" });
    expect(replica.command).toEqual(["http"]);
    expect(replica.deploy.replicas).toBe(2);
  });

  it("gives all of them one seal key and one Redis, as files that git ignores", () => {
    expect(composeEnvironment.QUAY_MCP_SEAL_KEY_FILE).toBe("/run/secrets/seal-key");
    expect(replica.secrets).toEqual(["seal-key"]);
    const files = [replica.env_file, ...Object.values<Data>(compose.secrets).map(({ file }) => file)];
    expect(files.every((file) => file.startsWith("secrets/"))).toBe(true);
    expect(read("deploy/.gitignore").split("\n")).toContain("secrets/");
    for (const file of files) expect(read("deploy/make-secrets.sh")).toContain(`$folder/${file.slice(8)}"`);
  });

  it("has no port but nginx's, on loopback, and Redis in a network that leads nowhere", () => {
    const ports = services.flatMap(([name, { ports = [] }]) => ports.map((port: string) => [name, port]));
    expect(ports).toEqual([["nginx", "127.0.0.1:8787:8080"]]);
    expect(nginx).toContain("listen 8080;");
    expect(compose.services.redis.networks).toEqual(["store"]);
    expect(compose.networks.store.internal).toBe(true);
  });

  it.each(services)(
    "runs %s without root, capabilities and a writable root, and in good health",
    (name, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/),
      });
      expect(service.privileged ?? service.cap_add).toBe(undefined);
      expect(service.healthcheck !== undefined || name === "nginx").toBe(true);
    },
  );

  it("asks a path that is there whether a replica is ready, at its port", () => {
    expect(replica.healthcheck.test.every((word: unknown) => typeof word === "string")).toBe(true);
    const asked = new URL(/fetch\("([^"]+)"\)/.exec(replica.healthcheck.test.at(-1))![1]!);
    expect(probedPaths).toContain(asked.pathname);
    expect(asked.port).toBe(composeEnvironment.QUAY_MCP_PORT);
    expect(read("Dockerfile")).toContain(`"${replica.healthcheck.test[1]}"`);
  });

  it("waits until a replica has ended its requests and its writes", () => {
    const { drain, timeout } = settingsInContainer();
    expect(Number.parseInt(replica.stop_grace_period, 10)).toBeGreaterThan(drain + timeout);
  });
});

describe("deploy/nginx.conf", () => {
  it("leads to the replicas, does not buffer, keeps the Host header and repeats no POST", () => {
    const location = /location = \/mcp \{([^}]*)\}/.exec(nginx)![1]!;
    expect(mcpPath).toBe("/mcp");
    expect(location).toContain("set $replicas quay-mcp;");
    expect(location).toContain(`proxy_pass http://$replicas:${composeEnvironment.QUAY_MCP_PORT};`);
    expect(location).toContain("proxy_buffering off;");
    expect(location).toContain("proxy_set_header Host $http_host;");
    expect(nginx).not.toContain("non_idempotent");
  });
});
