import { UsageError } from "../errors.ts";
import { didYouMean, listed } from "../sentences/words.ts";
import type { GuardedTool, KnownNames } from "./tool.ts";

/** A choice for everything, and where a toolset or a tool has one of its own. */
export interface ByName<Choice extends string> {
  readonly general: Choice;
  readonly byName: ReadonlyMap<string, Choice>;
  readonly fromStrictest: readonly Choice[];
}

/** A setting of the form `general,toolset=choice,tool=choice`. */
export interface ByNameSetting<Choice extends string> {
  readonly flag: string;
  /** What a choice is called in a refusal, such as `level of access`. */
  readonly kind: string;
  readonly choices: readonly Choice[];
  /** The choices in another order: those first that let less happen. */
  readonly fromStrictest: readonly Choice[];
  readonly fallback: Choice;
}

/**
 * Reads a choice, and choices for toolsets and tools: `read`, `tag=destructive`, `delete_repository=read`.
 *
 * @throws UsageError for a word that is no choice, toolset or tool
 */
export function parseByName<Choice extends string>(
  words: readonly string[],
  { flag, kind, choices, fromStrictest, fallback }: ByNameSetting<Choice>,
  names: KnownNames,
): ByName<Choice> {
  let general: Choice | undefined;
  const byName = new Map<string, Choice>();
  for (const word of words) {
    const [name = "", value, ...more] = word.split("=");
    const given = value ?? name;
    const choice = choices.find((one) => one === given);
    if (more.length > 0 || choice === undefined) {
      throw new UsageError(
        `${flag} ${word}: "${given}" is no ${kind}.${didYouMean(given, choices)} It takes ${listed(choices, "or")}.`,
      );
    }
    if (value === undefined) {
      if (general !== undefined && general !== choice)
        throw new UsageError(`${flag} names two at once, ${general} and ${choice}.`);
      general = choice;
    } else if (names.tools.has(name) || names.toolsets.has(name)) {
      const before = byName.get(name);
      if (before !== undefined && before !== choice)
        throw new UsageError(`${flag} names two for ${name}, ${before} and ${choice}.`);
      byName.set(name, choice);
    } else {
      throw new UsageError(
        `${flag} ${word}: no toolset or tool is named "${name}".${didYouMean(name, [...names.toolsets, ...names.tools])}`,
      );
    }
  }
  return { general: general ?? fallback, byName, fromStrictest };
}

/**
 * The choice for one tool: its own before its toolset's before the general one. What the operator chose for the tool that
 * a task repeats can make the task stricter, and not looser: many at once are more than one.
 */
export function choiceFor<Choice extends string>(
  { name, toolset, repeats }: Pick<GuardedTool, "name" | "toolset" | "repeats">,
  { general, byName, fromStrictest }: ByName<Choice>,
): Choice {
  const own = byName.get(name);
  if (own !== undefined) return own;
  const choice = byName.get(toolset) ?? general;
  const repeated = repeats === undefined ? undefined : byName.get(repeats);
  return fromStrictest.find((each) => each === choice || each === repeated) ?? choice;
}
