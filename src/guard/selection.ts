import { UsageError } from "../errors.ts";
import { didYouMean, firstNames, listed } from "../sentences/words.ts";
import type { GuardedTool, KnownNames } from "./tool.ts";

/** Which tools the operator chose: those of some toolsets and some by name (all where neither is said), less the excluded. */
export interface Selection {
  readonly toolsets: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  readonly excluded: ReadonlySet<string>;
}

export interface SelectionSettings {
  readonly toolsets?: readonly string[] | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly excludeTools: readonly string[];
}

/**
 * Reads `--toolsets`, `--tools` and `--exclude-tools`.
 *
 * @throws UsageError for a name that is no toolset or tool
 */
export function parseSelection(settings: SelectionSettings, names: KnownNames): Selection {
  return {
    toolsets: parseToolsets(settings.toolsets ?? [], names, "--toolsets"),
    tools: knownSet("--tools", settings.tools ?? [], names.tools),
    excluded: knownSet("--exclude-tools", settings.excludeTools, names.tools),
  };
}

/**
 * Reads names of toolsets.
 *
 * @param flag where they were given, as an error names it
 * @throws UsageError for a name that is none
 */
export function parseToolsets(
  given: readonly string[],
  { toolsets }: KnownNames,
  flag: string,
): ReadonlySet<string> {
  return knownSet(flag, given, toolsets, "toolset");
}

function knownSet(
  flag: string,
  given: readonly string[],
  known: ReadonlySet<string>,
  kind: "tool" | "toolset" = "tool",
): ReadonlySet<string> {
  for (const name of given) {
    if (!known.has(name)) {
      throw new UsageError(
        `${flag}: no ${kind} is named "${name}".${didYouMean(name, known)} "quay-mcp tools" lists them.`,
      );
    }
  }
  return new Set(given);
}

/** Of the tools and toolsets that were chosen. */
const namesTold = 20;

/** Why a tool is not among those that the operator chose. */
export function selectionRefusal(
  tool: GuardedTool,
  { toolsets, tools, excluded }: Selection,
): string | undefined {
  if (excluded.has(tool.name) || excluded.has(tool.repeats ?? ""))
    return `${tool.name} is switched off on this server by --exclude-tools.`;
  const everything = toolsets.size === 0 && tools.size === 0;
  if (everything || toolsets.has(tool.toolset) || tools.has(tool.name)) return undefined;
  const chosen = [
    ...(toolsets.size === 0 ? [] : [`--toolsets ${firstNames([...toolsets], namesTold).join(",")}`]),
    ...(tools.size === 0 ? [] : [`--tools ${firstNames([...tools], namesTold).join(",")}`]),
  ];
  return `${tool.name} is not among the tools of this server (${listed(chosen)}). It takes --toolsets ${tool.toolset} or --tools ${tool.name} as well.`;
}

/**
 * Why a tool is not among those of some toolsets.
 *
 * @param by who said so
 */
export function toolsetRefusal(
  { name, toolset }: GuardedTool,
  toolsets: ReadonlySet<string>,
  by: string,
): string | undefined {
  if (toolsets.has(toolset)) return undefined;
  return `${name} belongs to the toolset ${toolset}, and ${by} allows only ${listed([...toolsets])}.`;
}
