import { formatGithub } from "./github.ts";
import { formatJson } from "./json.ts";
import { formatSarif } from "./sarif.ts";
import type { CheckResult } from "./summary.ts";
import { formatText } from "./text.ts";

export const formats = ["text", "json", "github", "sarif"] as const;
export type Format = (typeof formats)[number];

const formatters: Readonly<Record<Format, (result: CheckResult) => string>> = {
  text: formatText,
  json: formatJson,
  github: formatGithub,
  sarif: formatSarif,
};

export function formatResult(result: CheckResult, format: Format): string {
  return formatters[format](result);
}
