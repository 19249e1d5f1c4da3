// What start, stop, delete and refresh have in common: the connection, events of one service, the summary,
// what is thrown at the end.
import { homedir } from "node:os";
import { createMask, joinErrors, PaiError, type ActionName, type Report } from "@pai/core";
import { connectCluster, type ClusterConnection } from "@pai/kubernetes";
import { criticalPath, runGraph, type NodeResult } from "@pai/plan";
import { comingObjects } from "./coming.ts";
import type { DeployPlan, DeploySelection, PlannedService } from "./plan.ts";

/** Which cluster, and whom to tell about it. */
export interface ClusterSelection {
  /** In place of KUBECONFIG and the other places. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface DeployOptions extends DeploySelection, ClusterSelection {
  /** For each service: its script, and then what it started. */
  readonly timeoutMs?: number | undefined;
}

export interface DeployRun {
  readonly action: ActionName;
  readonly plan: DeployPlan;
  readonly connection: ClusterConnection;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Hides the configuration's secrets. */
  readonly mask: (text: string) => string;
  /** Whether a service of the plan makes the object. */
  readonly isComing: (kind: string, name: string) => boolean;
}

export interface ServiceOutcome {
  readonly outcome: "changed" | "unchanged";
  readonly detail: string;
}

interface TimedOutcome extends ServiceOutcome {
  readonly ms: number;
}

const defaultTimeoutMs = 15 * 60_000;
const servicesAtOnce = 8;

/** Connects to the configuration's cluster (the chosen one without) for the time of `work`, and says so. */
export async function withCluster<T>(
  options: ClusterSelection,
  { apiServerUrl }: { readonly apiServerUrl: string | undefined },
  work: (connection: ClusterConnection) => Promise<T>,
): Promise<T> {
  const { kubeconfig, context, report, signal } = options;
  const connection = await connectCluster({
    ...(kubeconfig === undefined ? {} : { explicit: kubeconfig }),
    ...(context === undefined ? {} : { context }),
    env: process.env,
    home: homedir(),
    server: apiServerUrl,
    signal,
    onTrouble: (reason) => report({ type: "warning", message: `${reason}; trying again` }),
  });
  try {
    report({ type: "connected", to: "cluster", name: connection.context, address: connection.server });
    return await work(connection);
  } finally {
    await connection.close();
  }
}

export function openRun(
  action: ActionName,
  plan: DeployPlan,
  connection: ClusterConnection,
  { timeoutMs = defaultTimeoutMs, report, signal }: DeployOptions,
): DeployRun {
  const services = plan.order.map(({ name }) => name);
  const tasks = services.map((service) => ({
    service,
    needs: [...(plan.edges.get(service) ?? [])].filter((need) => services.includes(need)),
  }));
  report({ type: "planned", action, services, tasks });
  return {
    action,
    plan,
    connection,
    timeoutMs,
    report,
    signal,
    mask: createMask(plan.cluster.secrets),
    isComing: comingObjects(plan, connection),
  };
}

/** Works on each service as soon as what it waits for is done. Throws every failure at the end. */
export async function runServices(
  run: DeployRun,
  work: (planned: PlannedService) => Promise<ServiceOutcome>,
): Promise<void> {
  const { action, plan, report, signal } = run;
  const started = performance.now();
  const byName = new Map(plan.order.map((planned) => [planned.name, planned]));
  const results = await runGraph({
    nodes: [...byName.keys()],
    edges: plan.edges,
    limit: servicesAtOnce,
    signal,
    start: (name) => runService(run, name, () => work(byName.get(name) as PlannedService)),
    onSkip: (service, because) => report({ type: "skipped", action, service, because: `${because} failed` }),
  });
  if (signal.aborted) throw interrupted(action, results);
  report({
    type: "summary",
    text: summaryOf(action, results),
    ms: Math.round(performance.now() - started),
    criticalPath: criticalPath(plan.edges, timesOf(results)),
  });
  const errors = [...results].flatMap(([name, result]) =>
    result.state === "failed" ? [withConsequences(result.error, name, results)] : [],
  );
  if (errors.length > 0) throw joinErrors(errors);
}

async function runService(
  { action, report, signal }: DeployRun,
  service: string,
  work: () => Promise<ServiceOutcome>,
): Promise<TimedOutcome> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  report({ type: "started", action, service });
  try {
    const result = { ...(await work()), ms: ms() };
    report({ type: "finished", action, service, ...result });
    return result;
  } catch (error) {
    const code = error instanceof PaiError ? error.code : "INTERNAL";
    const message = error instanceof Error ? error.message : String(error);
    if (!signal.aborted) report({ type: "failed", action, service, code, message, ms: ms() });
    throw error;
  }
}

type Results = ReadonlyMap<string, NodeResult<TimedOutcome>>;

function timesOf(results: Results): ReadonlyMap<string, number> {
  return new Map(
    [...results].flatMap(([name, result]) => (result.state === "done" ? [[name, result.value.ms]] : [])),
  );
}

const pastTense: Readonly<Partial<Record<ActionName, string>>> = {
  start: "started",
  stop: "stopped",
  delete: "deleted",
  refresh: "refreshed",
};

function summaryOf(action: ActionName, results: Results): string {
  const counts = new Map<string, number>();
  for (const result of results.values()) {
    const changed = result.state === "done" && result.value.outcome === "changed";
    const kind =
      result.state === "done" ? (changed ? (pastTense[action] ?? action) : "unchanged") : result.state;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  return `${results.size} ${results.size === 1 ? "service" : "services"}: ${parts || "nothing to do"}`;
}

/** Adds what was not done because of the failure, and where to look next. */
function withConsequences(error: unknown, name: string, results: Results): Error {
  if (!(error instanceof PaiError)) return error instanceof Error ? error : new Error(String(error));
  const skipped = [...results].flatMap(([other, result]) =>
    result.state === "skipped" && result.because === name ? [other] : [],
  );
  return new PaiError(error.code, error.message, {
    cause: error.cause,
    details: [
      ...error.details,
      ...(skipped.length > 0 ? [`stopped  before: ${skipped.join(", ")} (untouched)`] : []),
      ...(error.code === "NOT_READY" || error.code === "WAIT_TIMEOUT"
        ? [`next     npx paictl service status -n ${name}`]
        : []),
    ],
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.location === undefined ? {} : { location: error.location }),
  });
}

function interrupted(action: ActionName, results: Results): PaiError {
  const done = [...results].flatMap(([name, { state }]) => (state === "done" ? [name] : []));
  return new PaiError("INTERRUPTED", `${action}: interrupted`, {
    details: done.length > 0 ? [`done     ${done.join(", ")}`] : [],
    hint: "run it again: it goes on from what the cluster shows",
  });
}
