import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["libs/**/*.test.ts", "tools/**/*.test.ts"],
          // Values in, values out: eighty fresh module worlds would cost more than the tests themselves.
          pool: "threads",
          isolate: false,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: ["test/fixtures/**"],
          globalSetup: ["test/global-setup.ts"],
          // One engine, one registry, one node: test files that run side by side would measure each other.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
