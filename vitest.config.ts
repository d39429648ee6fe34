import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Starting the program many times over on a small machine takes its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
