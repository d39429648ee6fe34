import type * as z from "zod";

/** What a tool does to the registry; set by hand for each operation. */
export type Access = "read" | "write" | "destructive";

/** Every OAuth scope of Quay. */
export const scopes = [
  "repo:read",
  "repo:write",
  "repo:admin",
  "repo:create",
  "user:read",
  "user:admin",
  "org:admin",
  "super:user",
] as const;

export type Scope = (typeof scopes)[number];

/** One scope that a call needs, or several of which any one will do. A list of requirements must hold as a whole. */
export type ScopeRequirement = Scope | { readonly anyOf: readonly Scope[] };

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * Zod schemas by argument name. The input side of a schema is what an assistant writes and what is listed to it,
 * the output side is what Quay takes: a schema may turn an ISO date into Quay's own, or the word `never` into null.
 */
export type Shape = Readonly<Record<string, z.ZodType>>;

/**
 * How Quay hands out a long list: `next_page` is an opaque token, `page` a number with a flag for more, `limit` can
 * only be asked to be longer, `start` is the index of the first line.
 */
export type Paging = "next_page" | "page" | "limit" | "start";

/** The kinds of things that calls change, each with a file in `src/targets/`. */
export const targetKinds = [
  "organization",
  "member",
  "user",
  "repository",
  "tag",
  "label",
  "team",
  "team-member",
  "robot",
  "permission",
  "prototype",
  "application",
  "policy",
  "quota",
  "quota-limit",
  "notification",
  "mirror",
  "organization-mirror",
  "proxy-cache",
  "build",
  "trigger",
  "app-token",
  "service-key",
  "message",
  "star",
  "logs",
  "registry",
] as const;

export type TargetKind = (typeof targetKinds)[number];

/** One case in which a write is grave, as data. `now` paths point into the state of the target. */
export type Condition =
  /** The argument has this value; and where `now` is said, the target has another one there, or none. */
  | { readonly argument: string; readonly is: unknown; readonly now?: string }
  /** The argument is given at all, with any value but `except`. */
  | { readonly argument: string; readonly given: true; readonly except?: unknown }
  /** The target has a value there, and the argument is another one. */
  | { readonly argument: string; readonly differs: string }
  /** The argument is less than what the target has there; `order` lists words from the least to the most. */
  | { readonly argument: string; readonly falls: string; readonly order?: readonly string[] }
  /** One of the argument's items is among those that the target has there. */
  | { readonly argument: string; readonly among: string }
  /** The argument is left out although the target has a value there, which would be emptied. */
  | { readonly omitted: string; readonly now: string }
  /** The argument (a dotted path) sends data to a host that is neither the one at `now` nor allowed by `--hosts`. */
  | { readonly argument: string; readonly newHost: true; readonly now?: string }
  /** The target is like this, whatever the arguments are. */
  | { readonly now: string; readonly is: unknown };

export interface Escalation {
  /** The end of a sentence that begins with "when". */
  readonly when: string;
  /** Any one of these suffices; where the state they need cannot be read, the call counts as grave. */
  readonly if: readonly Condition[];
}

/**
 * A call that takes another one back. The arguments are literals or references: `given.NAME` is an argument of the call,
 * `now.PATH` the target's state before it (`now.present` is true where it was there, `now.absent` where it was not),
 * `answer.PATH` Quay's answer.
 */
export interface Undo {
  readonly tool: string;
  readonly with: Readonly<Record<string, unknown>>;
  /** Arguments that come back from `now` under their own name: those of them that the call gives. */
  readonly restores?: readonly string[];
  /** References that must have a value besides. */
  readonly when?: readonly string[];
}

/** A dotted path into an answer, in which `*` is any key or index; `except` names last keys that stay visible. */
export type SecretPath = string | { readonly path: string; readonly except: readonly string[] };

type Placeholder<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** Everything that is known about one call of Quay's REST API. Data only: whatever can be derived from it is. */
export interface Operation {
  /** Quay's own name for it. */
  readonly operationId: string;
  /** The tool's name, `verb_object`, at most 40 characters. */
  readonly name: string;
  readonly title: string;
  /** What it does, when to use it rather than its neighbour, what it changes. */
  readonly description: string;
  readonly method: Method;
  /** The path with a `{placeholder}` for each of `params`, and the trailing slash that Quay wants. */
  readonly path: string;

