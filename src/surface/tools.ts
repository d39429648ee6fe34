/** The surface's own tools: they belong to no operation of Quay's, and send nothing to the registry by themselves. */
import * as z from "zod";
import { inputSchema } from "../arguments.ts";
import { executors } from "../guard/executor.ts";
import type { Access, Shape } from "../operation.ts";
import type { Hints, ListedTool } from "./listing.ts";

export interface SurfaceTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: Shape;
  readonly hints: Hints;
}

const reading: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

const changing: Hints = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

const ToolName = z.string().min(1).describe("As find_tools gives it.");

const call = {
  name: ToolName,
  arguments: z.record(z.string(), z.unknown()).describe("As describe_tool says.").optional(),
};

export const findTools = {
  name: "find_tools",
  title: "Find tools",
  description:
    "Find the tools for a job in this Quay registry: the best five with their access (read, write or destructive). " +
    "Next describe_tool, then the run tool of that access.",
  arguments: {
    query: z.string().min(1).describe("What to know or to do, in plain words: who can push to payments"),
  },
  hints: reading,
} satisfies SurfaceTool;

export const describeTool = {
  name: "describe_tool",
  title: "Describe tool",
  description:
    "Get a tool's description, access and the JSON schema of its arguments. Call it before running the tool.",
  arguments: { name: ToolName },
  hints: reading,
} satisfies SurfaceTool;

/** By the access of the tools that they run. */
export const executorTools = {
  read: {
    name: executors.read,
    title: "Run a reading tool",
    description: "Run a tool whose access is read. Nothing in the registry changes.",
    arguments: call,
    hints: reading,
  },
  write: {
    name: executors.write,
    title: "Run a writing tool",
    description: `Run a tool whose access is write. Where its arguments make the call destructive it is refused: use ${executors.destructive}.`,
    arguments: call,
    hints: changing,
  },
  destructive: {
    name: executors.destructive,
    title: "Run a destructive tool",
    description:
      "Run a tool whose access is destructive: it deletes, disrupts, takes over, or sends data out. A human may be asked to confirm; a confirm code goes into arguments.",
    arguments: call,
    hints: { ...changing, destructiveHint: true },
  },
} satisfies Record<Access, SurfaceTool>;

export const readAnswer = {
  name: "read_answer",
  title: "Read a kept answer",
  description:
    "Read the rest of an answer that was cut to fit. It is kept for 15 minutes under the id that the cut answer names. Asks the registry nothing.",
  arguments: {
    id: z.string().min(1),
    select: z.string().min(1).describe("JMESPath, e.g. tags[?size > `1000`].name").optional(),
    page: z.int().min(1).optional(),
  },
  hints: reading,
} satisfies SurfaceTool;

/** What finds and runs the tools that are not listed, in the order in which it is listed. */
export const searchTools: readonly SurfaceTool[] = [findTools, describeTool, ...Object.values(executorTools)];

/** A tool of the surface as `tools/list` shows it. */
export function listedTool({ name, title, description, hints, ...tool }: SurfaceTool): ListedTool {
  return { name, title, description, inputSchema: inputSchema({ name, ...tool }), annotations: hints };
}
