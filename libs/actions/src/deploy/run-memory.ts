// What a run said and found until it failed, for its report.
import type { ActionEvent, Report } from "@pai/core";
import type { ServiceEvidence, TimedEvent } from "@pai/report";

export interface RunMemory {
  /** Passes events on. */
  readonly report: Report;
  /** ISO 8601. */
  readonly started: string;
  readonly events: readonly TimedEvent[];
  readonly evidence: ReadonlyMap<string, ServiceEvidence>;
  /** Why services failed, by their names; what an interruption ended is none of them. */
  readonly failures: ReadonlyMap<string, unknown>;
  /** Only the first look at a service counts: what comes later may have undone what tells. */
  lookOnce(service: string, look: () => Promise<ServiceEvidence>): Promise<void>;
  /** The next look is the first one again. */
  forget(service: string): void;
  /** What is said of a service later takes the place of what was said before. */
  fail(service: string, error: unknown): void;
  /** The folder of the report, made when the first one is written. */
  folderOnce(make: () => Promise<string>): Promise<string>;
}

/** Builds and scripts can print without end; reports need no more than the last of it. */
const keptOutput = 2000;

export function createRunMemory(report: Report): RunMemory {
  const events: TimedEvent[] = [];
  const evidence = new Map<string, ServiceEvidence>();
  const failures = new Map<string, unknown>();
  let folder: Promise<string> | undefined;
  let output = 0;
  const remember = (event: ActionEvent): void => {
    events.push({ time: new Date().toISOString(), ...event });
    if (event.type !== "output") return;
    output += 1;
    if (output <= keptOutput) return;
    events.splice(
      events.findIndex(({ type }) => type === "output"),
      1,
    );
    output -= 1;
  };
  return {
    report: (event) => {
      remember(event);
      report(event);
    },
    started: new Date().toISOString(),
    events,
    evidence,
    failures,
    async lookOnce(service, look) {
      if (!evidence.has(service)) evidence.set(service, await look());
    },
    forget: (service) => void evidence.delete(service),
    fail: (service, error) => void failures.set(service, error),
    folderOnce: (make) => (folder ??= make()),
  };
}
