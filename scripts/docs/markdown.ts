/** What the generated documents have in common. */
import type { Callable, ScopeRequirement } from "../../src/operation.ts";

/** The scopes that a tool needs; a slash means that either will do. */
export function scopesOf({ scopes }: Callable): string {
  const requirement = (scope: ScopeRequirement) =>
    typeof scope === "string" ? scope : scope.anyOf.join(" / ");
  return scopes.length === 0 ? "none" : scopes.map(requirement).join(", ");
}

/** The tools that may take a call back, or why none does. */
export function undoOf({ undo = [] }: Pick<Callable, "undo">): string {
  const ways = typeof undo === "string" ? [undo] : undo;
  const tools = new Set(ways.flatMap((way) => (typeof way === "string" ? [] : [`\`${way.tool}\``])));
  const sentence = ways.find((way) => typeof way === "string");
  if (tools.size === 0) return sentence ?? "";
  return `${[...tools].join(" or ")}${sentence === undefined ? "" : `; or not: ${sentence}`}`;
}

/** A table; a bar in a cell does not end it. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
