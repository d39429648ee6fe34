/** The files that deploy the program, as data. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { healthPages } from "../../src/http/health.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

// biome-ignore lint/suspicious/noExplicitAny: what stands in these files is what the tests are about
export type Data = any;

export const readYaml = (file: string): Data => parse(read(file));

/** One of Kubernetes' objects, by its file, kind and name. */
export function kubernetes(file: string, kind: string, name = "quay-mcp"): Data {
  const found = documents(`deploy/kubernetes/${file}.yaml`).find(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  if (found === undefined) throw new Error(`${file}.yaml has no ${kind} ${name}`);
  return found;
}

const documents = (file: string): Data[] =>
  parseAllDocuments(read(file)).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });

/** The folder of the kustomization. */
export const kubernetesFolder = `${root}deploy/kubernetes/`;
export const compose = readYaml("deploy/compose.yaml");
export const redisPod: Data = kubernetes("redis", "Deployment", "redis").spec.template.spec;
export const document = read("docs/deploy.md");

/** What is in every container's secret, as far as the settings need it. */
export const redisVariable = { QUAY_MCP_REDIS_URL: "redis://quay-mcp:x@redis:6379" };
/** The user of the image. */
export const user = 65532;
export const probedPaths = [...healthPages({ draining: () => false, stores: () => "process" }).keys()];
