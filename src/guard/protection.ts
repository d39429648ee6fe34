import { UsageError } from "../errors.ts";
import type { Callable } from "../operation.ts";
import { quote } from "../sentences/cite.ts";
import { firstNames } from "../sentences/words.ts";
import type { Given } from "../targets/target.ts";
import { namespaceOf, type RepositoryName, repositoryOf } from "./names.ts";
import { type Named, namedBy } from "./naming.ts";
import { compilePattern } from "./patterns.ts";

/** The repositories that this server only reads. */
export interface Protection {
  readonly words: readonly string[];
  readonly patterns: readonly ProtectedPattern[];
}

interface ProtectedPattern {
  readonly namespace: RegExp;
  readonly name: RegExp;
}

/**
 * Reads `--protect`: repositories as `namespace/name`, in which `*` stands for any characters.
 *
 * @throws UsageError for a word that no repository could match
 */
export function parseProtection(words: readonly string[]): Protection {
  return { words, patterns: words.map(parsePattern) };
}

function parsePattern(word: string): ProtectedPattern {
  const [, namespace, name] =
    /^([A-Za-z0-9._*-]+)\/([A-Za-z0-9._*-]+(?:\/[A-Za-z0-9._*-]+)*)$/.exec(word) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new UsageError(`--protect ${word}: it takes repositories, such as acme/prod-* or acme/*.`);
  }
  return { namespace: compilePattern(namespace), name: compilePattern(name) };
}

/** Of the patterns that protect. */
const wordsTold = 20;

/**
 * Why protection keeps this call back: it writes to a protected repository, or to a namespace in which one may lie in
 * a way that reaches every repository there.
 *
 * @param given the arguments as the assistant wrote them, after they were checked
 */
export function protectionRefusal(
  tool: Callable,
  given: Given,
  protection: Protection | undefined,
): string | undefined {
  if (protection === undefined || tool.access === "read") return undefined;
  const named = namedBy(tool.name, given);
  const why = `--protect ${firstNames(protection.words, wordsTold).join(",")} makes repositories read-only`;
  for (const { argument, value, naming } of named) {
    if (naming !== "repository") continue;
    const repository = repositoryOf(value);
    const shown = quote(value, 100);
    if (repository === undefined) return `${argument} ${shown} is no name that Quay allows, and ${why}.`;
    if (isProtected(repository, protection)) return `${tool.name} would change ${shown}: ${why}.`;
  }
  return reaches(tool, given) ? reachRefusal(tool, named, protection, why) : undefined;
}

function reaches({ reachesRepositories = [] }: Callable, given: Given): boolean {
  if (reachesRepositories === true) return true;
  return reachesRepositories.some((entry) => {
    const [argument = "", value] = entry.split("=");
    if (value === undefined) return given[argument] !== undefined;
    return String(given[argument]).trim().toLowerCase() === value;
  });
}

/**
 * Also what is called after a protected repository and a further slash: to a Quay that has a route which is not known
 * here, `acme/prod/x` can be a part of `acme/prod`.
 */
function isProtected({ namespace, name }: RepositoryName, { patterns }: Protection): boolean {
  const segments = name.split("/");
  const names = segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  return patterns.some(
    (pattern) => pattern.namespace.test(namespace) && names.some((each) => pattern.name.test(each)),
  );
}

/** A call that names no namespace reaches the caller's own, of which the guard does not know the name. */
function reachRefusal(
  tool: Callable,
  named: readonly Named[],
  { patterns }: Protection,
  why: string,
): string | undefined {
  const namespaces = named.filter(({ naming }) => naming === "namespace");
  if (namespaces.length === 0) {
    return `${tool.name} reaches every repository of your account, where protected ones may lie: ${why}.`;
  }
  for (const { argument, value } of namespaces) {
    const namespace = namespaceOf(value);
    const shown = quote(value, 100);
    if (namespace === undefined) return `${argument} ${shown} is no name that Quay allows, and ${why}.`;
    if (patterns.some((pattern) => pattern.namespace.test(namespace))) {
      return `${tool.name} reaches every repository of ${shown}, where protected ones may lie: ${why}.`;
    }
  }
  return undefined;
}
