import path from "node:path";
import { expect, test } from "vitest";
import { outcomeOf, readOutcome } from "./test-report.ts";

test("names tests that failed, and a file that does not load", () => {
  const outcome = outcomeOf(
    {
      numPassedTests: 3,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        {
          name: "/tree/test/a.test.ts",
          status: "failed",
          assertionResults: [
            { status: "passed", fullName: "one" },
            { status: "failed", fullName: "group two", failureMessages: ["Error: no\n    at here"] },
            { status: "failed", fullName: "three", failureMessages: [] },
          ],
        },
        {
          name: "/tree/test/b.test.ts",
          status: "failed",
          message: "\nCannot find it\nmore",
          assertionResults: [],
        },
        {
          name: "/tree/test/c.test.ts",
          status: "passed",
          assertionResults: [{ status: "passed", fullName: "four" }],
        },
      ],
    },
    "/tree",
  );
  expect(outcome).toEqual({
    passed: 3,
    skipped: 1,
    failed: [
      "test/a.test.ts > group two\n  Error: no",
      "test/a.test.ts > three",
      "test/b.test.ts\n  Cannot find it",
    ],
  });
});

test("a run without a report has failed", async () => {
  const missing = path.join(import.meta.dirname, "unit.json");
  expect(await readOutcome(missing, "/tree")).toEqual({
    passed: 0,
    skipped: 0,
    failed: ["unit tests\n  they broke off"],
  });
});
