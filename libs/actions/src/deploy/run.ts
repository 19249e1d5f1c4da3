// What start, stop, delete and refresh have in common: the connection, events of one service, the summary,
// what is thrown at the end.
import { homedir } from "node:os";
import { createMask, failureFacts, joinErrors, type ActionName, type Report } from "@pai/core";
import { connectCluster, type ClusterConnection, type LeaseHolder, type ObjectRef } from "@pai/kubernetes";
import type { Cluster } from "@pai/model";
import { runGraph } from "@pai/plan";
import { comingObjects } from "./coming.ts";
import { changingWhileHeld, createExclusive } from "./exclusive.ts";
import { describeHolder } from "./holder.ts";
import { confirmCluster } from "./identity.ts";
import { gatherEvidence } from "./evidence.ts";
import { keepReport } from "./failure-report.ts";
import { manifestRefs } from "./members.ts";
import type { DeployPlan, DeploySelection, PlannedService } from "./plan.ts";
import { failuresOf, interrupted, summaryOf, withConsequences } from "./run-end.ts";
import { createRunMemory, type RunMemory } from "./run-memory.ts";

/** Which cluster, and whom to tell about it. */
export interface ClusterSelection {
  /** In place of KUBECONFIG and the other places. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** The id that the cluster must have. */
  readonly expectedId?: string | undefined;
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
  readonly holder: LeaseHolder;
  /** Whether a service of the plan makes the object. */
  readonly isComing: (kind: string, name: string) => boolean;
}

/** The work on one service. */
export interface ServiceRun extends DeployRun {
  /** To be called before the first change; true when another run may have done the work meanwhile. */
  readonly hold: () => Promise<boolean>;
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

/** The cluster that a configuration is for, as far as it says so. */
type ConfiguredCluster = { readonly apiServerUrl: string | undefined } & Partial<
  Pick<Cluster, "clusterId" | "isClusterIdNamed">
>;

/** Connects to the configuration's cluster (the chosen one without) for the time of `work`, and says so. */
export async function withCluster<T>(
  options: ClusterSelection,
  { apiServerUrl, clusterId, isClusterIdNamed = false }: ConfiguredCluster,
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
    const id = await confirmCluster(connection, {
      given: options.expectedId,
      configured: isClusterIdNamed ? clusterId : undefined,
    });
    const { context: name, server: address } = connection;
    report({ type: "connected", to: "cluster", name, address, ...(id === undefined ? {} : { id }) });
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
    holder: describeHolder(action),
    isComing: comingObjects(plan, connection),
  };
}

/** Works on each service as soon as what it waits for is done. Throws every failure at the end. */
export async function runServices(
  run: DeployRun,
  work: (planned: PlannedService, run: ServiceRun) => Promise<ServiceOutcome>,
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
  const page = await keepReport(run);
  if (signal.aborted) throw interrupted(run, results, page);
  const failed = failuresOf(results);
  report(summaryOf(run, results, Math.round(performance.now() - started)));
  if (failed.length > 0) throw joinErrors(failed.map((failure) => withConsequences(failure, page)));
}

async function runService(
  run: DeployRun,
  planned: PlannedService,
  work: (planned: PlannedService, run: ServiceRun) => Promise<ServiceOutcome>,
): Promise<TimedOutcome> {
  const { action, report, signal } = run;
  const service = planned.name;
  const started = performance.now();
  const since = run.connection.now();
  const ms = (): number => Math.round(performance.now() - started);
  report({ type: "started", action, service });
  const exclusive = createExclusive({ ...run, service, lease: `pai-service-${service}` });
  try {
    const connection = changingWhileHeld(run.connection, exclusive);
    const own = { ...run, connection, signal: exclusive.signal, hold: () => exclusive.hold() };
    const result = { ...(await work(planned, own)), ms: ms() };
    report({ type: "finished", action, service, ...result });
    return result;
  } catch (caught) {
    const isLost = exclusive.signal.aborted && !signal.aborted;
    const error: unknown = isLost ? exclusive.signal.reason : caught;
    const elapsed = ms();
    if (!signal.aborted) {
      await keepEvidence(run, planned, { refs: manifestRefs(planned, run.connection), since });
      run.memory.fail(service, error);
      report({ type: "failed", action, service, ...failureFacts(error), ms: elapsed });
    }
    throw error;
  } finally {
    await exclusive.release();
  }
}

/** Looks at what a failed service left in the cluster, before anything is undone. */
export async function keepEvidence(
  { connection, memory, mask }: Pick<DeployRun, "connection" | "memory" | "mask">,
  { name: service }: PlannedService,
  found: { readonly refs: readonly ObjectRef[]; readonly since: Date },
): Promise<void> {
  await memory.lookOnce(service, () => gatherEvidence({ connection, service, mask, ...found }));
}
