// What start, stop, delete and refresh have in common: the connection, events of one service, the summary,
// what is thrown at the end.
import { homedir } from "node:os";
import { createMask, joinErrors, PaiError, type ActionName, type Report } from "@pai/core";
import { connectCluster, type ClusterConnection, type ObjectRef } from "@pai/kubernetes";
import { runGraph } from "@pai/plan";
import { comingObjects } from "./coming.ts";
import { gatherEvidence } from "./evidence.ts";
import { writeFailureReport } from "./failure-report.ts";
import { manifestRefs } from "./members.ts";
import type { DeployPlan, DeploySelection, PlannedService } from "./plan.ts";
import { failuresOf, interrupted, summaryOf, withConsequences } from "./run-end.ts";
import { createRunMemory, type RunMemory } from "./run-memory.ts";

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
  /** How many services are worked on at once. */
  readonly parallel?: number | undefined;
}

export interface DeployRun {
  readonly action: ActionName;
  readonly plan: DeployPlan;
  readonly connection: ClusterConnection;
  readonly timeoutMs: number;
  readonly parallel: number;
  readonly report: Report;
  /** For the report that a failed run leaves. */
  readonly memory: RunMemory;
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

export interface TimedOutcome extends ServiceOutcome {
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
  { timeoutMs = defaultTimeoutMs, parallel = servicesAtOnce, report, signal }: DeployOptions,
): DeployRun {
  const services = plan.order.map(({ name }) => name);
  const tasks = services.map((service) => ({
    service,
    needs: [...(plan.edges.get(service) ?? [])].filter((need) => services.includes(need)),
  }));
  const memory = createRunMemory(report);
  memory.report({ type: "planned", action, services, tasks });
  return {
    action,
    plan,
    connection,
    timeoutMs,
    parallel,
    report: memory.report,
    memory,
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
    limit: run.parallel,
    signal,
    start: (name) => runService(run, byName.get(name) as PlannedService, work),
    onSkip: (service, because) => report({ type: "skipped", action, service, because: `${because} failed` }),
  });
  if (signal.aborted) throw interrupted(action, results);
  const failed = failuresOf(results);
  const errors = failed.map(({ error }) => error);
  const page = errors.length > 0 ? await writeFailureReport({ ...run, root: plan.root, errors }) : undefined;
  if (page !== undefined) report({ type: "report", path: page });
  report(summaryOf(run, results, Math.round(performance.now() - started)));
  if (failed.length > 0) throw joinErrors(failed.map((failure) => withConsequences(failure, page)));
}

async function runService(
  run: DeployRun,
  planned: PlannedService,
  work: (planned: PlannedService) => Promise<ServiceOutcome>,
): Promise<TimedOutcome> {
  const { action, report, signal } = run;
  const service = planned.name;
  const started = performance.now();
  const since = run.connection.now();
  const ms = (): number => Math.round(performance.now() - started);
  report({ type: "started", action, service });
  try {
    const result = { ...(await work(planned)), ms: ms() };
    report({ type: "finished", action, service, ...result });
    return result;
  } catch (error) {
    const code = error instanceof PaiError ? error.code : "INTERNAL";
    const message = error instanceof Error ? error.message : String(error);
    const elapsed = ms();
    if (!signal.aborted) {
      await keepEvidence(run, planned, { refs: manifestRefs(planned, run.connection), since });
      report({ type: "failed", action, service, code, message, ms: elapsed });
    }
    throw error;
  }
}

/** Looks at what a failed service left in the cluster, before anything is undone. */
export async function keepEvidence(
  { connection, memory, mask }: DeployRun,
  { name: service }: PlannedService,
  found: { readonly refs: readonly ObjectRef[]; readonly since: Date },
): Promise<void> {
  await memory.lookOnce(service, () => gatherEvidence({ connection, service, mask, ...found }));
}
