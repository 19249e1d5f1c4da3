import { readFile } from "node:fs/promises";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Counts of a vitest JSON report. A file that fails outside of its tests counts as one failed. */
export function countTests({ numPassedTests, numPendingTests, numTodoTests, testResults }: Report): Counts {
  const failed = testResults.map(({ status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed").length;
    return tests === 0 && status === "failed" ? 1 : tests;
  });
  return {
    passed: numPassedTests,
    failed: failed.reduce((sum, count) => sum + count, 0),
    skipped: numPendingTests + numTodoTests,
  };
}

/** No report means that the run broke off, which is one failure. */
export async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? { passed: 0, failed: 1, skipped: 0 } : countTests(JSON.parse(text) as Report);
}
