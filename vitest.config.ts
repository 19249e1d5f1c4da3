import { defineConfig } from "vitest/config";

const offline = ["affected", "check", "ci-history", "jinja-fuzz", "jinja-oracle"].map(
  (name) => `test/${name}.test.ts`,
);

const local = process.env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local";

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
          // Vitest leaves a core free, which of two is half.
          maxWorkers: "100%",
          // Beside a stack that starts, a test gets little of the processors now and then.
          testTimeout: 20_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: {
          // Real git, Nx and Python, but no engine, registry or cluster.
          name: "offline",
          include: offline,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: ["test/fixtures/**", ...offline],
          globalSetup: ["test/global-setup.ts"],
          // One engine, one registry, one node: test files that run side by side would measure each other.
          fileParallelism: false,
          // The stack has a kubectl; the machine may have none, or another version.
          env: { PATH: `${local}/bin:${process.env["PATH"]}` },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
