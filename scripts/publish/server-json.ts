import manifest from "../../package.json" with { type: "json" };
import { settings } from "../../src/config.ts";

/** A namespace that its publisher owns, and the server's name in it. */
const serverName = /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/;

/** What a person is asked for who starts the image; everything else has a default. */
const asked = ["url", "token", "allow"];

/**
 * What the MCP registry takes (`server.json`, schema 2025-12-11) for an image of this program.
 *
 * @param name such as `io.github.OWNER/quay-mcp`; the image has it as a label
 * @param image without a tag, such as `quay.io/OWNER/quay-mcp`; its tag is the version
 * @throws Error where they have another form
 */
export function serverJson(name: string, image: string) {
  if (!serverName.test(name)) throw new Error(`"${name}" must be such as io.github.OWNER/quay-mcp`);
  if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(image)) {
    throw new Error(`"${image}" must be an image without a tag, such as quay.io/OWNER/quay-mcp`);
  }
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name,
    title: "Quay",
    description:
      "Administer a Quay container registry: every operation of its API as a tool, behind a guard.",
    version: manifest.version,
    packages: [
      {
        registryType: "oci",
        identifier: `${image}:${manifest.version}`,
        runtimeHint: "docker",
        transport: { type: "stdio" },
        environmentVariables: settings
          .filter((setting) => asked.includes(setting.name))
          .map((setting) => ({
            name: setting.environment,
            description: setting.help,
            isRequired: setting.name !== "allow",
            isSecret: setting.secret ?? false,
          })),
      },
    ],
  };
}
