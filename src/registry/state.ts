/** What the registry holds: plain data in maps. Who may see or change it is decided elsewhere. */
import type { Scope } from "../operation.ts";
import { type Random, seededRandom } from "./random.ts";
import type { Scan } from "./scan.ts";

/** A member of an ordinary collection: kept as Quay shows it. */
export interface Item {
  [field: string]: unknown;
}

/** What can have ordinary collections: a namespace, a repository, the registry itself. */
export interface Owner {
  /** By the collection's name, then by the item's key. See collection.ts. */
  readonly collections: Map<string, Map<string, Item>>;
}

export type Role = "read" | "write" | "admin";
export type TeamRole = "member" | "creator" | "admin";

/** A user or an organization: what stands before the slash in a repository's name. */
export interface Namespace extends Owner {
  readonly id: number;
  kind: "user" | "organization";
  name: string;
  email: string | null;
  /** Where the address that the avatar is made of is not known. */
  avatarHash?: string;
  enabled: boolean;
  verified: boolean;
  superuser?: "full" | "read-only";
  tagExpiration: number;
  invoiceEmail: boolean;
  invoiceEmailAddress: string | null;
  freeAccount: boolean;
  /** Optional details of a user. */
  company: string | null;
  familyName: string | null;
  givenName: string | null;
  location: string | null;
  /** By short name. */
  readonly robots: Map<string, Robot>;
  /** By name, in the order of creation; only organizations have some. */
  readonly teams: Map<string, Team>;
  readonly repositories: Repositories;
  /** Of a user: `namespace/name` of the repositories with a star. */
  readonly stars: Set<string>;
}

