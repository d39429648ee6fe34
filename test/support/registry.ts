/** The embedded registry as the tests of a file share it. */
import { afterAll, beforeEach } from "vitest";
import { type Registry, type RegistryOptions, startRegistry } from "../../src/registry/server.ts";

/** A registry that is there as long as the tests of a file run. What it was asked is forgotten before each of them. */
export async function shareRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  beforeEach(() => {
    registry.requests.length = 0;
  });
  afterAll(() => registry.close());
  return registry;
}

/** The settings with which the program calls a registry as its superuser. */
export function superuserOf({ url, tokens }: Registry) {
  return { QUAY_URL: url, QUAY_TOKEN: tokens.superuser };
}
