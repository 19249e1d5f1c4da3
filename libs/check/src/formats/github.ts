// Workflow commands: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import type { Finding, Level } from "../finding.ts";
import { summaryOf, type CheckResult } from "./summary.ts";

const commands: Readonly<Record<Level, string>> = { error: "error", warning: "warning", hint: "notice" };

/** One annotation a finding, in the words that GitHub's runner reads from the log. */
export function formatGithub(result: CheckResult): string {
  return [...result.findings.map(annotation), summaryOf(result)].join("\n");
}

function annotation({ level, rule, file, line, column, message }: Finding): string {
  const properties = { file, line: `${line}`, col: `${column}`, title: rule };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${commands[level]} ${list.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
