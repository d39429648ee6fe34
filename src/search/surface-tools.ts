import type { ListedTool } from "../mcp/listing.ts";
import type { Access } from "../operation.ts";

/** A tool of the search surface. It belongs to no operation of Quay's. */
export type SurfaceTool = Omit<ListedTool, "_meta">;

const reading = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

const call = {
  type: "object",
  properties: {
    name: { type: "string", description: "As find_tools gives it." },
    arguments: { type: "object", description: "As describe_tool says; {} if none." },
  },
  required: ["name", "arguments"],
} as const;

const findTools: SurfaceTool = {
  name: "find_tools",
  title: "Find tools",
  description:
    "Find the tools for a job in this Quay registry: the best five with their access (read, write or destructive). " +
    "Next describe_tool, then the run tool of that access.",
  inputSchema: {
    type: "object",
    properties: {
      query: {
        type: "string",
        description: "What to know or to do, in plain words: who can push to payments",
      },
    },
    required: ["query"],
  },
  annotations: reading,
};

const describeTool: SurfaceTool = {
  name: "describe_tool",
  title: "Describe tool",
  description:
    "Get a tool's description, access and the JSON schema of its arguments. Call it before running the tool.",
  inputSchema: {
    type: "object",
    properties: { name: { type: "string", description: "As find_tools gives it." } },
    required: ["name"],
  },
  annotations: reading,
};

/** The executors, by the access of the tools they run: a client's own permissions keep their meaning. */
export const executors = {
  read: {
    name: "run_read_tool",
    title: "Run a reading tool",
    description: "Run a tool whose access is read. Nothing in the registry changes.",
    inputSchema: call,
    annotations: reading,
  },
  write: {
    name: "run_write_tool",
    title: "Run a writing tool",
    description:
      "Run a tool whose access is write. Where its arguments make the call destructive it is refused: use run_destructive_tool.",
    inputSchema: call,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  },
  destructive: {
    name: "run_destructive_tool",
    title: "Run a destructive tool",
    description:
      "Run a tool whose access is destructive: it deletes, disrupts, takes over, or sends data out. A human may be asked to confirm.",
    inputSchema: call,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  },
} as const satisfies Record<Access, SurfaceTool>;

/** The whole search surface, in the order in which it is listed. */
export const surfaceTools: readonly SurfaceTool[] = [
  findTools,
  describeTool,
  executors.read,
  executors.write,
  executors.destructive,
];
