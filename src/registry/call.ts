/** One call as the handlers of the operations see it, and what nearly all of them ask first. */
import type { Tool } from "../operation.ts";
import { type Answer, invalidRequest, message, notFound, refuse } from "./answers.ts";
import type { Caller } from "./authorization.ts";
import {
  findOrganization,
  findRepository,
  type Item,
  type Namespace,
  type Repository,
  type State,
} from "./state.ts";

export interface Call {
  readonly state: State;
  readonly operation: Tool;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Checked by the operation's JSON schema. */
  readonly body: unknown;
  /** Nobody, where no token was sent or it is not a good one. */
  readonly caller: Caller | undefined;
  /** The `Authorization` header, for the two operations that do not take an OAuth token. */
  readonly authorization: string | undefined;
  readonly userAgent: string;
  /** The registry's own URL, without a slash at the end. */
  readonly url: string;
}

export type Handler = (call: Call) => Answer;

/** The operations of a chapter, by Quay's operationId. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The value that a path has for a placeholder. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`${call.operation.path} has no placeholder ${name}`);
  return value;
}

/** The body as what its schema promises. */
export function bodyOf<Body = Item>(call: Call): Body {
  return (call.body ?? {}) as Body;
}

/** The organization of the path; 404 where there is none. */
export function organizationOf(call: Call): Namespace {
  return findOrganization(call.state, param(call, "orgname")) ?? refuse(notFound());
}

/** The repository of the path; 404 where there is none. */
export function repositoryOf(call: Call): Repository {
  return findRepository(call.state, param(call, "repository")) ?? refuse(notFound());
}

/** The namespace of a repository that is there. */
export function namespaceOf(state: State, repository: Repository): Namespace {
  const namespace = state.namespaces.get(repository.namespace);
  if (namespace === undefined) throw new Error(`no namespace ${repository.namespace}`);
  return namespace;
}

/** The user who is calling; operations that get so far without one are those that Quay fails on as well. */
export function userOf(call: Call): Namespace {
  if (call.caller === undefined) throw new Error("nobody is calling");
  return call.caller.user;
}

/** A query parameter that is true or false: anything but these few words counts as true. */
export function flag(call: Call, name: string, otherwise = false): boolean {
  const value = call.query.get(name);
  return value === null ? otherwise : !["", "0", "false", "none", "null"].includes(value.toLowerCase());
}

/**
 * A query parameter that is a number.
 *
 * @param help Quay's description of the parameter: it answers a word in the place of a number with it
 */
export function integer(call: Call, name: string, otherwise: number, help: string): number {
  const value = call.query.get(name);
  if (value === null) return otherwise;
  if (!/^\s*[+-]?\d+\s*$/.test(value)) refuse(message({ [name]: help }));
  return Number(value);
}

/** Refuses names that are not made of small letters, digits and single separators, in the words of the data model. */
export function checkName(
  name: string,
  what: string,
  answer: (text: string) => Answer = invalidRequest,
): void {
  if (!/^([a-z0-9]+(?:[._-][a-z0-9]+)*)$/.test(name)) {
    refuse(answer(`${what}: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$`));
  }
  if (name.length < 2 || name.length > 255) {
    refuse(answer(`${what}: Namespace must be between 2 and 255 characters in length`));
  }
}

/** Whether an e-mail address has the form that Quay asks for. */
export const isEmail = (text: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
