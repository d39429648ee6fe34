import { UsageError } from "../errors.ts";
import type { Access } from "../operation.ts";
import { didYouMean } from "../words.ts";
import type { GuardedTool, KnownNames } from "./tool.ts";

/** Which level of access is allowed: for everything, and where a toolset or a tool has a level of its own. */
export interface AccessPolicy {
  readonly level: Access;
  readonly byName: ReadonlyMap<string, Access>;
}

const ranks: Record<Access, number> = { read: 0, write: 1, destructive: 2 };
const isAccess = (word: string): word is Access => Object.hasOwn(ranks, word);

/**
 * Reads `--allow`: a level, and levels for toolsets and tools (`read`, `tag=destructive`, `delete_repository=read`).
 *
 * @throws UsageError for a word that is no level, toolset or tool
 */
export function parseAccess(words: readonly string[], names: KnownNames): AccessPolicy {
  let level: Access | undefined;
  const byName = new Map<string, Access>();
  for (const word of words) {
    const [name = "", value, ...more] = word.split("=");
    const access = value ?? name;
    if (more.length > 0 || !isAccess(access)) {
      throw new UsageError(
        `--allow ${word}: "${access}" is no level of access.${didYouMean(access, Object.keys(ranks))} It takes read, write or destructive.`,
      );
    }
    if (value === undefined) {
      if (level !== undefined && level !== access)
        throw new UsageError(`--allow names two levels, ${level} and ${access}.`);
      level = access;
    } else if (names.tools.has(name) || names.toolsets.has(name)) {
      byName.set(name, access);
    } else {
      throw new UsageError(
        `--allow ${word}: no toolset or tool is named "${name}".${didYouMean(name, [...names.toolsets, ...names.tools])}`,
      );
    }
  }
  return { level: level ?? "read", byName };
}

/** The level that a call needs. What can be as grave as a destructive call counts as one. */
export function neededAccess(tool: GuardedTool): Access {
  return tool.escalates === undefined ? tool.access : "destructive";
}

/** The level allowed for one tool: its own before its toolset's before the general one. */
export function allowedAccess(tool: GuardedTool, policy: AccessPolicy): Access {
  return policy.byName.get(tool.name) ?? policy.byName.get(tool.toolset) ?? policy.level;
}

export function accessRefusal(tool: GuardedTool, policy: AccessPolicy): string | undefined {
  const needed = neededAccess(tool);
  const allowed = allowedAccess(tool, policy);
  if (ranks[needed] <= ranks[allowed]) return undefined;
  const why =
    tool.escalates === undefined
      ? needed
      : `a write that is as grave as a destructive call when ${tool.escalates}`;
  return `${tool.name} is ${why}, and this server allows ${allowed} for it. It takes --allow ${needed}, or --allow ${policy.level},${tool.name}=${needed} for this tool alone.`;
}
