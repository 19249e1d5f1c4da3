import type { ActionEvent, ActionName } from "@pai/core";
import type { ServiceEvidence } from "./evidence.ts";

export type TimedEvent = ActionEvent & {
  /** ISO 8601. */
  readonly time: string;
};

/** A run that failed. */
export interface RunRecord {
  readonly action: ActionName;
  readonly tool: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  readonly cluster: { readonly name: string; readonly server: string; readonly version: string };
  readonly events: readonly TimedEvent[];
  readonly errors: readonly unknown[];
  readonly evidence: readonly ServiceEvidence[];
}

type TaskState = "done" | "unchanged" | "failed" | "skipped" | "not ended";

export interface TaskRecord {
  readonly service: string;
  readonly needs: readonly string[];
  readonly state: TaskState;
  /** What was done, why it failed, or because of what it was skipped. */
  readonly detail: string;
  /** Absent for what was not begun. */
  readonly ms?: number;
}

/** How each service of the plan ended, in the plan's order. */
export function taskRecords({ events }: Pick<RunRecord, "events">): TaskRecord[] {
  const planned = events.findLast((event) => event.type === "planned");
  const tasks = planned?.tasks ?? planned?.services.map((service) => ({ service, needs: [] })) ?? [];
  return tasks.map(({ service, needs }) => ({ service, needs, ...endOf(service, events) }));
}

function endOf(service: string, events: readonly TimedEvent[]): Pick<TaskRecord, "state" | "detail" | "ms"> {
  for (const event of events.toReversed()) {
    if (!("service" in event) || event.service !== service) continue;
    if (event.type === "finished") {
      const state = event.outcome === "unchanged" ? "unchanged" : "done";
      return { state, detail: event.detail, ms: event.ms };
    }
    if (event.type === "failed") return { state: "failed", detail: event.message, ms: event.ms };
    if (event.type === "skipped") return { state: "skipped", detail: event.because };
  }
  return { state: "not ended", detail: "" };
}
