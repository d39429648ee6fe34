import { catalogue } from "../../tools/index.ts";
import { readSettings } from "../config.ts";
import { guardedTool } from "../guard/fence.ts";
import { createPolicy, refusal } from "../guard/policy.ts";
import { describeScopes } from "../guard/scopes.ts";
import { isTask, tasks } from "../tasks/index.ts";

/** Prints every tool of the catalogue and every task, and for those that are not listed to a client, why. */
export async function listTools(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { json, ...given } = flags;
  const policy = createPolicy(readSettings(given, process.env), [...catalogue, ...tasks]);
  const rows = [...catalogue, ...tasks].map((tool) => {
    const reason = refusal(guardedTool(tool), policy);
    return {
      name: tool.name,
      ...(isTask(tool) ? { repeats: tool.repeats } : { operationId: tool.operationId }),
      toolset: tool.toolset,
      ...(isTask(tool) ? {} : { method: tool.method, path: tool.path }),
      access: tool.access,
      ...(tool.escalates === undefined ? {} : { escalates: tool.escalates.when }),
      scopes: tool.scopes,
      listed: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
    };
  });
  if (json === true) {
    process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  let toolset = "";
  for (const row of rows) {
    const heading = "repeats" in row ? `tasks (${row.toolset})` : row.toolset;
    if (heading !== toolset) {
      toolset = heading;
      process.stdout.write(`\n${toolset}\n`);
    }
    const scopes = describeScopes(row.scopes) || "-";
    const access = row.escalates === undefined ? row.access : `${row.access}/destructive`;
    process.stdout.write(
      `  ${row.listed ? "+" : "-"} ${row.name.padEnd(width)}  ${access.padEnd(17)}  ${scopes}\n`,
    );
  }
  const shown = rows.filter(({ listed }) => listed).length;
  process.stdout.write(
    `\n${shown} of ${rows.length} tools are listed to the client (+). "quay-mcp tools --json" says why the others are not.\n`,
  );
  return 0;
}
