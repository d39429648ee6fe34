import { UsageError } from "../errors.ts";
import type { Callable, CallableTool } from "../operation.ts";
import { quote } from "../sentences/cite.ts";
import { firstNames, listed } from "../sentences/words.ts";
import type { Given } from "../targets/target.ts";
import { namespaceOf, repositoryOf, robotNamespaceOf } from "./names.ts";
import { confines, confiningArguments, type Named, namedBy, valueAt } from "./naming.ts";
import { compilePattern } from "./patterns.ts";
import type { ConfinableTool } from "./tool.ts";

/** The namespaces that calls may touch. */
export interface Fence {
  readonly words: readonly string[];
  readonly patterns: readonly RegExp[];
  /** Who set it, where it is not this server's own. */
  readonly by?: string;
}

/** Quay's names end there, and a pattern of any length could not be compiled. */
const longestName = 255;

/**
 * Reads `--namespaces`: names of organizations and users, in which `*` stands for any characters.
 *
 * @throws UsageError for a word that no namespace could match
 */
export function parseFence(words: readonly string[], flag = "--namespaces"): Fence {
  for (const word of words) {
    if (word.length > longestName)
      throw new UsageError(`${flag}: no namespace has a name of more than ${longestName} characters.`);
    if (!/^[A-Za-z0-9._*-]+$/.test(word)) {
      const instead = word.includes("/") ? ", without a repository: --protect takes those" : "";
      throw new UsageError(
        `${flag} ${word}: it takes names of organizations or users, such as acme or dev-*${instead}.`,
      );
    }
  }
  return { words, patterns: words.map(compilePattern) };
}

/** Reads that belong to no namespace and tell nothing of any. */
const catalogueReads: ReadonlySet<string> = new Set(["get_api_discovery", "get_error_description"]);

/** Arguments with which a call leaves the namespace that it names: Quay then lists from everywhere. */
const unconfining: Readonly<Record<string, string>> = { list_repositories: "starred" };

/** How calls of a tool stay inside the fence: by these arguments, as a read that is allowed anyway, or not at all. */
export type Confinement = readonly string[] | "catalogue" | "never";

/** How calls of a tool stay inside a fence, whatever fence it is. */
export function confinementOf(tool: Callable): Confinement {
  if (catalogueReads.has(tool.name)) return "catalogue";
  const by = confiningArguments(tool);
  return by.length === 0 ? "never" : by;
}

const guarded = new WeakMap<CallableTool, ConfinableTool>();

/** What the guard knows of a tool, made from the whole of it, once. */
export function guardedTool(tool: CallableTool): ConfinableTool {
  let known = guarded.get(tool);
  if (known === undefined) {
    known = factsOf(tool);
    guarded.set(tool, known);
  }
  return known;
}

function factsOf(tool: CallableTool): ConfinableTool {
  const { name, toolset, access, scopes, yieldsCredential, repeats } = tool;
  return {
    name,
    toolset,
    access,
    scopes,
    ...(yieldsCredential === undefined ? {} : { yieldsCredential }),
    ...(repeats === undefined ? {} : { repeats }),
    confinable: confinementOf(tool) !== "never",
  };
}

/** Of the words that make a fence. */
const wordsTold = 20;

/** Why no call of this tool could pass the fence, whatever its arguments are. */
export function confinementRefusal(
  { name, confinable }: Pick<ConfinableTool, "name" | "confinable">,
  fence: Fence | undefined,
): string | undefined {
  if (fence === undefined || confinable) return undefined;
  return `${name} cannot be confined to a namespace, and ${boundsOf(fence)}.`;
}

function boundsOf({ words, by }: Fence): string {
  const names = firstNames(words, wordsTold).join(",");
  return by === undefined
    ? `this server is confined to --namespaces ${names}`
    : `${by} allows only the namespaces ${names}`;
}

/** Whether a namespace, in lower case, lies inside. */
export function isInside(namespace: string, { patterns }: Fence): boolean {
  return patterns.some((pattern) => pattern.test(namespace));
}

/**
 * Why the fence keeps this call back: it names something outside, or nothing that would keep it inside.
 *
 * @param given the arguments as the assistant wrote them, after they were checked
 */
export function fenceRefusal(tool: Callable, given: Given, fence: Fence | undefined): string | undefined {
  if (fence === undefined) return undefined;
  const confinement = confinementOf(tool);
  if (confinement === "catalogue") return undefined;
  if (confinement === "never") return confinementRefusal({ name: tool.name, confinable: false }, fence);
  const bounds = boundsOf(fence);
  const named = namedBy(tool.name, given);
  for (const each of named) {
    const problem = problemWith(each, fence);
    if (problem !== undefined) return `${each.argument} ${problem}, and ${bounds}.`;
  }
  if (!named.some(({ naming }) => confines(naming))) {
    return `${tool.name} reaches every namespace without ${listed(confinement, "or")}, and ${bounds}.`;
  }
  const leaving = unconfining[tool.name];
  if (leaving !== undefined && valueAt(given, leaving) === true) {
    return `${tool.name} with ${leaving} reaches every namespace, and ${bounds}.`;
  }
  return undefined;
}

function problemWith(named: Named, fence: Fence): string | undefined {
  const namespace = namespaceIn(named);
  if (namespace === "none") return undefined;
  const shown = quote(named.value, 100);
  if (namespace === undefined) return `${shown} is no name that Quay allows`;
  return isInside(namespace, fence) ? undefined : `${shown} is outside`;
}

/** The namespace that a value names, `none` for a plain user's name, undefined where Quay's grammar refuses it. */
function namespaceIn({ value, naming }: Named): string | "none" | undefined {
  switch (naming) {
    case "namespace":
      return namespaceOf(value);
    case "repository":
      return repositoryOf(value)?.namespace;
    case "robot":
      return robotNamespaceOf(value);
    case "account":
      if (value.includes("+")) return robotNamespaceOf(value);
      return namespaceOf(value) === undefined ? undefined : "none";
  }
}
