/** The resources' URIs: `quay://organizations/acme`, `quay://repositories/acme/app/tags`, … */

const scheme = "quay://";

/** Builds a URI, each part percent-encoded, so that a repository's further slashes stay within one segment. */
export function resourceUri(...parts: readonly string[]): string {
  return scheme + parts.map(encodeURIComponent).join("/");
}

/** The decoded parts of a URI, or undefined where it is none of ours. */
export function uriParts(uri: string): string[] | undefined {
  if (!uri.startsWith(scheme)) return undefined;
  try {
    return uri.slice(scheme.length).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The variables of a URI that matches a template such as `quay://organizations/{organization}`. */
export function matchUri(template: string, uri: string): Record<string, string> | undefined {
  const wanted = template.slice(scheme.length).split("/");
  const parts = uriParts(uri);
  if (parts === undefined || parts.length !== wanted.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const name = /^\{(\w+)\}$/.exec(wanted[index]!)?.[1];
    if (name === undefined ? part !== wanted[index] : part === "") return undefined;
    if (name !== undefined) variables[name] = part;
  }
  return variables;
}
