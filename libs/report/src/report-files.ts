// The files of a report's folder, from one record: what people read, what programs read, what CI shows.
import { attachments, type ReportFile } from "./attachments.ts";
import { formatJson } from "./json.ts";
import { formatJunit } from "./junit.ts";
import { formatMarkdown } from "./markdown.ts";
import type { RunRecord } from "./run-record.ts";

export function reportFiles(run: RunRecord): ReportFile[] {
  return [
    { name: "report.md", text: formatMarkdown(run) },
    { name: "report.json", text: formatJson(run) },
    { name: "junit.xml", text: formatJunit(run) },
    ...run.evidence.flatMap(attachments),
  ];
}
