/** Which operation a request is, decided as Quay's router decides it: from the catalogue's paths and methods. */
import type { Method, Tool } from "../operation.ts";
import { createRouteTable, type RouteTable } from "../quay/routes.ts";
import { type Answer, methodNotAllowed, methodNotAllowedPage, redirect, webPage } from "./answers.ts";

export interface Match {
  readonly operation: Tool;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router {
  /** The operation, or the answer that Quay's web server gives instead. */
  route(method: string, path: string, url: string): Match | Answer;
}

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE"];

/** A router over these operations. What is not among them is a feature that is switched off. */
export function createRouter(operations: readonly Tool[]): Router {
  const table: RouteTable = createRouteTable(operations);
  const byRoute = new Map(
    operations.map((operation) => [`${operation.method} ${operation.path}`, operation]),
  );

  const find = (method: string, path: string): Tool | undefined => {
    const route = table.owner(method, path);
    return route && byRoute.get(`${route.method} ${route.path}`);
  };

  return {
    route(method, path, url) {
      const operation = find(method, path);
      const slash = path.endsWith("/");
      if (operation !== undefined && operation.path.endsWith("/") === slash) {
        return { operation, params: parameters(operation.path, path) };
      }
      if (operation?.path.endsWith("/")) return redirect(`${url}${path}/`);
      const allowed = methods.filter((other) => find(other, path)?.path.endsWith("/") === slash);
      if (operation === undefined && allowed.length > 0) return methodNotAllowed(allowed);
      if (method !== "GET" && method !== "HEAD") return methodNotAllowedPage();
      return slash ? webPage() : redirect(`${url}${path}/`);
    },
  };
}

/** The values that a path has for a template's placeholders; `{repository}` takes what the others leave. */
function parameters(template: string, path: string): Record<string, string> {
  const names = template.split("/");
  const values = decodeURIComponent(path).split("/");
  const surplus = values.length - names.length;
  const found: Record<string, string> = {};
  let position = 0;
  for (const name of names) {
    const length = name === "{repository}" ? 1 + surplus : 1;
    if (name.startsWith("{")) found[name.slice(1, -1)] = values.slice(position, position + length).join("/");
    position += length;
  }
  return found;
}
