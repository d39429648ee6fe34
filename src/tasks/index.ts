/** Every task, in its fixed order: those that read, then those that change something. */
import type { Tool } from "../operation.ts";
import { deleteTags } from "./delete-tags.ts";
import type { RepeatingTask } from "./repeating.ts";
import { scanSummary } from "./scan-summary.ts";
import { staleRobots } from "./stale-robots.ts";
import type { ReadingTask } from "./task.ts";
import { whoCanAccess } from "./who-can-access.ts";

/** A tool that is made of several calls. */
export type Task = ReadingTask | RepeatingTask;

export const readingTasks: readonly ReadingTask[] = [whoCanAccess, staleRobots, scanSummary];

export const repeatingTasks: readonly RepeatingTask[] = [deleteTags];

export const tasks: readonly Task[] = [...readingTasks, ...repeatingTasks];

/** Tells a task from an operation. */
export function isTask(tool: Tool | Task): tool is Task {
  return !("path" in tool);
}

/** Tells a task that changes several things from one that reads. */
export function isRepeating(task: Task): task is RepeatingTask {
  return "repeats" in task;
}
