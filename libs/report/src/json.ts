import { PaiError } from "@pai/core";
import { taskRecords, type RunRecord } from "./run-record.ts";

/** All that is known; `events` are those of docs/events.md, each with its time. */
export function formatJson(run: RunRecord): string {
  const { action, tool, started, ended, cluster, events, evidence } = run;
  const errors = run.errors.map(describeError);
  const services = taskRecords(run);
  const report = { action, tool, started, ended, cluster, services, errors, events, evidence };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function describeError(error: unknown): object {
  if (!(error instanceof PaiError)) return { code: "INTERNAL", message: String(error) };
  const { code, message, location, details, hint } = error;
  return { code, message, location, details, hint };
}
