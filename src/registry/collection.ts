/**
 * Ordinary collections: things that hang on an organization, a repository, a user or the registry, and are listed, shown,
 * made, changed and deleted. What is particular to one is described as data; this is the rest.
 */
import { type Answer, empty, json, notFound, refuse } from "./answers.ts";
import {
  type Call,
  type Handler,
  type Handlers,
  organizationOf,
  param,
  repositoryOf,
  userOf,
} from "./call.ts";
import { record } from "./log.ts";
import { type Item, itemsOf, type Namespace, type Owner, type Repository } from "./state.ts";

type Deed = "create" | "update" | "delete";

/** What is particular to a collection. Whatever is left out is as most collections have it. */
export interface Collection {
  /** What it is kept under with its owner. */
  readonly name: string;
  /** The placeholder of a path that names one item. */
  readonly parameter: string;
  /** The field of an item that the placeholder is compared with. */
  readonly key: string;
  /** A new item from the call's body; may refuse. */
  readonly make?: (call: Call, items: ReadonlyMap<string, Item>) => Item;
  /** Changes an item by the call's body; may refuse. */
  readonly change?: (item: Item, call: Call, items: ReadonlyMap<string, Item>) => void;
  /** Refuses a deletion, or clears up after one. */
  readonly beforeDelete?: (item: Item, call: Call) => void;
  /** How an item is shown; as it is kept, unless said otherwise. */
  readonly view?: (item: Item, call: Call) => unknown;
  /** The answer with all of them; under the collection's name, unless said otherwise. */
  readonly list?: (views: readonly unknown[], call: Call) => unknown;
  /** Where an item is not there: 404, unless said otherwise. */
  readonly missing?: (call: Call) => Answer;
  /** The answers to writes: 201 with the item, 200 with the item, and an empty 204, unless said otherwise. */
  readonly created?: (item: Item, call: Call) => Answer;
  readonly updated?: (item: Item, call: Call) => Answer;
  readonly deleted?: (item: Item, call: Call) => Answer;
  /** The kinds of the log entries of writes, and what these say. */
  readonly logs?: Partial<Record<Deed, string>>;
  readonly logged?: (item: Item, call: Call, deed: Deed) => Item;
}

/** The operations on a collection, by operationId, and whose it is. */
export interface CollectionOperations {
  readonly of: (call: Call) => Owner;
  readonly list?: string;
  readonly get?: string;
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
}

/** Owners, for `of`. */
export const ofOrganization = (call: Call): Namespace => organizationOf(call);
export const ofRepository = (call: Call): Repository => repositoryOf(call);
export const ofCaller = (call: Call): Namespace => userOf(call);
export const ofRegistry = (call: Call): Owner => call.state;

/** The handlers of a collection; the same one can be reached by several families of paths. */
export function collection(described: Collection, ...families: readonly CollectionOperations[]): Handlers {
  const view = (item: Item, call: Call) => described.view?.(item, call) ?? item;
  const log = (deed: Deed, item: Item, call: Call, owner: Owner) => {
    const kind = described.logs?.[deed];
    if (kind === undefined) return;
    const { namespace, repository } = placeOf(owner);
    const where = repository === null ? {} : { repo: repository, namespace };
    record(call, kind, namespace, { ...where, ...described.logged?.(item, call, deed) }, repository);
  };

  const handlers = ({ of, ...operations }: CollectionOperations) => {
    const find = (call: Call): Item =>
      itemsOf(of(call), described.name).get(param(call, described.parameter)) ??
      refuse((described.missing ?? notFound)(call));
    const made: Record<keyof typeof operations, Handler> = {
      list(call) {
        const views = [...itemsOf(of(call), described.name).values()].map((item) => view(item, call));
        return json(described.list?.(views, call) ?? { [described.name]: views });
      },
      get: (call) => json(view(find(call), call)),
      create(call) {
        const owner = of(call);
        const items = itemsOf(owner, described.name);
        const item = described.make!(call, items);
        items.set(String(item[described.key]), item);
        log("create", item, call, owner);
        return described.created?.(item, call) ?? json(view(item, call), 201);
      },
      update(call) {
        const owner = of(call);
        const item = find(call);
        described.change!(item, call, itemsOf(owner, described.name));
        log("update", item, call, owner);
        return described.updated?.(item, call) ?? json(view(item, call));
      },
      delete(call) {
        const owner = of(call);
        const item = find(call);
        described.beforeDelete?.(item, call);
        itemsOf(owner, described.name).delete(String(item[described.key]));
        log("delete", item, call, owner);
        return described.deleted?.(item, call) ?? empty();
      },
    };
    return Object.entries(operations).map(
      ([deed, operationId]) => [operationId, made[deed as keyof typeof operations]] as const,
    );
  };
  return Object.fromEntries(families.flatMap(handlers));
}

/** In which namespace, and on which repository, a log entry about an owner's collection belongs. */
function placeOf(owner: Owner): { namespace: string | null; repository: string | null } {
  if ("manifests" in owner) {
    const { namespace, name } = owner as Repository;
    return { namespace, repository: name };
  }
  return { namespace: "robots" in owner ? (owner as Namespace).name : null, repository: null };
}
