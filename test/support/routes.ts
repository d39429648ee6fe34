import { otherRoutes } from "../../src/quay/other-routes.ts";
import { recordedOperations } from "./facts.ts";

/** One of Quay's routes and the operation that it leads to. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  /** Whether the operation is one of the 189 of the API reference. */
  readonly inReference: boolean;
}

const patternOf = (path: string) =>
  new RegExp(
    `^${path
      .replace(/\/$/, "")
      .split(/(\{\w+\})/)
      .map((part) =>
        part === "{repository}"
          ? "([^/]+(?:/[^/]+)+)"
          : /^\{/.test(part)
            ? "([^/]+)"
            : part.replace(/[.+]/g, "\\$&"),
      )
      .join("")}/?$`,
  );

/** How much of a path is fixed: what Quay's router looks at first. */
const specificity = (path: string) => path.replace(/\{\w+\}/g, "").length;

const routes = [
  ...recordedOperations.map((operation) => ({
    method: operation.method,
    path: operation.quay.path_in_source,
    operationId: operation.operation_id,
    inReference: true,
  })),
  ...otherRoutes.map((route) => ({ ...route, inReference: false })),
]
  .map((route) => ({ ...route, pattern: patternOf(route.path) }))
  .sort((one, other) => specificity(other.path) - specificity(one.path));

/** Whose a method and a path (with or without a query, and whatever slash ends it) are: the most specific route's. */
export function routeOf(method: string, path: string): Route | undefined {
  const [pathname = ""] = path.split("?");
  return routes.find((route) => route.method === method && route.pattern.test(pathname));
}

/** What stands for the placeholders of a path, decoded, or undefined where the path is another's. */
export function placeholders(pattern: string, path: string): Record<string, string> | undefined {
  const [pathname = ""] = path.split("?");
  const match = patternOf(pattern).exec(pathname);
  if (match === null) return undefined;
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map((placeholder) => placeholder[1]!);
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1]!)]));
}
