import { homedir } from "node:os";
import { join } from "node:path";

/** The settings that a client starts the server with, as they were given; never the token itself. */
export interface ClientSettings {
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  /** Everything else, as a command line. */
  readonly flags: readonly string[];
}

/** What is to be pasted for one client. */
export interface ClientConfiguration {
  readonly client: string;
  /** Where it belongs. */
  readonly file: string;
  readonly note: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const command = "npx";
/** From this folder or what is installed: a package that a stranger may give this name is not fetched. */
const program = ["--no", "--", "quay-mcp"];

/** The configuration of each client. None holds the token: each client has its own way of referring to it. */
export function clientConfigurations(settings: ClientSettings): readonly ClientConfiguration[] {
  const { tokenFile } = settings;
  const server = (reference: string) => serverOf(settings, reference);
  const needsToken = settings.url !== undefined && tokenFile === undefined;
  const fromEnvironment = needsToken ? "The token comes from the environment variable QUAY_TOKEN." : "";
  const ownFile = join(homedir(), ".config", "quay-mcp", "token");
  return [
    {
      client: "VS Code",
      file: ".vscode/mcp.json",
      note: needsToken ? "VS Code asks for the token once, and keeps it." : "",
      content: {
        ...(needsToken && {
          inputs: [
            {
              type: "promptString",
              id: "quay-token",
              description: "Quay OAuth access token",
              password: true,
            },
          ],
        }),
        servers: { quay: { type: "stdio", ...server(`\${input:quay-token}`) } },
      },
    },
    {
      client: "Claude Code",
      file: ".mcp.json",
      note: fromEnvironment,
      content: { mcpServers: { quay: server(`\${QUAY_TOKEN}`) } },
    },
    {
      client: "Cursor",
      file: ".cursor/mcp.json",
      note: fromEnvironment,
      content: { mcpServers: { quay: server(`\${env:QUAY_TOKEN}`) } },
    },
    {
      client: "Claude Desktop",
      file: "claude_desktop_config.json",
      note: needsToken ? `Write the token into ${ownFile}, which only you may read.` : "",
      content: {
        mcpServers: { quay: serverOf(needsToken ? { ...settings, tokenFile: ownFile } : settings, "") },
      },
    },
  ];
}

function serverOf({ url, tokenFile, flags }: ClientSettings, tokenReference: string) {
  const file = tokenFile === undefined ? [] : ["--token-file", tokenFile];
  const environment = {
    ...(url !== undefined && { QUAY_URL: url }),
    ...(url !== undefined && tokenFile === undefined && { QUAY_TOKEN: tokenReference }),
  };
  return {
    command,
    args: [...program, ...file, ...flags],
    ...(Object.keys(environment).length > 0 && { env: environment }),
  };
}

/** JSON as people write it: objects over several lines, what fits on one line on one. */
export function layOut(value: unknown, indent = "", width = 100): string {
  const line = JSON.stringify(value, undefined, 1).replace(/\s*\n\s*/g, " ");
  const isBranch = (each: unknown) => typeof each === "object" && each !== null;
  if (!isBranch(value)) return line;
  const nested = Object.values(value as object).some(isBranch) && !Array.isArray(value);
  if (!nested && indent.length + line.length <= width) return line.replace(/^\[ | \]$/g, (end) => end.trim());
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => inner + layOut(each, inner, width))
    : Object.entries(value as object).map(
        ([key, each]) => `${inner}${JSON.stringify(key)}: ${layOut(each, inner, width)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}
