import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Refusal, RefusedRequest, turnAway } from "./refusals.ts";

/** What a GET beside `/mcp` is answered, such as health or an identity provider's metadata. */
export interface Page {
  readonly status: number;
  /** The media type. */
  readonly type: string;
  readonly text: string;
}

/** Pages by their path. Anybody may read them, whom the checks of Host and Origin let through. */
export type Pages = ReadonlyMap<string, () => Page | Promise<Page>>;

/** @throws RefusedRequest where the request would do more than read */
export function answerPage(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, type, text }: Page,
): void {
  if (method !== "GET" && method !== "HEAD") throw new RefusedRequest(onlyRead);
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(method === "HEAD" ? undefined : text);
}

const onlyRead: Refusal = {
  reason: "method",
  sentence: "This page is only read.",
  headers: { allow: "GET, HEAD" },
};

const noSuchPage: Refusal = { reason: "path", sentence: "There is nothing here." };

/** Serves pages and nothing else. */
export function servePages(pages: Pages): RequestListener {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const page = pages.get(request.url?.split("?", 1)[0] ?? "");
    if (page === undefined) throw new RefusedRequest(noSuchPage);
    answerPage(request, response, await page());
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refusal = error instanceof RefusedRequest ? error.refusal : failure;
      turnAway(request, response, refusal);
    });
  };
}

const failure: Refusal = {
  reason: "failure",
  sentence: "quay-mcp itself failed. This is a mistake in the program.",
};
