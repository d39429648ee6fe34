import { catalogue } from "../../tools/index.ts";
import { readSettings } from "../config.ts";
import { guardedTool } from "../guard/fence.ts";
import { createPolicy, refusal } from "../guard/policy.ts";
import { describeScopes } from "../guard/scopes.ts";
import type { CallableTool } from "../operation.ts";
import { readListing } from "../surface/listing-file.ts";
import { surfaceOf } from "../surface/surface.ts";
import { tasks } from "../tasks/index.ts";

interface Row extends Pick<CallableTool, "name" | "toolset" | "method" | "access" | "scopes"> {
  /** Of operations; tasks have none. */
  readonly path?: string;
  readonly listed: boolean;
  /** It is not listed, and may be called: `find_tools` finds it. */
  readonly searchable?: true;
  /** Why it is not listed. */
  readonly reason?: string;
}

/** Prints every tool of the catalogue and every task, and for those that are not listed to a client, why. */
export async function listTools(flags: Readonly<Record<string, unknown>>): Promise<number> {
  const { json, ...given } = flags;
  const rows = rowsFor(given);
  process.stdout.write(json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : tableOf(rows));
  return 0;
}

function rowsFor(flags: Readonly<Record<string, unknown>>): readonly Row[] {
  const settings = readSettings(flags, process.env);
  const tools: readonly (CallableTool & { readonly path?: string })[] = [...catalogue, ...tasks];
  const policy = createPolicy(settings, tools);
  const shown = surfaceOf(readListing(), policy, settings.surface);
  const names = new Set(shown.map(({ name }) => name));
  return tools.map((tool) => {
    const { name, operationId, repeats, toolset, method, path, access, escalates, scopes } = tool;
    const refused = refusal(guardedTool(tool), policy);
    const listed = names.has(name);
    return {
      name,
      ...(operationId === undefined ? {} : { operationId, method, path }),
      ...(repeats === undefined ? {} : { repeats }),
      toolset,
      access,
      ...(escalates === undefined ? {} : { escalates: escalates.when }),
      scopes,
      listed,
      ...(listed || refused !== undefined ? {} : { searchable: true as const }),
      ...(listed ? {} : { reason: refused ?? foundBySearch(name, settings.surface) }),
    };
  });
}

function foundBySearch(name: string, surface: string): string {
  return `${name} may be called, and find_tools finds it: --surface ${surface} does not list every tool.`;
}

function tableOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines: string[] = [];
  let heading = "";
  for (const row of rows) {
    const its = row.path === undefined ? `tasks (${row.toolset})` : row.toolset;
    if (its !== heading) {
      heading = its;
      lines.push("", heading);
    }
    const access = "escalates" in row ? `${row.access}/destructive` : row.access;
    const scopes = describeScopes(row.scopes) || "-";
    lines.push(`  ${signOf(row)} ${row.name.padEnd(width)}  ${access.padEnd(17)}  ${scopes}`);
  }
  return `${[...lines, "", sumOf(rows)].join("\n")}\n`;
}

const signOf = ({ listed, searchable }: Row) => (listed ? "+" : searchable ? "?" : "-");

function sumOf(rows: readonly Row[]): string {
  const operations = rows.filter(({ path }) => path !== undefined).length;
  const listed = rows.filter((row) => row.listed).length;
  const searchable = rows.filter((row) => row.searchable).length;
  const found =
    searchable === 0 ? "" : ` ${searchable} more can be found by find_tools and called through it (?).`;
  return [
    `${operations} operations of Quay's, and ${rows.length - operations} tasks that are made of several.`,
    `${listed} of ${rows.length} tools are listed to the client (+).${found} "quay-mcp tools --json" says why the others are not.`,
    "What is write/destructive is destructive by some arguments, or by what is there now.",
  ].join("\n");
}
