export type { EventRecord, LogRecord, ObjectRecord, PodRecord, ServiceEvidence } from "./evidence.ts";
export type { RunRecord, TimedEvent } from "./run-record.ts";
export type { ReportFile } from "./attachments.ts";
export { reportFiles } from "./report-files.ts";