  readonly access: Access;
  /** Most sessions need it: it is listed beside the search where the whole catalogue would be too long. */
  readonly everyday?: true;
  /** It ends a whole namespace, repository, application or key, and nothing brings it back. */
  readonly irreversible?: true;
  /** In which cases a write is as grave as a destructive call. */
  readonly escalates?: Escalation;
  /** The kind of thing it changes; every operation that is not a read has one. */
  readonly target?: TargetKind;
  /** Its target need not be there: the call makes it, or tries it out. */
  readonly creates?: true;
  /** How a later call takes it back: the first whose references can all be resolved. Or why none can, as a sentence. */
  readonly undo?: readonly (Undo | string)[] | string;
  /**
   * It reaches every repository of the namespace it names: ends, renames, mirrors, prunes or takes them over, or gives
   * rights on all of them. Or does so only where one of these arguments is given, or has a value (`role=admin`).
   */
  readonly reachesRepositories?: true | readonly string[];
  /** Arguments that take a credential, also as `secret:NAME`. */
  readonly secretArguments?: readonly string[];
  /** What the token must be allowed to do. Which role its owner needs besides is Quay's to say. */
  readonly scopes: readonly ScopeRequirement[];

  readonly params?: Shape;
  readonly query?: Shape;
  /** The fields of the JSON body. */
  readonly body?: Shape;
  /** The body is the value of this one argument instead of an object. */
  readonly bodyIs?: string;
  /** Fields of the body that repeat an argument of the path, where Quay's handler reads it from there: field -> argument. */
  readonly pathInBody?: Readonly<Record<string, string>>;
  /** The argument `repository` (`namespace/name`) is sent as two fields of the body with these names. */
  readonly splitRepository?: { readonly namespace: string; readonly name: string };
  /** Query parameters that are sent with every call. */
  readonly fixedQuery?: Readonly<Record<string, string>>;

  /** Arguments that go into the request's own authentication, where that is not the server's token. */
  readonly credentials?: Shape;

  /** Feature flags of Quay's configuration that must be on, without `FEATURE_`. */
  readonly features?: readonly string[];
  readonly paging?: Paging;
  /** How the call proves who is calling, where it is not the OAuth token as a Bearer token. */
  readonly authentication?: "registry-token" | "robot-federation";

  /** Where the answer holds credentials under names which do not say so. */
  readonly secrets?: readonly SecretPath[];
  /** The call exists to hand out a credential that is shown once. */
  readonly yieldsCredential?: true;
  /** Its answer holds a new credential beside what the call is for: hidden, or kept in a file where there is a place. */
  readonly bringsCredential?: true;

  /** A second call with the same arguments does more than the first, although the method is PUT or DELETE. */
  readonly notIdempotent?: true;
  /** Quay itself sends data to, or fetches it from, a host of the caller's choice. */
  readonly openWorld?: true;
  /** What Quay does not tell apart from success: said beside an answer that is empty. */
  readonly silent?: string;
}

type Params<Path extends string> = [Placeholder<Path>] extends [never]
  ? { readonly params?: never }
  : { readonly params: { readonly [Name in Placeholder<Path>]: z.ZodType } };

/** Checks, at compile time, that `params` names exactly the placeholders of `path`. */
export function defineOperation<const Path extends string>(
  operation: Omit<Operation, "path" | "params"> & { readonly path: Path } & Params<Path>,
): Operation {
  return operation;
}

/** An operation and the chapter of Quay's API reference it belongs to. */
export interface Tool extends Operation {
  readonly toolset: string;
}

/** What an assistant can call, and the guard decides about: an operation, or a task that composes several calls. */
export interface Callable
  extends Pick<
      Operation,
      | "name"
      | "title"
      | "description"
      | "access"
      | "everyday"
      | "irreversible"
      | "escalates"
      | "undo"
      | "reachesRepositories"
      | "scopes"
      | "yieldsCredential"
      | "params"
      | "query"
      | "body"
      | "credentials"
      | "notIdempotent"
      | "openWorld"
    >,
    Partial<Pick<Operation, "operationId" | "method" | "paging" | "creates">> {
  /** The arguments of a task, which sends none of them as they are. */
  readonly arguments?: Shape;
  /** The name of the one tool of which a task makes several calls: what its settings say holds for the task as well. */
  readonly repeats?: string;
}

/** What an assistant can call, with the toolset it belongs to. */
export type CallableTool = Callable & Pick<Tool, "toolset">;
