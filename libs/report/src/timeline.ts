import type { ActionEvent } from "@pai/core";
import type { RunRecord } from "./run-record.ts";

export interface TimelineEntry {
  /** Since the run began, such as `+12.3 s`. */
  readonly after: string;
  readonly service: string;
  readonly text: string;
}

/** What happened to the services; what their scripts printed is left out. */
export function formatTimeline({ events, started }: Pick<RunRecord, "events" | "started">): TimelineEntry[] {
  const start = Date.parse(started);
  return events.flatMap((event) => {
    const text = describe(event);
    const service = "service" in event ? (event.service ?? "") : "";
    const after = `+${((Date.parse(event.time) - start) / 1000).toFixed(1)} s`;
    return text === undefined ? [] : [{ after, service, text }];
  });
}

function describe(event: ActionEvent): string | undefined {
  switch (event.type) {
    case "started":
      return `${event.action} begins`;
    case "progress":
      return event.text;
    case "waiting":
      return `not ready: ${event.reason}`;
    case "finished":
      return [event.outcome, event.detail].filter(Boolean).join(": ");
    case "failed":
      return `failed: ${event.message.split("\n", 1)[0] ?? ""}`;
    case "skipped":
      return `skipped: ${event.because}`;
    case "warning":
      return `warning: ${event.message}`;
    case "connected":
    case "planned":
    case "step":
    case "output":
    case "report":
    case "summary":
      return undefined;
  }
}
