import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { serverJson } from "../../scripts/publish/server-json.ts";
import { document, read, user } from "./files.ts";

const dockerfile = read("Dockerfile");
const stages = dockerfile.split(/^FROM /m).slice(1);

describe("the image", () => {
  it("is built and run by the same Node, the one that the documentation names, which the program supports", () => {
    const versions = stages.map((stage) => /^(?:node:|gcr\.io\/distroless\/nodejs)(\d+)/.exec(stage)?.[1]);
    expect(versions).toHaveLength(2);
    expect(new Set(versions).size).toBe(1);
    expect(document).toContain(`on Node ${versions[0]}, the LTS line`);
    expect(Number(versions[0])).toBeGreaterThanOrEqual(Number(/\d+/.exec(manifest.engines.node)![0]));
  });

  it("ends without a tool to build, and runs as a user who is not root, by number", () => {
    const last = stages.at(-1)!;
    expect(last).not.toMatch(/^RUN /m);
    expect(/^USER (.*)$/m.exec(last)![1]).toBe(`${user}:${user}`);
  });

  it("has the program and the licences of what is in it", () => {
    const last = stages.at(-1)!;
    expect(last).toContain("COPY --from=build /build/dist /quay-mcp");
    expect(last).toMatch(/^ENTRYPOINT \["\/nodejs\/bin\/node", "\/quay-mcp\/main\.js"\]$/m);
    expect(`dist/${/quay-mcp\/(main\.js)"/.exec(last)![1]}`).toBe(manifest.bin["quay-mcp"]);
    expect(last).toContain("COPY LICENSE ");
    expect(last).toContain("/build/dist/LICENCES.txt ");
  });

  it("gets nothing from the working copy but what is named", () => {
    const [first, ...rest] = read(".dockerignore").trim().split("\n");
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
      names!.split(" "),
    );
    expect(first).toBe("*");
    expect(rest.map((line) => line.slice(1)).sort()).toEqual([...new Set(copied)].sort());
    expect(rest.every((line) => line.startsWith("!"))).toBe(true);
  });

  it("has labels that agree with the package, and the name that its publisher gives it", () => {
    const labels = Object.fromEntries(
      [...dockerfile.matchAll(/([\w.]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    expect(labels).toMatchObject({
      "org.opencontainers.image.title": manifest.name,
      "org.opencontainers.image.version": manifest.version,
      "org.opencontainers.image.licenses": manifest.license,
      "io.modelcontextprotocol.server.name": `\${MCP_SERVER_NAME}`,
    });
    const name = /--build-arg MCP_SERVER_NAME=(\S+)/.exec(document)![1];
    expect(document).toContain(`scripts/server-json.ts ${name} `);
  });

  it("is described by a server.json as the registry takes it", () => {
    const made = serverJson("io.github.octo/quay-mcp", "quay.io/octo/quay-mcp");
    expect(made.description.length).toBeLessThanOrEqual(100);
    expect(made).toMatchObject({ name: "io.github.octo/quay-mcp", version: manifest.version });
    expect(made.packages[0]).toMatchObject({
      registryType: "oci",
      identifier: `quay.io/octo/quay-mcp:${manifest.version}`,
      transport: { type: "stdio" },
    });
    expect(made.packages[0]!.environmentVariables).toContainEqual(
      expect.objectContaining({ name: "QUAY_TOKEN", isSecret: true }),
    );
    expect(() => serverJson("quay-mcp", "quay.io/octo/quay-mcp")).toThrow("io.github.OWNER/quay-mcp");
    expect(() => serverJson("io.github.octo/quay-mcp", "quay.io/octo/quay-mcp:1")).toThrow("without a tag");
  });
});
