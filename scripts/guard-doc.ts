/** Writes docs/guard.md: what the guard knows of each operation. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Callable, ScopeRequirement, Tool } from "../src/operation.ts";
import { targets } from "../src/targets/index.ts";
import { tasks } from "../src/tasks/index.ts";
import { catalogue } from "../tools/index.ts";

/** The document as it must be. */
export function guardDocument(): string {
  const changing = catalogue.filter(({ access }) => access !== "read");
  const reading = catalogue.filter(({ access }) => access === "read");
  return `# What the guard knows of each operation

Made from the catalogue by \`npm run docs\`. In the access, *!* marks what is irreversible, and *reaches* what a protected
repository keeps back although the call does not name it. A scope with a slash means that either will do.

## Operations that change something

${tableOf(
  ["operation", "access", "a write is grave when", "scopes", "preview", "taken back by"],
  changing.map((tool) => [
    `\`${tool.name}\``,
    accessOf(tool),
    tool.escalates?.when ?? "",
    scopesOf(tool),
    tool.target ?? "",
    undoOf(tool),
  ]),
)}

## Tasks that change something

A task is decided on, previewed, confirmed and counted by the brake as one call. What the settings say of the operation
that it repeats can make it stricter, and each call goes the way of every call.

${tableOf(
  ["task", "access", "scopes", "repeats", "preview"],
  tasks.map((task) => [
    `\`${task.name}\``,
    accessOf(task),
    scopesOf(task),
    `\`${task.repeats}\``,
    task.shows,
  ]),
)}

## Previews

${tableOf(
  ["preview of", "shows"],
  Object.entries(targets).map(([kind, { shows }]) => [kind, shows]),
)}

## Operations that only read

${tableOf(
  ["operation", "scopes"],
  reading.map((tool) => [`\`${tool.name}\``, scopesOf(tool)]),
)}
`;
}

function accessOf({ access, irreversible, reachesRepositories }: Callable): string {
  const reaches =
    reachesRepositories === undefined
      ? ""
      : reachesRepositories === true
        ? ", reaches"
        : `, reaches with ${reachesRepositories.map((name) => `\`${name}\``).join(", ")}`;
  return `${access}${irreversible ? " !" : ""}${reaches}`;
}

function scopesOf({ scopes }: Callable): string {
  const requirement = (scope: ScopeRequirement) =>
    typeof scope === "string" ? scope : scope.anyOf.join(" / ");
  return scopes.length === 0 ? "none" : scopes.map(requirement).join(", ");
}

/** The tools that may take a call back, or why none does. */
function undoOf({ undo = [] }: Tool): string {
  const ways = typeof undo === "string" ? [undo] : undo;
  const tools = new Set(ways.flatMap((way) => (typeof way === "string" ? [] : [`\`${way.tool}\``])));
  const sentence = ways.find((way) => typeof way === "string");
  if (tools.size === 0) return sentence ?? "";
  return `${[...tools].join(" or ")}${sentence === undefined ? "" : `; or not: ${sentence}`}`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Where the document stands. */
export const guardDocumentFile = fileURLToPath(new URL("../docs/guard.md", import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(guardDocumentFile, guardDocument());
