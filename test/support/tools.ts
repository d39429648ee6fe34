/** Operations of the catalogue, for tests that are about a certain one. */
import type { Tool } from "../../src/operation.ts";
import { catalogue } from "../../tools/index.ts";

/** @throws Error where there is none of this name */
export function toolNamed(name: string): Tool {
  return found(name, (tool) => tool.name === name);
}

/** @throws Error where there is none with this operationId of Quay's */
export function toolWithId(operationId: string): Tool {
  return found(operationId, (tool) => tool.operationId === operationId);
}

function found(what: string, matches: (tool: Tool) => boolean): Tool {
  const tool = catalogue.find(matches);
  if (tool === undefined) throw new Error(`there is no tool ${what}`);
  return tool;
}
