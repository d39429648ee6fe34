import type { Operation } from "../operation.ts";
import { everywhere, keptAsTheyAre, maps, type Noise, ofOperation } from "./noise.ts";
import type { Redacted } from "./redact.ts";
import { inUtc } from "./times.ts";

declare const compactedBrand: unique symbol;

/** A redacted value without noise, its times in UTC. Only `compact` makes one. */
export interface Compacted extends Redacted {
  readonly [compactedBrand]: true;
}

/** Whether a field leaves, told by its value and what stands beside it. */
type Rule = (value: unknown, beside: Readonly<Record<string, unknown>>) => boolean;
type Rules = ReadonlyMap<string, Rule>;

const general = rulesOf(everywhere);
const special = new Map(Object.entries(ofOperation).map(([id, noise]) => [id, rulesOf(noise)]));
const none: Rules = new Map();

/** Takes the noise out of an answer. What an administrator would act on, and whatever identifies a thing, stays. */
export function compact(body: Redacted, { operationId }: Pick<Operation, "operationId">): Compacted {
  const own = special.get(operationId) ?? none;
  const { zeros = {} } = ofOperation[operationId] ?? {};
  return { value: compacted(body.value, { field: "" }, { own, zeros }) } as Compacted;
}

/** Where a value stands. */
interface Place {
  /** Its name; of a list's element the list's. */
  readonly field: string;
  /** The name was given by people: it is the key of a map. */
  readonly named?: true;
  readonly element?: true;
}

/** What is particular to one operation. */
interface Particular {
  readonly own: Rules;
  readonly zeros: Readonly<Record<string, string>>;
}

function compacted(value: unknown, place: Place, particular: Particular): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { field, named, element } = place;
  if (Array.isArray(value)) {
    const counted = named ? undefined : particular.zeros[field];
    const kept = counted === undefined ? value : value.filter((inner) => (inner as Fields)?.[counted] !== 0);
    return kept.map((inner) => compacted(inner, { ...place, element: true }, particular));
  }
  if (keptAsTheyAre.has(field) && !named) return value;
  const isMap = maps.has(field) && !named && !element;
  const fields = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inUtc(key, inner, value as Fields)]),
  );
  const repeatsItsKey = (key: string, inner: unknown) => named && key === "name" && inner === field;
  const kept = Object.entries(fields).filter(
    ([key, inner]) =>
      isMap || !(repeatsItsKey(key, inner) || leaves(key, inner, fields, field, particular.own)),
  );
  const below = isMap ? { named: true as const } : {};
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, compacted(inner, { field: key, ...below }, particular)]),
  );
}

type Fields = Readonly<Record<string, unknown>>;

function leaves(key: string, value: unknown, beside: Fields, parent: string, own: Rules): boolean {
  const inParent = `${parent}.${key}`;
  const rule = own.get(inParent) ?? own.get(key) ?? general.get(inParent) ?? general.get(key);
  return rule?.(value, beside) ?? false;
}

function rulesOf({
  always = [],
  whenEmpty = [],
  whenUsual = {},
  repeats = {},
  restates = {},
  keeps = [],
}: Noise): Rules {
  const rules = new Map<string, Rule>();
  const add = (field: string, rule: Rule) => {
    const earlier = rules.get(field);
    rules.set(
      field,
      earlier === undefined ? rule : (value, beside) => earlier(value, beside) || rule(value, beside),
    );
  };
  for (const field of keeps) add(field, () => false);
  for (const field of always) add(field, () => true);
  for (const field of whenEmpty) add(field, isEmpty);
  for (const [field, usual] of Object.entries(whenUsual)) add(field, (value) => value === usual);
  for (const [field, other] of Object.entries(repeats))
    add(field, (value, beside) => value === beside[other]);
  for (const [field, other] of Object.entries(restates))
    add(field, (_value, beside) => beside[other] !== undefined);
  return rules;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
