import type { Operation } from "../operation.ts";
import { everywhere, keptAsTheyAre, maps, type Noise, ofOperation } from "./noise.ts";
import { putField } from "./put-field.ts";
import type { Redacted } from "./redact.ts";
import { inUtc } from "./times.ts";

declare const compactedBrand: unique symbol;

/** A redacted value without noise, its times in UTC. Only `compact` makes one. */
export interface Compacted extends Redacted {
  readonly [compactedBrand]: true;
}

/** Whether a field leaves, told by its value and what stands beside it. */
type Rule = (value: unknown, beside: Readonly<Record<string, unknown>>) => boolean;
/** By field, and then by the object's name. */
type Rules = ReadonlyMap<string, ReadonlyMap<string, Rule>>;

/** Stands for the name of any object. */
const anyParent = "*";

const general = rulesOf(everywhere);
const special = new Map(Object.entries(ofOperation).map(([id, noise]) => [id, rulesOf(noise)]));
const none: Rules = new Map();

/** Takes the noise out of an answer. What an administrator would act on, and whatever identifies a thing, stays. */
export function compact(body: Redacted, { operationId }: Pick<Operation, "operationId">): Compacted {
  const own = special.get(operationId) ?? none;
  const { zeros = {} } = ofOperation[operationId] ?? {};
  return { value: compacted(body.value, { field: "", named: false }, { own, zeros }) } as Compacted;
}

/** An answer that this server put together itself, of what matters alone. */
export const compactAlready = (body: Redacted) => body as Compacted;

/** Where a value stands. */
interface Place {
  /** Its name; of a list's element the list's. */
  readonly field: string;
  /** The name was given by people: it is the key of a map. */
  readonly named: boolean;
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
    const inside: Place = { ...place, element: true };
    return kept.map((inner) => compacted(inner, inside, particular));
  }
  if (keptAsTheyAre.has(field) && !named) return value;
  const isMap = maps.has(field) && !named && !element;
  const fields = withTimesInUtc(value as Fields);
  const kept = {};
  for (const key of Object.keys(fields)) {
    const inner = fields[key];
    const repeatsItsKey = named && key === "name" && inner === field;
    if (!isMap && (repeatsItsKey || leaves(key, inner, fields, field, particular.own))) continue;
    putField(kept, key, compacted(inner, { field: key, named: isMap }, particular));
  }
  return kept;
}

type Fields = Readonly<Record<string, unknown>>;

function withTimesInUtc(fields: Fields): Fields {
  const inTime = { ...fields };
  for (const key of Object.keys(fields)) {
    const value = inUtc(key, fields[key], fields);
    if (value !== fields[key]) inTime[key] = value;
  }
  return inTime;
}

function leaves(key: string, value: unknown, beside: Fields, parent: string, own: Rules): boolean {
  const rule = ruleFor(own.get(key), parent) ?? ruleFor(general.get(key), parent);
  return rule?.(value, beside) ?? false;
}

function ruleFor(rules: ReadonlyMap<string, Rule> | undefined, parent: string): Rule | undefined {
  return rules?.get(parent) ?? rules?.get(anyParent);
}

function rulesOf({
  always = [],
  whenEmpty = [],
  whenUsual = {},
  repeats = {},
  restates = {},
  keeps = [],
}: Noise): Rules {
  const rules = new Map<string, Map<string, Rule>>();
  const add = (place: string, rule: Rule) => {
    const [field = "", parent = anyParent] = place.split(".").reverse();
    const ofField = rules.get(field) ?? new Map<string, Rule>();
    rules.set(field, ofField);
    const earlier = ofField.get(parent);
    ofField.set(
      parent,
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
