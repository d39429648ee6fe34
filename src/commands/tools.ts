import { catalogue } from "../../tools/index.ts";
import { readSettings } from "../config.ts";
import { neededAccess } from "../guard/access.ts";
import { createPolicy, refusal } from "../guard/policy.ts";
import { describeScopes } from "../guard/scopes.ts";

/** Prints every tool of the catalogue, and for those that are not listed to a client, why. */
export async function listTools(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { json, ...given } = flags;
  const policy = createPolicy(readSettings(given, process.env), catalogue);
  const rows = catalogue.map((tool) => {
    const reason = refusal(tool, policy);
    return {
      name: tool.name,
      operationId: tool.operationId,
      toolset: tool.toolset,
      method: tool.method,
      path: tool.path,
      access: tool.access,
      ...(tool.escalates === undefined ? {} : { escalates: tool.escalates }),
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
  for (const [index, row] of rows.entries()) {
    if (row.toolset !== toolset) {
      toolset = row.toolset;
      process.stdout.write(`\n${toolset}\n`);
    }
    const scopes = describeScopes(row.scopes) || "-";
    const access =
      row.escalates === undefined ? row.access : `${row.access}/${neededAccess(catalogue[index]!)}`;
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
