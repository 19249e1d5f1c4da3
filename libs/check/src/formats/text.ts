import type { Finding } from "../finding.ts";
import { shown } from "../finding.ts";
import { summaryOf, type CheckResult } from "./summary.ts";

/** By file, one finding a line, and a last line that counts them. */
export function formatText(result: CheckResult): string {
  const width = Math.max(0, ...result.findings.map(({ rule }) => rule.length));
  const files = [...Map.groupBy(result.findings, ({ file }) => file)];
  return [
    ...files.flatMap(([file, findings]) => [shown(file), ...alignedLines(findings, width)]),
    [summaryOf(result), ...(result.schema ? [result.schema] : []), `${(result.ms / 1000).toFixed(1)} s`].join(
      " · ",
    ),
  ].join("\n");
}

function alignedLines(findings: readonly Finding[], ruleWidth: number): string[] {
  const placeWidth = Math.max(5, ...findings.map((finding) => placeOf(finding).length));
  return findings.map((finding) => {
    const { level, rule, message } = finding;
    return `  ${placeOf(finding).padStart(placeWidth)}  ${level.padEnd(7)}  ${rule.padEnd(ruleWidth)}  ${message}`;
  });
}

function placeOf({ line, column }: Finding): string {
  return `${line}:${column}`;
}
