import type { z } from "zod";

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
  /** It ends a whole namespace, repository, application or key, and nothing brings it back. */
  readonly irreversible?: true;
  /** In which cases a write is as grave as a destructive call, as the end of a sentence that begins with "when". */
  readonly escalates?: string;
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
