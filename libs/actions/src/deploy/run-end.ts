// How a run over services ended: its summary, and its errors with what they kept from being done.
import { PaiError, type ActionEvent, type ActionName } from "@pai/core";
import { criticalPath, skippedBecauseOf, type NodeResult } from "@pai/plan";
import type { DeployRun, TimedOutcome } from "./run.ts";

type Results = ReadonlyMap<string, NodeResult<TimedOutcome>>;

export interface ServiceFailure {
  readonly service: string;
  readonly error: unknown;
  /** Services that were not touched because of it. */
  readonly skipped: readonly string[];
}

export function failuresOf(results: Results): ServiceFailure[] {
  return [...results].flatMap(([service, result]) =>
    result.state === "failed"
      ? [{ service, error: result.error, skipped: skippedBecauseOf(service, results) }]
      : [],
  );
}

const pastTense: Readonly<Partial<Record<ActionName, string>>> = {
  start: "started",
  stop: "stopped",
  delete: "deleted",
  refresh: "refreshed",
};

export function summaryOf(
  { action, plan }: Pick<DeployRun, "action"> & { readonly plan: Pick<DeployRun["plan"], "edges"> },
  results: Results,
  ms: number,
): ActionEvent {
  const counts = new Map<string, number>();
  const times = new Map<string, number>();
  const changed: string[] = [];
  for (const [name, result] of results) {
    const isChanged = result.state === "done" && result.value.outcome === "changed";
    const kind =
      result.state === "done" ? (isChanged ? (pastTense[action] ?? action) : "unchanged") : result.state;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (result.state === "done") times.set(name, result.value.ms);
    if (isChanged) changed.push(name);
  }
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const text = `${results.size} ${results.size === 1 ? "service" : "services"}: ${parts || "nothing to do"}`;
  const slowest = results.size > 1 ? slowestOf(changed, times) : "";
  return { type: "summary", text: `${text}${slowest}`, ms, criticalPath: criticalPath(plan.edges, times) };
}

const namedAsSlowest = 3;

function slowestOf(changed: readonly string[], times: ReadonlyMap<string, number>): string {
  const timeOf = (name: string): number => times.get(name) ?? 0;
  const slowest = changed.toSorted((a, b) => timeOf(b) - timeOf(a)).slice(0, namedAsSlowest);
  if (slowest.length === 0) return "";
  return ` · longest: ${slowest.map((name) => `${name} ${(timeOf(name) / 1000).toFixed(1)} s`).join(", ")}`;
}

/** The error with what was not done because of it, and where to look next. */
export function withConsequences(
  { service, error, skipped }: ServiceFailure,
  reportPage: string | undefined,
): Error {
  if (!(error instanceof PaiError)) return error instanceof Error ? error : new Error(String(error));
  const isStep = (line: string): boolean => line.startsWith("next ");
  return error.withDetails([
    ...error.details.filter((line) => !isStep(line)),
    ...(skipped.length > 0 ? [`stopped  before: ${skipped.join(", ")} (untouched)`] : []),
    ...(reportPage === undefined ? [] : [`report   ${reportPage}`]),
    ...nextStep(error, service),
    ...error.details.filter(isStep),
  ]);
}

/** A container that printed something has more to say; otherwise the objects tell most. */
function nextStep({ code, details }: PaiError, service: string): string[] {
  if (code !== "NOT_READY" && code !== "WAIT_TIMEOUT") return [];
  const hasLog = details.some((line) => line.startsWith("cause "));
  return [`next     npx paictl service ${hasLog ? `logs -n ${service} --previous` : `status -n ${service}`}`];
}

/** With what had failed by then, which the interruption is not to hide. */
export function interrupted(
  { action, memory }: Pick<DeployRun, "action" | "memory">,
  results: Results,
  reportPage: string | undefined,
): PaiError {
  const done = [...results].flatMap(([name, { state }]) => (state === "done" ? [name] : []));
  const failed = [...memory.failures.values()].map(
    (error) => `failed   ${error instanceof Error ? error.message : String(error)}`,
  );
  return new PaiError("INTERRUPTED", `${action}: interrupted`, {
    details: [
      ...(done.length > 0 ? [`done     ${done.join(", ")}`] : []),
      ...failed,
      ...(reportPage === undefined ? [] : [`report   ${reportPage}`]),
    ],
    hint: "run it again: it goes on from what the cluster shows",
  });
}
