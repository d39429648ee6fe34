import { inputSchema } from "../arguments.ts";
import type { GuardedTool } from "../guard/tool.ts";
import type { Tool } from "../operation.ts";

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Record<string, unknown>;
  readonly annotations: Hints;
  readonly _meta: { readonly "quay-mcp/operationId": string };
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
  readonly guarded: GuardedTool;
  readonly listed: ListedTool;
}

export function hintsOf(tool: Tool): Hints {
  return {
    readOnlyHint: tool.access === "read",
    destructiveHint: tool.access === "destructive" || tool.escalates !== undefined,
    idempotentHint: tool.method !== "POST" && tool.notIdempotent === undefined,
    openWorldHint: tool.openWorld === true,
  };
}

/** Derives the whole listing from the catalogue. It is made at build time: zod need not run when a server starts. */
export function createListing(catalogue: readonly Tool[]): ListingEntry[] {
  return catalogue.map((tool) => {
    const { name, title, description, operationId, toolset, access, escalates, scopes, yieldsCredential } =
      tool;
    return {
      guarded: {
        name,
        toolset,
        access,
        scopes,
        ...(escalates === undefined ? {} : { escalates }),
        ...(yieldsCredential === undefined ? {} : { yieldsCredential }),
      },
      listed: {
        name,
        title,
        description,
        inputSchema: inputSchema(tool),
        annotations: hintsOf(tool),
        _meta: { "quay-mcp/operationId": operationId },
      },
    };
  });
}
