// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import type { Level } from "../finding.ts";
import { allRules } from "../all-rules.ts";
import type { CheckResult } from "./summary.ts";

const levels: Readonly<Record<Level, string>> = { error: "error", warning: "warning", hint: "note" };

export function formatSarif({ findings }: CheckResult): string {
  const ids = allRules.map(({ id }) => id);
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "paictl check",
            rules: allRules.map(({ id, level, about }) => ({
              id,
              shortDescription: { text: about },
              defaultConfiguration: { level: levels[level] },
            })),
          },
        },
        results: findings.map(({ rule, level, file, line, column, message }) => ({
          ruleId: rule,
          ruleIndex: ids.indexOf(rule),
          level: levels[level],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}
