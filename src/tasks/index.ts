/** Every task that changes something, in its fixed order. */
import type { Tool } from "../operation.ts";
import { deleteTags } from "./delete-tags.ts";
import type { RepeatingTask } from "./repeating.ts";

export const tasks: readonly RepeatingTask[] = [deleteTags];

/** Tells a task from an operation. */
export function isTask(tool: Tool | RepeatingTask): tool is RepeatingTask {
  return "repeats" in tool;
}
