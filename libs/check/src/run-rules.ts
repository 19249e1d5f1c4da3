import { createMask } from "@pai/core";
import { compareFindings, shown, type Finding } from "./finding.ts";
import { isSuppressed } from "./suppressions.ts";
import { uncovered } from "./uncovered.ts";
import { rules } from "./rules/index.ts";
import type { CheckContext } from "./rule.ts";

/** All findings, sorted by place; those that a comment or `ignore` silences are left out. */
export function runRules(context: CheckContext, ignore: readonly string[] = []): Finding[] {
  const mask = createMask(context.cluster?.secrets ?? []);
  const findings = rules.flatMap((rule) =>
    [...rule.check(context)].map(({ level = rule.level, file, line = 1, column = 1, message }): Finding => ({
      rule: rule.id,
      level,
      file,
      line,
      column,
      message: shown(mask(message)),
    })),
  );
  const all = [...findings, ...uncovered(context, findings)];
  const kept = all.filter((finding) => !ignore.includes(finding.rule) && !isSuppressed(finding, context));
  return withoutRepetitions(kept.toSorted(compareFindings));
}

function withoutRepetitions(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, column, message }) => {
    const key = JSON.stringify([rule, file, line, column, message]);
    return seen.has(key) ? false : seen.add(key);
  });
}
