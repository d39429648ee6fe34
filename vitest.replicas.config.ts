import { defineConfig } from "vitest/config";

/** What needs nginx and a Redis beside npm. */
export default defineConfig({
  test: {
    include: ["test/replicas/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
