import type { Given } from "../targets/target.ts";

type Variables<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Variables<Rest>
  : never;

/** What can be browsed, as data: each resource is one call of a named tool. */
export interface ResourceTemplate {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tool that reads it. */
  readonly tool: string;
  /**
   * The arguments, made from the variables of the URI.
   *
   * @param now milliseconds since 1970
   */
  arguments(variables: Readonly<Record<string, string>>, now: number): Given;
  /** The one field of the tool's answer that is shown; without it, the whole. */
  readonly field?: string;
  readonly absence?: Absence;
}

/** How a resource that is not there is known, of which Quay only lists nothing. */
export interface Absence {
  /** The list in the tool's answer that is empty then. */
  readonly empty: string;
  /** The tool that reads what the list belongs to, by the name of an organization: where that is there, the list is empty. */
  readonly unless?: "get_organization";
}

/** Checks, at compile time, that the arguments are made from the variables of the URI and from no others. */
export function defineTemplate<const Path extends string>(
  template: Omit<ResourceTemplate, "uriTemplate" | "arguments"> & {
    readonly uriTemplate: Path;
    arguments(variables: { readonly [Name in Variables<Path>]: string }, now: number): Given;
  },
): ResourceTemplate {
  return template;
}

/** How many entries of a list are read at most: more than an answer for an assistant shows. */
export const mostEntries = 500;

/** Quay shows twenty log entries at a time, and thousands may be written in a day. */
const mostLogEntries = 200;

/** The days in which the last 24 hours lie; Quay takes whole days of UTC. */
export function lastDay(now: number): Given {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return { starttime: day(now - 86_400_000), endtime: day(now), max_items: mostLogEntries };
}
