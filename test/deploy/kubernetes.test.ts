import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readConfigFile } from "../../src/http/config-file.ts";
import { allHttpSettings, HttpSettings, readHttpSettings } from "../../src/http/settings.ts";
import {
  type Data,
  document,
  kubernetes,
  kubernetesFolder,
  probedPaths,
  read,
  readYaml,
  redisPod,
  redisVariable,
  user,
} from "./files.ts";

const kustomization = readYaml("deploy/kubernetes/kustomization.yaml");
const pod = kubernetes("deployment", "Deployment").spec.template.spec;
const [container] = pod.containers;

/** The settings as the program reads them in a pod. */
async function settingsInPod() {
  const flags = { config: `${kubernetesFolder}quay-mcp.yaml` };
  const file = await readConfigFile({ flags, environment: {} }, HttpSettings, allHttpSettings);
  return readHttpSettings(flags, redisVariable, file);
}

describe("deploy/kubernetes", () => {
  it("lists every one of its files, and what is made for it", () => {
    const { resources, configMapGenerator, secretGenerator } = kustomization;
    const generated = [...configMapGenerator, ...secretGenerator].flatMap(
      ({ files = [], envs = [] }: Data) => [...files, ...envs],
    );
    const listed = [...resources, ...generated.filter((file) => !file.startsWith("secrets/"))];
    const held = readdirSync(kubernetesFolder).filter(
      (file) => file !== "secrets" && file !== "kustomization.yaml",
    );
    expect(listed.sort()).toEqual(held.sort());
    const secrets = generated.filter((file) => file.startsWith("secrets/"));
    expect(secrets).toHaveLength(3);
    for (const file of secrets) expect(read("deploy/make-secrets.sh")).toContain(`$folder/${file.slice(8)}"`);
  });

  it("holds no Secret itself", () => {
    for (const file of readdirSync(kubernetesFolder).filter((name) => name.endsWith(".yaml"))) {
      expect(read(`deploy/kubernetes/${file}`)).not.toMatch(/^kind: Secret$/m);
    }
  });

  it("starts replicas with settings that the program takes, with one seal key and one Redis", async () => {
    const settings = await settingsInPod();
    const seal = container.volumeMounts.find(({ name }: Data) => name === "seal");
    expect(settings.sealKeyFile).toBe(`${seal.mountPath}/seal-key`);
    const environment = Object.fromEntries(container.env.map((entry: Data) => [entry.name, entry]));
    expect(Object.keys(environment)).toEqual(["QUAY_MCP_CONFIG", "QUAY_MCP_REDIS_URL"]);
    const mounted = container.volumeMounts.find(({ name }: Data) => name === "settings").mountPath;
    expect(environment.QUAY_MCP_CONFIG.value).toBe(`${mounted}/quay-mcp.yaml`);
    const { name, key } = environment.QUAY_MCP_REDIS_URL.valueFrom.secretKeyRef;
    const generator = kustomization.secretGenerator.find((secret: Data) => secret.name === name);
    expect(read("deploy/make-secrets.sh")).toContain(`${key}=redis://`);
    expect(generator.envs).toEqual(["secrets/redis.env"]);
    expect(container.args).toEqual(["http"]);
  });

  it("runs at least two, and leaves one when nodes are drained", () => {
    expect(kubernetes("deployment", "Deployment").spec.replicas).toBe(2);
    const { minReplicas, scaleTargetRef } = kubernetes("autoscaling", "HorizontalPodAutoscaler").spec;
    expect(minReplicas).toBe(2);
    expect(scaleTargetRef).toMatchObject({ kind: "Deployment", name: "quay-mcp" });
    expect(kubernetes("autoscaling", "PodDisruptionBudget").spec.minAvailable).toBe(1);
  });

  it("asks paths that are there, at ports that are there", async () => {
    const { port, metricsPort } = await settingsInPod();
    const ports = Object.fromEntries(container.ports.map((entry: Data) => [entry.name, entry.containerPort]));
    expect(ports).toEqual({ http: port, metrics: metricsPort });
    const probes = ["startupProbe", "livenessProbe", "readinessProbe"].map((name) => container[name].httpGet);
    expect(probes.map(({ path }) => path)).toEqual(["/healthz", "/healthz", "/readyz"]);
    for (const probe of probes) {
      expect(probedPaths).toContain(probe.path);
      expect(probe.port).toBe("http");
    }
    const served = kubernetes("service", "Service").spec.ports;
    expect(served.map(({ targetPort }: Data) => targetPort)).toEqual(Object.keys(ports));
  });

  it.each([
    ["quay-mcp", pod],
    ["redis", redisPod],
  ])("runs %s without root, privileges, a writable root and the cluster's token", (_name, spec) => {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    for (const { securityContext, resources } of spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(resources.limits.memory).toMatch(/Mi$/);
    }
  });

  it("lets no Service of the namespace set the program's variables", () => {
    expect(pod.enableServiceLinks).toBe(false);
  });

  it("waits until a replica is unknown, has ended its requests and its writes", async () => {
    const { drain, timeout } = await settingsInPod();
    const unknownAfter = container.lifecycle.preStop.sleep.seconds;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(unknownAfter + drain + timeout);
  });

  it("forbids every connection but those that are needed", () => {
    const policy = (name: string) => kubernetes("network-policy", "NetworkPolicy", name).spec;
    expect(policy("nothing-unless-said")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const ports = (rules: Data[]) => rules.map((rule) => rule.ports.map(({ port }: Data) => port));
    expect(ports(policy("quay-mcp").ingress)).toEqual([["http"], ["metrics"]]);
    expect(ports(policy("quay-mcp").egress)).toEqual([[53, 53], ["redis"], [443]]);
    const [toRedis] = policy("redis").ingress;
    expect(toRedis.from).toEqual([
      { podSelector: { matchLabels: kubernetes("deployment", "Deployment").spec.selector.matchLabels } },
    ]);
    const labels = [...policy("quay-mcp").ingress].flatMap(({ from }: Data) =>
      Object.entries(from[0].namespaceSelector.matchLabels).map(([label, value]) => `${label}=${value}`),
    );
    for (const label of labels) expect(document).toContain(label);
  });
});
