import type { CheckResult } from "./summary.ts";

export function formatJson({ findings, files, schema, ms }: CheckResult): string {
  return JSON.stringify({ version: 1, findings, files, schema, ms: Math.round(ms) }, undefined, 2);
}
