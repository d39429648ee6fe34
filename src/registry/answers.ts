/** What the registry answers with, and every shape that Quay gives an error. The only file that knows those shapes. */

export interface Answer {
  readonly status: number;
  /** Sent as JSON, unless `type` says otherwise; `undefined` sends nothing. */
  readonly body?: unknown;
  readonly type?: "application/json" | "text/html" | "text/html; charset=utf-8" | "text/plain" | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by whatever finds that a call cannot go on; carries the answer that Quay gives then. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** Ends the call with this answer. */
export function refuse(answer: Answer): never {
  throw new Refusal(answer);
}

export const json = (body: unknown, status = 200): Answer => ({ status, body });

/** Quay answers some writes with an empty body and a status of its own choice. */
export const empty = (status = 204): Answer => ({ status });

const html = (status: number, body: string, headers?: Record<string, string>): Answer => ({
  status,
  body,
  type: "text/html; charset=utf-8",
  ...(headers && { headers }),
});

/** Nothing, labelled as a page: where Quay makes the response by hand. */
export const emptyPage = (status: number): Answer => html(status, "");

/** The full ApiError. `type` is completed with the registry's own URL when it is sent. */
function apiError(status: number, type: string, detail: string, extra: object = {}): Answer {
  return {
    status,
    body: {
      ...extra,
      detail,
      error_message: detail,
      error_type: type,
      title: type,
      type: `${errorTypePath}${type}`,
      status,
    },
  };
}

/** Where Quay explains a type of error; the host is put before it when the answer is sent. */
export const errorTypePath = "/api/v1/error/";

export const notFound = (): Answer => apiError(404, "not_found", "Not Found");
export const invalidRequest = (detail: string, extra: object = {}): Answer =>
  apiError(400, "invalid_request", detail, extra);
/** What the superuser's build operations say of a build that is not there. */
export const invalidResponse = (detail: string): Answer => apiError(400, "invalid_response", detail);
export const insufficientScope = (): Answer => apiError(403, "insufficient_scope", "Unauthorized");
export const requiresAuthentication = (): Answer => apiError(401, "invalid_token", "Requires authentication");
/** What `GET /user/` says to anyone it cannot show: also to a good token that lacks user:read. */
export const requiresSession = (): Answer =>
  apiError(401, "invalid_token", "Requires authentication", { session_required: false });
export const tagImmutable = (operation: string, tag: string): Answer =>
  apiError(409, "tag_immutable", `Cannot ${operation} immutable tag '${tag}'`);

/** The short shape: errors of the data model, of a query parameter (an object), and of Flask itself. */
export const message = (text: unknown, status = 400): Answer => ({ status, body: { message: text } });
export const badRequest = (): Answer =>
  message("The browser (or proxy) sent a request that this server could not understand.");
export const pageNotFound = (): Answer =>
  message(
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.",
    404,
  );
export const forbidden = (): Answer =>
  message(
    "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server.",
    403,
  );
export const unsupportedMediaType = (): Answer =>
  message(
    "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
    415,
  );
/** By Quay's numbers for the states. */
const states: Readonly<Record<string, number>> = { READ_ONLY: 1, MIRROR: 2, ORG_MIRROR: 4 };
export const notNormal = (state: string): Answer =>
  message(`Repository is in read only or mirror mode: ${states[state]}`, 503);

/** `{"detail"}` alone: what mirrors of repositories say of their own settings. */
export const detailOnly = (detail: string, status = 400): Answer => ({ status, body: { detail } });

/** The registry's own API (`/v2`) words errors as the OCI distribution specification demands. */
export const registryError = (status: number, code: string, text: string, detail: unknown = {}): Answer => ({
  status,
  body: { errors: [{ code, detail, message: text }] },
});

/** `{"error"}` labelled as HTML: a write without a session and without a good token, and a browser's User-Agent. */
const errorAsHtml = (status: number, error: string): Answer => html(status, `${JSON.stringify({ error })}\n`);
export const csrf = (): Answer => errorAsHtml(403, "CSRF token was invalid or missing.");
/** A token that the registry's own API does not take. */
export const bearerRefused = (error: string): Answer => errorAsHtml(401, error);
export const browserRefused = (): Answer =>
  errorAsHtml(400, "API calls must be invoked with an X-Requested-With header if called from a browser");

export const methodNotAllowed = (allowed: readonly string[]): Answer => ({
  ...message("The method is not allowed for the requested URL.", 405),
  headers: { Allow: [...allowed, "HEAD", "OPTIONS"].join(", ") },
});
/** The method is unknown to the page that Quay's web interface serves under every other path. */
export const methodNotAllowedPage = (): Answer =>
  html(
    405,
    "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n<p>The method is not allowed for the requested URL.</p>\n",
    { Allow: "HEAD, OPTIONS, GET" },
  );
export const redirect = (location: string): Answer =>
  html(
    308,
    `<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be redirected automatically to the target URL: <a href="${escaped(location)}">${escaped(location)}</a>. If not, click the link.\n`,
    { Location: location },
  );
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** Quay's web interface, which answers whatever no route takes: 404, but a whole page. */
export const webPage = (): Answer =>
  html(
    404,
    `<!DOCTYPE html>\n<html ng-app="quay" class="onprem">\n  <head>\n    <base href="/">\n  <title ng-bind="title + ' · Quay'">Quay</title>\n${'    <link rel="stylesheet" href="/static/css/quay.css" type="text/css">\n'.repeat(860)}  </head>\n  <body>\n    <div id="padding-container"></div>\n  </body>\n</html>\n`,
  );
export const internalServerError = (): Answer => ({
  status: 500,
  body: "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n",
  type: "text/html",
});
