import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They need more than npm: `npm run test:replicas`.
    exclude: ["test/replicas/**"],
    // Starting the program many times over on a small machine takes its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
