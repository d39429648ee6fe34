/**
 * The names that Quay's grammar allows, folded to lower case. Quay turns other letters of a path into ASCII
 * (`parse_namespace_repository` in its `util/names.py`) and some of its databases compare without regard to case, so
 * a name that is not of this form could mean another one than it seems to.
 */

/** As Quay's answer to a bad one quotes it: `^([a-z0-9]+(?:[._-][a-z0-9]+)*)$`. */
const namespaceForm = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

/** Older registries hold names that a newer one would not create; all are of these letters. */
const repositoryForm = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const shortnameForm = /^[A-Za-z0-9._-]+$/;

/** The name of an organization or a user in lower case, or undefined where there can be none of that name. */
export function namespaceOf(text: string): string | undefined {
  return namespaceForm.test(text) ? text.toLowerCase() : undefined;
}

export interface RepositoryName {
  readonly namespace: string;
  /** What stands behind the first slash. */
  readonly name: string;
}

/** The two parts of `namespace/name` in lower case, or undefined where there can be no repository of that name. */
export function repositoryOf(text: string): RepositoryName | undefined {
  const slash = text.indexOf("/");
  const namespace = namespaceOf(text.slice(0, Math.max(slash, 0)));
  const name = text.slice(slash + 1);
  if (namespace === undefined || !repositoryForm.test(name)) return undefined;
  return name.split("/").some((segment) => segment === "." || segment === "..")
    ? undefined
    : { namespace, name: name.toLowerCase() };
}

/** The namespace of the robot `namespace+shortname`, or undefined where there can be no robot of that name. */
export function robotNamespaceOf(text: string): string | undefined {
  const plus = text.indexOf("+");
  return shortnameForm.test(text.slice(plus + 1)) ? namespaceOf(text.slice(0, Math.max(plus, 0))) : undefined;
}
