/**
 * The executors of the search surface run other tools, each those of one access, so that a client's own permissions
 * ("never run what is destructive") keep their meaning.
 */
import { isConfirmable } from "../arguments.ts";
import type { Access, CallableTool } from "../operation.ts";

/** The name of the executor for each access. */
export const executors = {
  read: "run_read_tool",
  write: "run_write_tool",
  destructive: "run_destructive_tool",
} as const satisfies Record<Access, string>;

/**
 * Why an executor does not run a tool. What escalates may come through the one for writes as long as its call does not,
 * and through the one for destructive tools.
 *
 * @param executor the access of the executor that the call came through, if it came through one
 */
export function executorRefusal(
  tool: Pick<CallableTool, "name" | "access" | "escalates">,
  executor: Access | undefined,
): string | undefined {
  if (executor === undefined || tool.access === executor) return undefined;
  if (executor === "destructive" && isConfirmable(tool)) return undefined;
  return `${tool.name} was not sent: it is ${tool.access}, and ${executors[executor]} does not run it. ${use(executors[tool.access])}`;
}

/**
 * Why an executor does not run an escalated call.
 *
 * @param reason what makes it as grave as a destructive call, as a sentence; undefined where nothing does
 */
export function escalatedExecutorRefusal(
  { name }: Pick<CallableTool, "name">,
  reason: string | undefined,
  executor: Access | undefined,
): string | undefined {
  if (reason === undefined || executor !== "write") return undefined;
  return `${name} was not sent: with these arguments it is as grave as a destructive call: ${reason} ${use(executors.destructive)}`;
}

const use = (executor: string) => `Use ${executor}, with the same name and arguments.`;
