/** Parts of a JSON value by JMESPath, for answers that are read piece by piece. */
import type { compile } from "@jmespath-community/jmespath";

/** An expression that is none, or whose result could be larger than memory. Its message is a sentence for the assistant. */
export class SelectError extends Error {
  override readonly name = "SelectError";
}

type Node = ReturnType<typeof compile>;

const longestExpression = 1000;

/** They look back at whole values from inside of lists, so that a result may be as large as the square of the answer. */
const refusedNodes: ReadonlySet<string> = new Set(["Root", "Variable", "LetExpression"]);

/** They write as much as they are told. */
const refusedFunctions: ReadonlySet<string> = new Set(["pad_left", "pad_right", "replace"]);

/** So many times larger than the answer a result may be. */
const largestGrowth = 500;

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
  const reason = refusal(node);
  if (reason !== undefined) throw new SelectError(`select "${expression}" was not evaluated: ${reason}`);
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

function refusal(expression: Node): string | undefined {
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
  return growth > largestGrowth ? "its result could be many times as large as the answer." : undefined;
}

/** How many times a node's result may hold what it is applied to. */
function growthOf(node: Node): number {
  if (node.type === "MultiSelectList" || node.type === "MultiSelectHash")
    return Math.max(1, node.children.filter((child) => !isField(child)).length);
  // JSON in JSON doubles its backslashes each time.
  if (node.type === "Function")
    return node.name === "to_string"
      ? 4
      : node.name === "zip" || node.name === "merge"
        ? node.children.length
        : 1;
  return 1;
}

/** `{who: performer.name}`: fields of one object are together no larger than it, however many. */
function isField(child: { readonly type: string; readonly value?: unknown }): boolean {
  const node = (child.type === "KeyValuePair" ? child.value : child) as Node;
  if (node.type === "Subexpression") return isField(node.left) && isField(node.right);
  return node.type === "Field" || node.type === "Literal";
}

function nodesOf(node: unknown): Node[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(nodesOf);
  return typeof (node as { type?: unknown }).type === "string" ? [node as Node, ...below] : below;
}
