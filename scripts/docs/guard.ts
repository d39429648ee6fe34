/** docs/guard.md: what the guard knows of each operation. */
import type { Callable } from "../../src/operation.ts";
import { targets } from "../../src/targets/index.ts";
import { repeatingTasks } from "../../src/tasks/index.ts";
import { catalogue } from "../../tools/index.ts";
import { scopesOf, tableOf, undoOf } from "./markdown.ts";

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
  repeatingTasks.map((task) => [
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
