/**
 * Which of a call's arguments name a namespace, and how. The one place where fence and protection look it up; what
 * counts as naming one, and why, is in docs/decisions.md.
 */
import { argumentShape } from "../arguments.ts";
import type { Callable } from "../operation.ts";
import type { Given } from "../targets/target.ts";

/**
 * What a value is: the name of a `namespace`; a `repository` (`namespace/name`); a `robot` (`namespace+shortname`); an
 * `account`, which is a user, who is nobody's namespace here, or a robot; an `entity`, which is an account or a team
 * unless the `kind` beside it says that it is an organization.
 */
export type Naming = "namespace" | "repository" | "robot" | "account" | "entity";

const byArgument: Readonly<Record<string, Naming>> = {
  repository: "repository",
  orgname: "namespace",
  namespace: "namespace",
  robot: "robot",
  robot_username: "robot",
  pull_robot: "robot",
  membername: "account",
  username: "account",
  performer: "account",
  "delegate.name": "entity",
  "activating_user.name": "account",
  "config.target.name": "entity",
};

/** Where an argument's name says too little, or the call is about the user's whole account. */
const byTool: Readonly<Record<string, Readonly<Record<string, Naming>>>> = {
  create_organization: { name: "namespace" },
  get_user: { username: "namespace" },
  superuser_create_user: { username: "namespace" },
  superuser_delete_organization: { name: "namespace" },
  superuser_delete_user: { username: "namespace" },
  superuser_rename_organization: { name: "namespace", new_name: "namespace" },
  superuser_update_user: { username: "namespace" },
};

/** An argument of a call that names a namespace or something in one. */
export interface Named {
  /** A dotted path. */
  readonly argument: string;
  readonly value: string;
  readonly naming: Exclude<Naming, "entity">;
}

/** How each argument of a tool names a namespace, by the argument's dotted path. */
function namingsOf(tool: string): Readonly<Record<string, Naming>> {
  return { ...byArgument, ...byTool[tool] };
}

/** How this argument (a dotted path) of a tool names a namespace; undefined where it names none. */
export function namingOf(tool: string, argument: string): Naming | undefined {
  return namingsOf(tool)[argument];
}

/** Everything that a call names. */
export function namedBy(tool: string, given: Given): readonly Named[] {
  return Object.entries(namingsOf(tool)).flatMap(([argument, naming]) => {
    const value = valueAt(given, argument);
    if (value === undefined || value === null) return [];
    const isOrganization = valueAt(given, argument.replace(/\w+$/, "kind")) === "org";
    const plain = naming === "entity" ? (isOrganization ? "namespace" : "account") : naming;
    return [{ argument, value: String(value), naming: plain }];
  });
}

/** The namespaces, repositories and robots that a call names, for people to read; undefined where it names none. */
export function placeOf({ name }: Pick<Callable, "name">, given: Given): string | undefined {
  const places = namedBy(name, given).filter(({ naming }) => confines(naming));
  return places.length === 0 ? undefined : places.map(({ value }) => value).join(", ");
}

/**
 * The arguments of a tool that confine its call to a namespace, when they are given. Accounts do not: they say who may
 * do something, or who did it, not where.
 */
export function confiningArguments(tool: Callable): readonly string[] {
  const namings = namingsOf(tool.name);
  return Object.keys(argumentShape(tool)).filter((argument) => confines(namings[argument]));
}

/** Whether a value of this kind lies in one namespace, so that naming it keeps a call there. */
export const confines = (naming: Naming | undefined): boolean =>
  naming === "namespace" || naming === "repository" || naming === "robot";

/** The value at a dotted path, looked for in own fields only. */
export function valueAt(container: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce(
      (value: unknown, key) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, key)
          ? (value as Given)[key]
          : undefined,
      container,
    );
}
