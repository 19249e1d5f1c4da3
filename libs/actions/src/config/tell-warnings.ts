import type { Report } from "@pai/core";
import type { ConfigWarning } from "@pai/model";

export function tellWarnings(warnings: readonly ConfigWarning[] = [], report: Report): void {
  for (const warning of warnings) report({ type: "warning", ...warning });
}
