/**
 * Repositories for load tests: as many as wanted, each made when it is asked for and the same whenever it is. Nothing is kept
 * of one that is only read; one that a write gets hold of stays, with what the write did to it.
 */
import { imageManifest } from "./company/images.ts";
import { fromEpoch } from "./formats.ts";
import { seededRandom } from "./random.ts";
import {
  addNamespace,
  addRobot,
  addTeam,
  type Item,
  type Manifest,
  type Namespace,
  type Repositories,
  type Repository,
  type Role,
  type State,
  type Tag,
} from "./state.ts";

const mostInOneOrganization = 10_000;
/** Far behind those that are counted up, so that lists in the order of the numbers have the made ones last. */
const firstId = 1_000_000;
const day = 86_400;

export interface Amount {
  readonly repositories: number;
  readonly tagsPerRepository: number;
}

/** What all repositories of an organization have in common. */
interface Series {
  readonly namespace: string;
  readonly firstId: number;
  readonly count: number;
  readonly tags: number;
  /** Seconds since 1970. */
  readonly madeAt: number;
  readonly seed: number;
}

const nameAt = (index: number) => `service-${String(index).padStart(5, "0")}`;
const megabytesAt = (index: number) => 20 + ((index * 37) % 180);
const sizeAt = ({ tags }: Series, index: number) => tags * megabytesAt(index) * 1_000_000;

/** One repository: what lists show is there at once, the rest when it is looked at. */
class MadeRepository implements Repository {
  readonly id: number;
  namespace: string;
  name: string;
  description: string | null;
  public: boolean;
  state: Repository["state"] = "NORMAL";
  trust = false;
  size: number;
  popularity: number;
  readonly #series: Series;
  readonly #index: number;
  #userPermissions?: Map<string, Role>;
  #teamPermissions?: Map<string, Role>;
  #collections?: Map<string, Map<string, Item>>;
  #tags?: Tag[];
  #manifests?: Map<string, Manifest>;

  constructor(series: Series, index: number) {
    this.#series = series;
    this.#index = index;
    this.id = series.firstId + index;
    this.namespace = series.namespace;
    this.name = nameAt(index);
    this.description = `Service number ${index}.`;
    this.public = index % 10 === 0;
    this.size = sizeAt(series, index);
    this.popularity = (index * 13) % 50;
  }

  get statusToken(): string {
    return seededRandom(this.#series.seed + this.id).code(32);
  }

  get userPermissions(): Map<string, Role> {
    this.#userPermissions ??= new Map([
      ["ada", "admin"],
      [`${this.#series.namespace}+ci`, "write"],
    ]);
    return this.#userPermissions;
  }

  get teamPermissions(): Map<string, Role> {
    this.#teamPermissions ??= new Map(this.#index % 4 === 0 ? [["readers", "read"]] : []);
    return this.#teamPermissions;
  }

  get collections(): Map<string, Map<string, Item>> {
    this.#collections ??= new Map();
    return this.#collections;
  }

  /** One a day; which manifest a tag points at is only worked out where it is asked for. */
  get tags(): Tag[] {
    const { tags, madeAt } = this.#series;
    this.#tags ??= Array.from({ length: tags }, (_, position) => {
      const manifestAt = () => this.#manifestAt(position);
      return {
        name: `v1.${position}`,
        start: madeAt - (tags - position) * day,
        end: null,
        reversion: false,
        immutable: false,
        get digest() {
          return manifestAt().digest;
        },
      };
    });
    return this.#tags;
  }

  get manifests(): Map<string, Manifest> {
    this.#manifests ??= new Map(
      Array.from({ length: this.#series.tags }, (_, position) => {
        const manifest = this.#manifestAt(position);
        return [manifest.digest, manifest];
      }),
    );
    return this.#manifests;
  }

  #manifestAt(position: number): Manifest {
    const { namespace, seed, tags, madeAt } = this.#series;
    return imageManifest({
      source: `${seed} ${namespace}/${nameAt(this.#index)} ${position}`,
      bytes: megabytesAt(this.#index) * 1_000_000,
      at: fromEpoch(madeAt - (tags - position) * day),
    });
  }
}

/**
 * The repositories of one organization.
 *
 * @param isWriting whether the call under way may change what it gets
 */
function madeRepositories(series: Series, isWriting: () => boolean): Repositories {
  const changed = new Map<number, Repository>();
  const deleted = new Set<number>();
  const added = new Map<string, Repository>();

  const at = (index: number): Repository => {
    const known = changed.get(index);
    if (known !== undefined) return known;
    const made = new MadeRepository(series, index);
    if (isWriting()) changed.set(index, made);
    return made;
  };
  /** Where the repository of that name is among the made ones. */
  const indexOf = (name: string): number | undefined => {
    const index = Number(/^service-(\d{5,})$/.exec(name)?.[1] ?? Number.NaN);
    return index < series.count && nameAt(index) === name && !deleted.has(index) ? index : undefined;
  };
  function* from(position: number): Generator<Repository> {
    yield* [...added.values()].slice(position);
    let skipped = added.size;
    for (let index = 0; index < series.count; index += 1) {
      if (deleted.has(index)) continue;
      if (skipped >= position) yield at(index);
      else skipped += 1;
    }
  }
  function* entries(): Generator<[string, Repository]> {
    for (const repository of from(0)) yield [repository.name, repository];
  }

  return {
    get size() {
      return added.size + series.count - deleted.size;
    },
    get bytes() {
      let sum = 0;
      for (const { size } of added.values()) sum += size;
      for (let index = 0; index < series.count; index += 1) {
        if (!deleted.has(index)) sum += changed.get(index)?.size ?? sizeAt(series, index);
      }
      return sum;
    },
    get(name) {
      const index = indexOf(name);
      return index === undefined ? added.get(name) : at(index);
    },
    has: (name) => indexOf(name) !== undefined || added.has(name),
    set: (name, repository) => added.set(name, repository),
    delete(name) {
      const index = indexOf(name);
      if (index === undefined) return added.delete(name);
      changed.delete(index);
      deleted.add(index);
      return true;
    },
    *keys() {
      for (const { name } of from(0)) yield name;
    },
    values: () => from(0),
    from,
    [Symbol.iterator]: entries,
  };
}

/** Adds organizations `load-01`, `load-02`, … with that many repositories together. */
export function addManyRepositories(
  state: State,
  { repositories, tagsPerRepository }: Amount,
  seed: number,
): void {
  const madeAt = Math.floor(state.now().getTime() / 1000);
  for (let first = 0; first < repositories; first += mostInOneOrganization) {
    const number = String(first / mostInOneOrganization + 1).padStart(2, "0");
    const series = {
      namespace: `load-${number}`,
      firstId: firstId + first,
      count: Math.min(mostInOneOrganization, repositories - first),
      tags: tagsPerRepository,
      madeAt,
      seed,
    };
    const organization: Namespace = addNamespace(state, "organization", series.namespace, null, {
      repositories: madeRepositories(series, () => state.writing),
    });
    addTeam(state, organization, "owners", "admin").members.add("ada");
    addTeam(state, organization, "readers", "member", "May pull every fourth").members.add("bob");
    addRobot(state, organization, "ci", { description: "Pushes everything" });
  }
}
