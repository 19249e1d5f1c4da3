import type { CheckResult } from "./summary.ts";

export function formatJson({ findings, files, ms }: CheckResult): string {
  return JSON.stringify({ version: 1, findings, files, ms: Math.round(ms) }, undefined, 2);
}
