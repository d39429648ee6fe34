import { inputSchema, isConfirmable } from "../arguments.ts";
import { guardedTool } from "../guard/fence.ts";
import type { ConfinableTool } from "../guard/tool.ts";
import type { CallableTool } from "../operation.ts";

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly annotations: Hints;
  /** The operation that the tool is, or the tool that a task repeats; the surface's own tools are neither. */
  readonly _meta?: { readonly "quay-mcp/operationId"?: string; readonly "quay-mcp/repeats"?: string };
}

/** The four hints of MCP, each said, since clients assume the worst of what is left out. */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** One line of the listing: what the client is shown, and what the guard must know to decide whether it is. */
export interface ListingEntry {
  readonly guarded: ConfinableTool;
  readonly everyday?: true;
  readonly listed: ListedTool;
}

/** Everything that may be listed. It is made at build time: zod need not run when a server starts. */
export interface Listing {
  readonly tools: readonly ListingEntry[];
  /** The tools that find and run those which are not shown. */
  readonly search: readonly ListedTool[];
  readonly readAnswer: ListedTool;
}

/** The hints of a tool, from what its catalogue entry says. */
export function hintsOf(tool: CallableTool): Hints {
  return {
    readOnlyHint: tool.access === "read",
    destructiveHint: isConfirmable(tool),
    idempotentHint: tool.notIdempotent === undefined && isRepeatable(tool),
    openWorldHint: tool.openWorld === true,
  };
}

function isRepeatable({ access, method }: CallableTool): boolean {
  return access === "read" || (method !== undefined && method !== "POST");
}

/** Derives the entries of the catalogue and the tasks. */
export function createListing(tools: readonly CallableTool[]): ListingEntry[] {
  return tools.map((tool) => {
    const { name, title, description, operationId, repeats, everyday } = tool;
    const from = {
      ...(operationId === undefined ? {} : { "quay-mcp/operationId": operationId }),
      ...(repeats === undefined ? {} : { "quay-mcp/repeats": repeats }),
    };
    return {
      guarded: guardedTool(tool),
      ...(everyday === undefined ? {} : { everyday }),
      listed: {
        name,
        title,
        description,
        inputSchema: inputSchema(tool),
        annotations: hintsOf(tool),
        ...(Object.keys(from).length === 0 ? {} : { _meta: from }),
      },
    };
  });
}
