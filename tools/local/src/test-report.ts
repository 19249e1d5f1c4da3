import { readFile } from "node:fs/promises";
import path from "node:path";

/** How a run of tests ended. */
export interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  /** What failed: file and test, and the first line of the reason below. */
  readonly failed: readonly string[];
}

interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** The file, absolute. */
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** Reads a vitest JSON report. A file that fails outside of its tests counts as one that failed. */
export function outcomeOf(report: Report, root: string): Outcome {
  const failed = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name);
    const tests = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => `${file} > ${test.fullName}${firstLine(test.failureMessages?.[0])}`);
    return tests.length === 0 && status === "failed" ? [`${file}${firstLine(message)}`] : tests;
  });
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failed,
  };
}

const firstLine = (message = ""): string => {
  const line = message
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each !== "");
  return line ? `\n  ${line}` : "";
};

/** No report means that the run broke off, which is one failure. */
export async function readOutcome(file: string, root: string): Promise<Outcome> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return outcomeOf(JSON.parse(text) as Report, root);
  return { passed: 0, skipped: 0, failed: [`${path.basename(file, ".json")} tests\n  they broke off`] };
}
