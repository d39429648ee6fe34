/** The way of one request through the registry, the same for every operation, in the order in which Quay does it. */
import type { Tool } from "../operation.ts";
import {
  type Answer,
  badRequest,
  browserRefused,
  csrf,
  errorTypePath,
  internalServerError,
  invalidRequest,
  Refusal,
  refuse,
  unsupportedMediaType,
} from "./answers.ts";
import { authorize, callerOf, validatesFirst } from "./authorization.ts";
import type { Call, Handlers } from "./call.ts";
import bodies from "./data/bodies.json" with { type: "json" };
import type { Router } from "./routing.ts";
import { problemWith, type Schema } from "./schema.ts";
import type { State } from "./state.ts";

export interface Request {
  readonly method: string;
  /** As it came, still encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Handling {
  readonly state: State;
  readonly router: Router;
  readonly handlers: Handlers;
  /** The registry's own URL. */
  readonly url: string;
}

const schemas: Readonly<Record<string, Schema>> = bodies;

/** These take a body, but do without one. */
const bodyIsOptional = new Set(["createOrgRobot", "createUserRobot"]);

/** Answers a request. Whatever goes wrong in a handler is the 500 that Quay gives then. */
export function handle(request: Request, { state, router, handlers, url }: Handling): Answer {
  try {
    if (request.method === "OPTIONS") return { status: 200, body: "", type: "text/html; charset=utf-8" };
    const method = request.method === "HEAD" ? "GET" : request.method;
    const match = router.route(method, request.path, url);
    if ("status" in match) return match;
    const { operation, params } = match;
    state.writing = method !== "GET";
    const authorization = request.headers.authorization;
    const caller = callerOf(state, authorization);
    const api = operation.path.startsWith("/api/");
    if (api && method === "GET" && isBrowser(request)) return browserRefused();
    if (api && method !== "GET" && caller === undefined) return csrf();
    const early = validatesFirst(operation);
    if (early) checkBody(operation, request);
    authorize(state, operation, params, caller);
    if (!early) checkBody(operation, request);
    const call: Call = {
      state,
      operation,
      params,
      query: new URLSearchParams(request.query),
      body: parsed(request),
      caller,
      authorization,
      userAgent: request.headers["user-agent"] ?? "",
      url,
    };
    return complete(handlers[operation.operationId]!(call), url);
  } catch (error) {
    return error instanceof Refusal ? complete(error.answer, url) : internalServerError();
  }
}

function isBrowser({ headers }: Request): boolean {
  return (
    /Mozilla|Chrome|Safari|Firefox|Opera|MSIE/.test(headers["user-agent"] ?? "") &&
    headers["x-requested-with"] !== "XMLHttpRequest"
  );
}

/** Refuses a body that is missing, no JSON, or not as the operation's schema says. */
function checkBody(operation: Tool, request: Request): void {
  const schema = schemas[operation.operationId];
  if (schema === undefined) return;
  const body = parsed(request);
  if (body === undefined || body === null) {
    if (bodyIsOptional.has(operation.operationId)) return;
    if (!isJson(request)) refuse(unsupportedMediaType());
    refuse(body === null ? invalidRequest("Missing JSON body") : badRequest());
  }
  const problem = problemWith(body, schema);
  if (problem !== undefined) refuse(invalidRequest(problem));
}

const isJson = ({ headers }: Request) =>
  /^application\/([^;]+\+)?json\s*(;|$)/i.test(headers["content-type"] ?? "");

/** The body as JSON; undefined where it is none or is not said to be. */
function parsed(request: Request): unknown {
  if (!isJson(request)) return undefined;
  try {
    return JSON.parse(request.body);
  } catch {
    return undefined;
  }
}

/** Puts the registry's own address before the type of an error. */
function complete(answer: Answer, url: string): Answer {
  const body = answer.body as { type?: unknown } | null | undefined;
  const type = typeof body === "object" ? body?.type : undefined;
  if (typeof type !== "string" || !type.startsWith(errorTypePath)) return answer;
  return { ...answer, body: { ...body, type: `${url}${type}` } };
}
