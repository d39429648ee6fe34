import { catalogue } from "../../tools/index.ts";
import { argumentSchema } from "../arguments.ts";
import type { Operation, Undo } from "../operation.ts";
import { scrubbedText } from "../quay/scrub.ts";
import { redactedText } from "../secrets/text.ts";
import type { Given } from "../targets/target.ts";
import { valueAt } from "./naming.ts";

/** The call that takes a call back, or why there is none, as a sentence. */
export type TakingBack = { readonly tool: string; readonly arguments: Given } | { readonly none: string };

/** What the references of an undo point into. */
interface Sources {
  readonly given: Given;
  readonly now: Given;
  /** Undefined as long as the call was not sent. */
  readonly answer: unknown;
}

const nothingKnown = "How it was before could not be read.";

const tools = new Map(catalogue.map((tool) => [tool.name, tool]));

/**
 * How a call can be taken back.
 *
 * @param now the state of the target before the call
 * @param answer what Quay answered to it; undefined before it was sent, when arguments that only the answer will tell are
 *   named in parentheses
 * @returns undefined for a call that only reads
 */
export function undoOf(
  { undo }: Pick<Operation, "undo">,
  given: Given,
  now: Given,
  answer: unknown,
): TakingBack | undefined {
  if (undo === undefined) return undefined;
  for (const way of typeof undo === "string" ? [undo] : undo) {
    if (typeof way === "string") return { none: way };
    const resolved = resolve(way, { given, now, answer });
    if (resolved !== undefined) return { tool: way.tool, arguments: resolved };
  }
  return { none: nothingKnown };
}

/** The arguments of an undo; undefined where one of them has no value, or they are none that the tool takes. */
function resolve(undo: Undo, sources: Sources): Given | undefined {
  const { given, now } = sources;
  const restored = (undo.restores ?? []).filter((name) => given[name] !== undefined);
  const entries = [
    ...Object.entries(undo.with).map(([name, reference]) => [name, valueFor(reference, sources)] as const),
    ...restored.map((name) => [name, visible(now[name])] as const),
  ];
  const conditions = (undo.when ?? []).map((reference) => valueFor(reference, sources));
  if ([...entries.map(([, value]) => value), ...conditions].some((value) => value === undefined))
    return undefined;
  const values = Object.fromEntries(entries);
  const tool = tools.get(undo.tool);
  return tool !== undefined && argumentSchema(tool).safeParse(values).success ? values : undefined;
}

/** The value of a reference, or the literal that it is instead. */
function valueFor(reference: unknown, { given, now, answer }: Sources): unknown {
  const [, source, path = ""] =
    typeof reference === "string" ? (/^(given|now|answer)\.(.+)$/.exec(reference) ?? []) : [];
  if (source === undefined) return reference;
  if (source === "answer" && answer === undefined)
    return `${path.replace(/\W/g, "_").toUpperCase()}_IN_THE_ANSWER`;
  return visible(valueAt(source === "given" ? given : source === "now" ? now : answer, path));
}

/** A credential was replaced in what was read: with that, nothing can be brought back. */
function visible(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  return text.includes(redactedText) || text.includes(scrubbedText) ? undefined : value;
}
