#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { flagOf, httpSettingNames, type Setting, settings } from "./config.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "./sentences/words.ts";
import { version } from "./version.ts";

type Flags = Readonly<Record<string, unknown>>;

/** What a command needs of the settings; it answers with the exit status. */
type Run = (flags: Flags) => Promise<number>;

/** Commands that reach a registry take every setting, `tools` those that decide what is listed. */
const listingSettings = new Set([
  "allow",
  "scopes",
  "toolsets",
  "tools",
  "excludeTools",
  "surface",
  "namespaces",
]);

const program = new Command("quay-mcp")
  .description("A Model Context Protocol server that administers a Quay container registry.")
  .usage("[options] [command]")
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(said(text)) })
  .helpCommand("help [command]", "tell what a command takes")
  .addHelpText("after", "\nWithout a command it serves MCP on standard input and output.");

let status: Promise<number> = Promise.resolve(0);
process.stdout.on("error", endWithoutReader);
const start = (run: Run) => (_flags: Flags, command: Command) => {
  // The server ends in its own way.
  if (command === program) process.stdout.off("error", endWithoutReader);
  status = run(command.optsWithGlobals());
};

withSettings(program).action(start(async (flags) => (await import("./commands/serve.ts")).serve(flags)));

// Only this command has these settings, and the others need not wait for them.
const httpSettings = process.argv.includes("http") ? (await import("./http/settings.ts")).httpSettings : [];
withSettings(program.command("http"), [...settings, ...httpSettings])
  .description("serve MCP over HTTP at /mcp, for many callers at once")
  .action(start(async (flags) => (await import("./commands/http.ts")).serveOverHttp(flags)));

withSettings(
  program.command("tools"),
  settings.filter(({ name }) => listingSettings.has(name)),
)
  .description("list every tool, and why one is not listed to the client")
  .option("--json", "as JSON")
  .action(start(async (flags) => (await import("./commands/tools.ts")).listTools(flags)));

// It prints whole answers, for people and their scripts.
withSettings(
  program.command("call"),
  settings.filter(({ name }) => name !== "answerTokens"),
)
  .description("make one call and print its answer")
  .argument("<name>", "the tool")
  .argument("[json]", 'its arguments as a JSON object, or "-" to read them from standard input', "{}")
  .action((name: string, json: string, flags: Flags, command: Command) =>
    start(async (all) => (await import("./commands/call.ts")).callOnce(name, json, all))(flags, command),
  );

withSettings(program.command("doctor"))
  .description("look whether the registry, the token and the settings work, and print what a client needs")
  .option("--json", "as JSON")
  .action(start(async (flags) => (await import("./commands/doctor.ts")).doctor(flags)));

program
  .command("audit")
  .description("look into an audit log")
  .exitOverride()
  .command("verify")
  .description("check that no line was changed, removed, added or moved, and that every process has its end")
  .argument("<file>", "the audit log")
  .argument("[hashes...]", "last hashes that processes said at their end")
  .exitOverride()
  .action((file: string, hashes: string[], flags: Flags, command: Command) =>
    start(async () => (await import("./commands/audit.ts")).verify(file, hashes))(flags, command),
  );

program
  .command("demo")
  .description("a short tour on a small registry inside the program")
  .action(start(async () => (await import("./commands/demo.ts")).demo()));

program
  .command("registry")
  .description("run the small registry inside the program alone, on loopback, until interrupted")
  .option("--port <N>", "the port (default: any free one)")
  .option("--json", "say where it is and the tokens as one line of JSON")
  .option("--seed <N>", "another registry of the same company (default: 1)")
  .option("--now <TIME>", "the time in the registry, such as 2026-11-21T09:00:00Z (default: the machine's)")
  .option("--repositories <N>", "that many more repositories, in organizations load-01, …")
  .option("--tags-per-repository <N>", "of those (default: 20)")
  .option("--latency <MS>", "milliseconds before every answer")
  .option("--faults <SHARES>", "what goes wrong how often: 429=0.1,503=0.05,reset=0.01,hang=0.01")
  .exitOverride()
  .action(start(async (flags) => (await import("./commands/registry.ts")).runRegistry(flags)));

try {
  const [first] = process.argv.slice(2);
  const commands = ["help", ...program.commands.map((command) => command.name())];
  if (first !== undefined && !first.startsWith("-") && !commands.includes(first)) {
    throw new UsageError(`There is no command "${first}".${didYouMean(first, commands)}`);
  }
  await program.parseAsync();
  process.exitCode = await status;
} catch (error) {
  process.exitCode = explain(error);
}

function withSettings(command: Command, taken: readonly Setting[] = settings): Command {
  for (const setting of taken) {
    if (setting.secret) continue;
    const flags = setting.value === undefined ? setting.flag : `${setting.flag} <${setting.value}>`;
    command.addOption(new Option(flags, `${setting.help} [${setting.environment}]`));
  }
  const secret = taken.filter((setting) => setting.secret);
  if (secret.length > 0) {
    const said = secret.map(({ environment, help }) => `- ${environment}: ${help}`);
    command.addHelpText("after", ["", "Only as environment variables:", ...said].join("\n"));
  }
  return command.exitOverride();
}

/** What commander says about a mistake. It does not know that another command has the setting. */
function said(text: string): string {
  const [, flag = ""] = /unknown option '(--[\w-]+)'/.exec(text) ?? [];
  const isHttp = httpSettingNames.some((name) => flagOf(name) === flag);
  if (isHttp) return `quay-mcp: ${flag} is a setting of "quay-mcp http".\n`;
  return text.replace(/^error: /, "quay-mcp: ");
}

/** Ends a command whose reader has seen enough, as in `quay-mcp tools | head`. */
function endWithoutReader({ code }: NodeJS.ErrnoException): never {
  process.exit(code === "EPIPE" ? 0 : 1);
}

/** The exit status for a failure, said on standard error: 2 where the program was started wrongly, 1 otherwise. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`quay-mcp: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}
