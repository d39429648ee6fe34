/** Whether a write is as grave as a destructive call, by its arguments and what it would change. */
import { argumentShape } from "../arguments.ts";
import type { Condition, Tool } from "../operation.ts";
import { bytesOfSize } from "../quay/size.ts";
import { quoteValue } from "../sentences/cite.ts";
import { firstNames } from "../sentences/words.ts";
import type { Given, TargetState } from "../targets/target.ts";
import { egressAt, egressInWords } from "./egress.ts";
import { valueAt } from "./naming.ts";

/** What the conditions of one call look at. */
interface Facts {
  readonly tool: Tool;
  /** The arguments, and what Quay takes for the ones that are left out. */
  readonly given: Given;
  readonly state: TargetState;
  readonly hosts: readonly string[];
}

/**
 * What makes this call as grave as a destructive one, as a sentence; undefined where nothing does. State that a
 * condition needs and that could not be read counts as grave.
 *
 * @param given the arguments as the assistant wrote them, after they were checked
 * @param hosts where data may be sent, from `parseHosts`
 */
export function escalationOf(
  tool: Tool,
  given: Given,
  state: TargetState,
  hosts: readonly string[],
): string | undefined {
  if (tool.escalates === undefined) return undefined;
  const { when, if: conditions } = tool.escalates;
  if (conditions.length === 0) return `it cannot be told whether ${when}.`;
  const facts = { tool, given: withDefaults(tool, given), state, hosts };
  const reasons = new Set(conditions.flatMap((condition) => reasonFor(condition, facts) ?? []));
  return reasons.size === 0 ? undefined : `${[...reasons].join("; ")}.`;
}

function withDefaults(tool: Tool, given: Given): Given {
  const filled: Record<string, unknown> = { ...given };
  for (const [name, schema] of Object.entries(argumentShape(tool))) {
    if (filled[name] !== undefined) continue;
    const parsed = schema.safeParse(undefined);
    if (parsed.success && parsed.data !== undefined) filled[name] = parsed.data;
  }
  return filled;
}

/** In which way a condition holds; undefined where it does not. */
function reasonFor(condition: Condition, facts: Facts): string | undefined {
  if (!applies(condition, facts.given)) return undefined;
  const path = neededPath(condition);
  const unread = path === undefined ? undefined : unreadAt(path, facts.state);
  if (unread !== undefined) return unread;
  if ("omitted" in condition) return omitted(condition, facts);
  if (!("argument" in condition)) return isNow(condition, facts);
  if ("newHost" in condition) return newHost(condition, facts);
  if ("differs" in condition) return differs(condition, facts);
  if ("falls" in condition) return falls(condition, facts);
  if ("among" in condition) return among(condition, facts);
  return "given" in condition ? `${condition.argument} is given` : isGiven(condition, facts);
}

/** Whether the arguments leave it open that a condition holds. What is left out can still be among what is there. */
function applies(condition: Condition, given: Given): boolean {
  if ("omitted" in condition) return valueAt(given, condition.omitted) === undefined;
  if (!("argument" in condition) || "among" in condition) return true;
  const value = valueAt(given, condition.argument);
  if ("is" in condition) return isEqual(value, condition.is);
  return value !== undefined && !("except" in condition && isEqual(value, condition.except));
}

/** What a condition must know of the target. A new host must not be known: it is new unless the one in use is. */
function neededPath(condition: Condition): string | undefined {
  if ("differs" in condition) return condition.differs;
  if ("falls" in condition) return condition.falls;
  if ("among" in condition) return condition.among;
  return "newHost" in condition || !("now" in condition) ? undefined : condition.now;
}

/** That the target's state holds nothing at a path, and may do so only because it was not read. */
function unreadAt(path: string, { now, exists, unread }: TargetState): string | undefined {
  if (valueAt(now, path) !== undefined || (exists !== undefined && unread.length === 0)) return undefined;
  const why = unread.map((sentence) => sentence.replace(/\.$/, "")).join(", ");
  return `what it would change could not be read${why === "" ? "" : ` (${why})`}`;
}

/** Of a list that an argument names. */
const itemsTold = 10;

type With<Key extends string> = Extract<Condition, Readonly<Record<Key, unknown>>>;
type IsGiven = Extract<With<"argument">, With<"is">>;
type IsNow = Exclude<With<"is">, { readonly argument: string }>;

function isGiven({ argument, is, now }: IsGiven, { state }: Facts): string | undefined {
  const current = valueAt(state.now, now ?? argument);
  if (isEmpty(current)) return `${argument} is ${quoteValue(is)}`;
  if (!isEqual(current, is)) return `${argument} is ${quoteValue(is)} instead of ${quoteValue(current)}`;
  return now === undefined ? `${argument} is ${quoteValue(is)}, as before` : undefined;
}

function isNow({ now, is }: IsNow, { state }: Facts): string | undefined {
  return isEqual(valueAt(state.now, now), is) ? `${now} is ${quoteValue(is)} now` : undefined;
}

function omitted({ omitted: argument, now }: With<"omitted">, { state }: Facts): string | undefined {
  const current = valueAt(state.now, now);
  return isEmpty(current) ? undefined : `${argument} is left out, which empties ${quoteValue(current)}`;
}

function among({ argument, among: now }: With<"among">, { given, state }: Facts): string | undefined {
  const current = valueAt(state.now, now);
  const there = isEmpty(current) ? [] : [current].flat();
  const value = valueAt(given, argument);
  if (value === undefined) {
    return there.length === 0 ? undefined : `${argument} is left out, and may then be one of those in use`;
  }
  const hit = [value].flat().filter((item) => there.some((each) => isEqual(item, each)));
  return hit.length === 0
    ? undefined
    : `${argument} names what is there already: ${firstNames(hit.map(quoteValue), itemsTold).join(", ")}`;
}

function newHost({ argument, now }: With<"newHost">, { given, state, hosts }: Facts): string | undefined {
  const egress = egressAt(argument, given, state.now, now, hosts);
  return egress?.isNew ? egressInWords(egress) : undefined;
}

function differs({ argument, differs: now }: With<"differs">, { tool, given, state }: Facts) {
  const [current, value] = [valueAt(state.now, now), valueAt(given, argument)];
  if (isEmpty(current) || isEqual(value, current)) return undefined;
  return tool.secretArguments?.includes(argument)
    ? `${argument} changes`
    : `${argument} changes from ${quoteValue(current)} to ${quoteValue(value)}`;
}

function falls({ argument, falls: now, order }: With<"falls">, { given, state }: Facts): string | undefined {
  const [current, value] = [valueAt(state.now, now), valueAt(given, argument)];
  if (isEmpty(current)) return undefined;
  const [before, after] = [amount(current, order), amount(value, order)];
  if (before === undefined || after === undefined) {
    return `${argument} ${quoteValue(value)} cannot be compared with ${quoteValue(current)}`;
  }
  return after < before ? `${argument} falls from ${quoteValue(current)} to ${quoteValue(value)}` : undefined;
}

/** A number to compare: the place in an order, a number, or the bytes of a size. */
function amount(value: unknown, order: readonly string[] | undefined): number | undefined {
  if (order !== undefined) {
    const place = order.indexOf(String(value));
    return place === -1 ? undefined : place;
  }
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  return typeof value === "string" ? bytesOfSize(value) : undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
