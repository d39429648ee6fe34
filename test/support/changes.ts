import type { Registry } from "../../src/registry/server.ts";

/** The requests that change something, as lines: all but reads. */
export function changesOf({ requests }: Registry): string[] {
  return requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}
