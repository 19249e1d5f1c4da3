import type { Finding, Level } from "../finding.ts";

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** How many files were looked at. */
  readonly files: number;
  /** What objects were checked against, such as `Kubernetes 1.34.4 bundled`; absent where there were none. */
  readonly schema?: string;
  readonly ms: number;
}

/** `3 errors, 1 hint in 3 of 214 files`. */
export function summaryOf({ findings, files }: Pick<CheckResult, "findings" | "files">): string {
  const counts = (["error", "warning", "hint"] as const).flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count === 0 ? [] : [plural(count, level)];
  });
  const bad = new Set(findings.map(({ file }) => file)).size;
  if (bad === 0) return `nothing found in ${plural(files, "file")}`;
  return `${counts.join(", ")} in ${bad} of ${plural(Math.max(files, bad), "file")}`;
}

function plural(count: number, noun: Level | "file"): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
