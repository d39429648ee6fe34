import type { Method } from "../operation.ts";

/** One of Quay's own routes: which operation a method and a path belong to. */
export interface Route {
  readonly method: Method;
  /** The path with its `{placeholders}`. */
  readonly path: string;
  readonly operationId: string;
}

/** Answers whose URL a URL is. */
export interface RouteTable {
  /**
   * The route that Quay's router would pick for a method and the path of a URL, which may be percent-encoded and may
   * end in a slash; undefined where there is none.
   */
  owner(method: string, path: string): Route | undefined;
}

/** What follows `{repository}` in a path: literal segments, and null for a placeholder. */
interface Suffix {
  readonly segments: readonly (string | null)[];
  readonly literals: readonly string[];
  readonly route: Route;
}

/** A place in the tree of segments. */
interface Node {
  readonly literals: Map<string, Node>;
  placeholder: Node | undefined;
  readonly routes: Map<string, Route>;
  /** Routes that go on with `{repository}` here, by method, the one that is asked first first. */
  readonly repositories: Map<string, Suffix[]>;
}

/**
 * Compiles routes into a table.
 *
 * It decides as werkzeug's router does for Quay: segment by segment, a literal before a placeholder, going back where
 * that leads nowhere, and the method last, so that `DELETE …/acme/app/mirror`, which has no route of its own, is "delete
 * repository acme/app/mirror". `{repository}` takes two or more segments and everything after it is matched at once:
 * the pattern with more literal segments first, then the one whose first literal is longer
 * (`werkzeug.routing.rules.Weighting`).
 */
export function createRouteTable(routes: readonly Route[]): RouteTable {
  const root = createNode();
  for (const route of routes) add(root, route);
  for (const suffixes of allSuffixes(root)) suffixes.sort(bySpecificity);
  return {
    owner(method, path) {
      const segments = splitPath(path);
      return segments === undefined ? undefined : find(root, method, segments, 0);
    },
  };
}

function createNode(): Node {
  return { literals: new Map(), placeholder: undefined, routes: new Map(), repositories: new Map() };
}

const isPlaceholder = (segment: string) => segment.startsWith("{");

function add(root: Node, route: Route): void {
  let node = root;
  const segments = withoutTrailingSlash(route.path).slice(1).split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "{repository}") {
      const rest = segments.slice(index + 1);
      const suffix: Suffix = {
        segments: rest.map((part) => (isPlaceholder(part) ? null : part)),
        literals: rest.filter((part) => !isPlaceholder(part)),
        route,
      };
      const suffixes = node.repositories.get(route.method);
      if (suffixes === undefined) node.repositories.set(route.method, [suffix]);
      else suffixes.push(suffix);
      return;
    }
    node = isPlaceholder(segment) ? placeholderOf(node) : literalOf(node, segment);
  }
  if (!node.routes.has(route.method)) node.routes.set(route.method, route);
}

function placeholderOf(node: Node): Node {
  node.placeholder ??= createNode();
  return node.placeholder;
}

function literalOf(node: Node, segment: string): Node {
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const created = createNode();
  node.literals.set(segment, created);
  return created;
}

function* allSuffixes(node: Node): Generator<Suffix[]> {
  yield* node.repositories.values();
  if (node.placeholder !== undefined) yield* allSuffixes(node.placeholder);
  for (const child of node.literals.values()) yield* allSuffixes(child);
}

function bySpecificity(one: Suffix, other: Suffix): number {
  if (one.literals.length !== other.literals.length) return other.literals.length - one.literals.length;
  for (const [index, literal] of one.literals.entries()) {
    const difference = other.literals[index]!.length - literal.length;
    if (difference !== 0) return difference;
  }
  return other.segments.length - one.segments.length;
}

function find(node: Node, method: string, segments: readonly string[], index: number): Route | undefined {
  if (index === segments.length) return node.routes.get(method);
  const segment = segments[index]!;
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = find(literal, method, segments, index + 1);
    if (found !== undefined) return found;
  }
  if (node.placeholder !== undefined) {
    const found = find(node.placeholder, method, segments, index + 1);
    if (found !== undefined) return found;
  }
  return node.repositories.get(method)?.find((suffix) => endsWith(segments, index, suffix.segments))?.route;
}

function endsWith(segments: readonly string[], from: number, suffix: Suffix["segments"]): boolean {
  const start = segments.length - suffix.length;
  return (
    start - from >= 2 &&
    suffix.every((literal, index) => literal === null || literal === segments[start + index])
  );
}

/** The decoded segments of a path; Quay decodes before it routes, so that an encoded slash is a slash. */
function splitPath(path: string): string[] | undefined {
  let decoded = path;
  if (path.includes("%")) {
    try {
      decoded = decodeURIComponent(path);
    } catch {
      return undefined;
    }
  }
  const segments = withoutTrailingSlash(decoded).slice(1).split("/");
  return decoded.startsWith("/") && !segments.includes("") ? segments : undefined;
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
