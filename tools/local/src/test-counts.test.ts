import path from "node:path";
import { expect, test } from "vitest";
import { countTests, readCounts } from "./test-counts.ts";

const assertions = (...states: string[]) => states.map((status) => ({ status }));

test("counts tests, and a file that does not load as one that failed", () => {
  const counts = countTests({
    numPassedTests: 3,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      { status: "failed", assertionResults: assertions("passed", "failed", "failed") },
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: assertions("passed", "passed") },
    ],
  });
  expect(counts).toEqual({ passed: 3, failed: 3, skipped: 1 });
});

test("a run without a report has failed", async () => {
  const missing = path.join(import.meta.dirname, "no-report.json");
  expect(await readCounts(missing)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
