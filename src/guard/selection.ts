import { UsageError } from "../errors.ts";
import { didYouMean, listed } from "../words.ts";
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
    toolsets: knownSet("--toolsets", settings.toolsets ?? [], names.toolsets),
    tools: knownSet("--tools", settings.tools ?? [], names.tools),
    excluded: knownSet("--exclude-tools", settings.excludeTools, names.tools),
  };
}

function knownSet(flag: string, given: readonly string[], known: ReadonlySet<string>): ReadonlySet<string> {
  for (const name of given) {
    if (!known.has(name)) {
      const kind = flag === "--toolsets" ? "toolset" : "tool";
      throw new UsageError(
        `${flag}: no ${kind} is named "${name}".${didYouMean(name, known)} "quay-mcp tools" lists them.`,
      );
    }
  }
  return new Set(given);
}

export function selectionRefusal(
  tool: GuardedTool,
  { toolsets, tools, excluded }: Selection,
): string | undefined {
  if (excluded.has(tool.name) || excluded.has(tool.repeats ?? ""))
    return `${tool.name} is switched off on this server by --exclude-tools.`;
  const everything = toolsets.size === 0 && tools.size === 0;
  if (everything || toolsets.has(tool.toolset) || tools.has(tool.name)) return undefined;
  const chosen = [
    ...(toolsets.size === 0 ? [] : [`--toolsets ${[...toolsets].join(",")}`]),
    ...(tools.size === 0 ? [] : [`--tools ${[...tools].join(",")}`]),
  ];
  return `${tool.name} is not among the tools of this server (${listed(chosen)}). It takes --toolsets ${tool.toolset} or --tools ${tool.name} as well.`;
}