/** The repositories of a namespace by name: a Map, or what makes them when they are asked for (many.ts). */
export interface Repositories extends Iterable<[string, Repository]> {
  readonly size: number;
  get(name: string): Repository | undefined;
  has(name: string): boolean;
  set(name: string, repository: Repository): unknown;
  delete(name: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<Repository>;
  /** Where they are too many to look at each: those from a position on, and the bytes of all. */
  from?(position: number): Iterable<Repository>;
  readonly bytes?: number;
}

export interface Robot {
  readonly id: number;
  /** With the namespace: `acme+ci`. */
  name: string;
  description: string;
  token: string;
  created: Date;
  lastAccessed: Date | null;
  metadata: Item;
  avatarHash: string;
  federation: Item[];
}

export interface Team {
  readonly id: number;
  name: string;
  description: string;
  role: TeamRole;
  /** Names of users and robots, in the order of joining. */
  readonly members: Set<string>;
  /** Names of users and e-mail addresses that were asked to join. */
  readonly invited: Set<string>;
  /** The group of an outside directory that decides who is a member. */
  sync: Item | null;
}

export interface Repository extends Owner {
  readonly id: number;
  namespace: string;
  name: string;
  description: string | null;
  public: boolean;
  state: "NORMAL" | "READ_ONLY" | "MIRROR" | "ORG_MIRROR";
  trust: boolean;
  statusToken: string;
  /** Bytes that its layers take. */
  size: number;
  /** Pulls and pushes of the last three months. */
  popularity: number;
  /** By name of a user or robot. */
  readonly userPermissions: Map<string, Role>;
  /** By name of a team of the namespace. */
  readonly teamPermissions: Map<string, Role>;
  /** Every tag that is or was, the newest last. */
  readonly tags: Tag[];
  readonly manifests: Map<string, Manifest>;
}

export interface Tag {
  name: string;
  digest: string;
  /** Seconds since 1970. */
  start: number;
  /** When it ends or ended; a live tag can have one in the future. */
  end: number | null;
  reversion: boolean;
  immutable: boolean;
}

export interface Manifest {
  readonly digest: string;
  /** The manifest itself, as text. */
  readonly data: string;
  readonly isList: boolean;
  readonly configMediaType: string | null;
  readonly size: number | null;
  readonly layers: readonly Item[] | null;
  /** By identifier. */
  readonly labels: Map<string, Item>;
  /** Of a list: the digests it names. */
  readonly children: readonly string[];
  /** What the security scanner found; without one it is still waiting to be scanned. */
  scan?: Scan;
}

export interface LogEntry {
  readonly kind: string;
  readonly metadata: Item;
  readonly time: Date;
  readonly ip: string | null;
  /** Name of the user or robot. */
  readonly performer: string | null;
  readonly namespace: string | null;
  readonly repository: string | null;
}

export interface Token {
  readonly id: number;
  readonly user: string;
  readonly scopes: readonly Scope[];
  readonly expired: boolean;
}

export interface State extends Owner {
  readonly namespaces: Map<string, Namespace>;
  /** The oldest first. */
  readonly logs: LogEntry[];
  readonly tokens: Map<string, Token>;
  readonly random: Random;
  /** Whether the call under way may change what it gets; set for each call, read by many.ts. */
  writing: boolean;
  readonly now: () => Date;
  /** The next of the numbers that Quay counts up, by what is counted. */
  readonly nextId: (what: string) => number;
}

/** A registry with nothing in it. The same seed gives the same identifiers. */
export function emptyState(options: { readonly now: () => Date; readonly seed: number }): State {
  const counters = new Map<string, number>();
  return {
    namespaces: new Map(),
    logs: [],
    tokens: new Map(),
    collections: new Map(),
    random: seededRandom(options.seed),
    writing: false,
    now: options.now,
    nextId(what) {
      const id = (counters.get(what) ?? 0) + 1;
      counters.set(what, id);
      return id;
    },
  };
}

/** Adds a user or an organization without teams. */
export function addNamespace(
  state: State,
  kind: Namespace["kind"],
  name: string,
  email: string | null,
  details: Partial<Namespace> = {},
): Namespace {
  const namespace: Namespace = {
    id: state.nextId("namespace"),
    kind,
    name,
    email,
    enabled: true,
    verified: true,
    tagExpiration: 1209600,
    invoiceEmail: false,
    invoiceEmailAddress: null,
    freeAccount: true,
    company: null,
    familyName: null,
    givenName: null,
    location: null,
    robots: new Map(),
    teams: new Map(),
    repositories: new Map(),
    stars: new Set(),
    collections: new Map(),
    ...details,
  };
  state.namespaces.set(name, namespace);
  return namespace;
}

/** Adds a team to an organization. */
export function addTeam(
  state: State,
  organization: Namespace,
  name: string,
  role: TeamRole,
  description = "",
): Team {
  const team: Team = {
    id: state.nextId("team"),
    name,
    description,
    role,
    members: new Set(),
    invited: new Set(),
    sync: null,
  };
  organization.teams.set(name, team);
  return team;
}

/** Adds a robot to a namespace. */
export function addRobot(
  state: State,
  namespace: Namespace,
  shortname: string,
  details: Partial<Robot> = {},
): Robot {
  const robot: Robot = {
    id: state.nextId("namespace"),
    name: `${namespace.name}+${shortname}`,
    description: "",
    token: state.random.code(64),
    created: state.now(),
    lastAccessed: null,
    metadata: {},
    avatarHash: state.random.hex(64),
    federation: [],
    ...details,
  };
  namespace.robots.set(shortname, robot);
  return robot;
}

/** Adds an empty repository to a namespace. */
export function addRepository(
  state: State,
  namespace: Namespace,
  name: string,
  details: Partial<Repository> = {},
): Repository {
  const repository: Repository = {
    id: state.nextId("repository"),
    namespace: namespace.name,
    name,
    description: "",
    public: false,
    state: "NORMAL",
    trust: false,
    statusToken: state.random.code(32),
    size: 0,
    popularity: 0,
    userPermissions: new Map(),
    teamPermissions: new Map(),
    tags: [],
    manifests: new Map(),
    collections: new Map(),
    ...details,
  };
  namespace.repositories.set(name, repository);
  return repository;
}

/** The user of that name; undefined where there is none, or it is an organization. */
export function findUser(state: State, name: string): Namespace | undefined {
  const found = state.namespaces.get(name);
  return found?.kind === "user" ? found : undefined;
}

/** The organization of that name; undefined where there is none, or it is a user. */
export function findOrganization(state: State, name: string): Namespace | undefined {
  const found = state.namespaces.get(name);
  return found?.kind === "organization" ? found : undefined;
}

/** A robot by its full name, `acme+ci`. */
export function findRobot(state: State, name: string): Robot | undefined {
  const [namespace = "", shortname = ""] = name.split("+", 2);
  return state.namespaces.get(namespace)?.robots.get(shortname);
}

/** A repository by `namespace/name`; further slashes belong to the name. */
export function findRepository(state: State, path: string): Repository | undefined {
  const slash = path.indexOf("/");
  return state.namespaces.get(path.slice(0, slash))?.repositories.get(path.slice(slash + 1));
}

/** The items of an owner's collection; made when first asked for. */
export function itemsOf(owner: Owner, collection: string): Map<string, Item> {
  let items = owner.collections.get(collection);
  if (items === undefined) {
    items = new Map();
    owner.collections.set(collection, items);
  }
  return items;
}

/** Whether a tag is to be seen now. */
export function isLive(tag: Tag, state: State): boolean {
  return tag.end === null || tag.end > Math.floor(state.now().getTime() / 1000);
}

/** The tag of that name that is to be seen now. */
export function liveTag(repository: Repository, name: string, state: State): Tag | undefined {
  return repository.tags.findLast((tag) => tag.name === name && isLive(tag, state));
}
