/** Parts of a JSON value by JMESPath, for answers that are read piece by piece. */
import type { compile } from "@jmespath-community/jmespath";
import { SelectError } from "../errors.ts";

type Node = ReturnType<typeof compile>;

const longestExpression = 1000;

/** They look back at whole values from inside of lists, so that a result may be as large as the square of the answer. */
const refusedNodes: ReadonlySet<string> = new Set(["Root", "Variable", "LetExpression"]);

/** They write as much as they are told. */
const refusedFunctions: ReadonlySet<string> = new Set(["pad_left", "pad_right", "replace"]);

/** So many times larger than the answer a result may be. */
const largestGrowth = 500;

/** Steps times bytes: a second or two, in which a server answers nobody else. */
const mostWork = 2 ** 30;

/** What they answer is small, whatever they are given. */
const smallFunctions: ReadonlySet<string> = new Set([
  "avg",
  "contains",
  "length",
  "max",
  "min",
  "sum",
  "type",
]);

/**
 * Evaluates a JMESPath expression. The library is loaded with the first one.
 *
 * @throws SelectError
 */
export async function select(value: unknown, expression: string): Promise<unknown> {
  if (expression.length > longestExpression)
    throw new SelectError(`select has more than ${longestExpression} characters.`);
  const { compile, TreeInterpreter } = await import("@jmespath-community/jmespath");
  const node = inWords(expression, () => compile(expression));
  const reason = refusal(node, value);
  if (reason !== undefined)
    throw new SelectError(`select ${JSON.stringify(expression)} was not evaluated: ${reason}`);
  return inWords(expression, () => TreeInterpreter.search(node, value as never) as unknown);
}

function inWords<Result>(expression: string, evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (cause) {
    const [message = "it cannot be evaluated"] = cause instanceof Error ? cause.message.split("\n") : [];
    throw new SelectError(`select ${JSON.stringify(expression)}: ${message}`, { cause });
  }
}

function refusal(expression: Node, value: unknown): string | undefined {
  const nodes = nodesOf(expression);
  const refused = nodes.find(({ type }) => refusedNodes.has(type));
  if (refused !== undefined) return '"$" and "let" are not available here.';
  for (const node of nodes) {
    if (node.type !== "Function") continue;
    if (refusedFunctions.has(node.name)) return `the function ${node.name} is not available here.`;
    if (node.name === "join" && node.children[0]?.type !== "Literal")
      return "the first argument of join must be a text.";
  }
  const growth = nodes.map(growthOf).reduce((product, factor) => product * factor, 1);
  if (growth > largestGrowth) return "its result could be many times as large as the answer.";
  const work = nodes.length * growth * JSON.stringify(value).length;
  return work > mostWork
    ? "it would take too long on an answer of this size. Select fewer things at a time."
    : undefined;
}

/** How many times a node's result may hold what it is applied to. */
function growthOf(node: Node): number {
  if (node.type === "MultiSelectList" || node.type === "MultiSelectHash")
    return Math.max(1, node.children.filter((child) => !isSmall(child)).length);
  return node.type === "Function" ? growthOfFunction(node.name, node.children) : 1;
}

function growthOfFunction(name: string, [first, ...rest]: readonly Node[]): number {
  // JSON in JSON doubles its backslashes each time.
  if (name === "to_string") return 4;
  // Each character may become an element.
  if (name === "split") return 32;
  if (name === "zip" || name === "merge") return rest.length + 1;
  // Between texts that may be as short as `"",`.
  if (name === "join" && first?.type === "Literal") return 1 + String(first.value).length / 3;
  return 1;
}

/** `{who: performer.name}`: fields of one object are together no larger than it, however many. */
function isSmall(child: { readonly type: string; readonly value?: unknown }): boolean {
  const node = (child.type === "KeyValuePair" ? child.value : child) as Node;
  if (node.type === "Subexpression") return isSmall(node.left) && isSmall(node.right);
  if (node.type === "Pipe") return isSmall(node.right);
  if (node.type === "Function") return smallFunctions.has(node.name);
  return node.type === "Field" || node.type === "Literal";
}

function nodesOf(node: unknown): Node[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(nodesOf);
  return typeof (node as { type?: unknown }).type === "string" ? [node as Node, ...below] : below;
}
