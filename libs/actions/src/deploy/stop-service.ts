// Stops or deletes one service: runs the script, waits until its workloads and their pods are gone, and
// keeps its record in step.
import {
  deleteRecord,
  describeObject,
  findAll,
  findOwnership,
  readRecord,
  recordObject,
  refOf,
  runsPods,
  summarizeChanges,
  waitUntilGone,
  writeRecord,
  type KubernetesObject,
  type ServiceRecord,
} from "@pai/kubernetes";
import type { PlannedService } from "./plan.ts";
import type { DeployRun, ServiceOutcome, ServiceRun } from "./run.ts";
import { runServiceScript } from "./script.ts";
import { refsOf } from "./service-objects.ts";

export async function stopService(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const { connection, report } = run;
  const { record, workloads } = await findRunning(run, planned);
  if (record?.state !== "started" && workloads.length === 0)
    return { outcome: "unchanged", detail: "not running" };
  if (await run.hold()) return stopService(run, planned);
  const { detail, kept } = await end(run, planned, "stop", workloads);
  for (const each of kept) {
    const message = `the stop-script left ${describeObject(refOf(each))} running`;
    report({ type: "warning", service: planned.name, message });
  }
  if (record) {
    const found = await findAll(connection.objects, record.objects);
    const objects = found.flatMap(({ ref, object }) =>
      object?.metadata.uid === ref.uid ? [recordObject(object)] : [],
    );
    await writeRecord(connection.objects, {
      ...record,
      state: "stopped",
      objects,
      time: new Date().toISOString(),
    });
  }
  return { outcome: "changed", detail };
}

export async function deleteService(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const { record, workloads } = await findRunning(run, planned);
  if (!record && workloads.length === 0) return { outcome: "unchanged", detail: "not in the cluster" };
  if (await run.hold()) return deleteService(run, planned);
  const { detail } = await end(run, planned, "delete", workloads);
  await deleteRecord(run.connection.objects, planned.name);
  return { outcome: "changed", detail };
}

/** Also without a record: the service may have been started by hand. */
async function findRunning(
  { connection }: DeployRun,
  planned: PlannedService,
): Promise<{ readonly record: ServiceRecord | undefined; readonly workloads: readonly KubernetesObject[] }> {
  const record = await readRecord(connection.objects, planned.name);
  const refs = refsOf(connection, planned, record).filter(runsPods);
  const live = (await findAll(connection.objects, refs)).flatMap(({ object }) => object ?? []);
  return { record, workloads: [...new Map(live.map((object) => [object.metadata.uid, object])).values()] };
}

async function end(
  run: DeployRun,
  planned: PlannedService,
  script: "stop" | "delete",
  workloads: readonly KubernetesObject[],
): Promise<{ readonly detail: string; readonly kept: readonly KubernetesObject[] }> {
  const { connection, report, timeoutMs, signal } = run;
  const { objects, watches } = connection;
  const ownership = await findOwnership(objects, workloads);
  const lines = await runServiceScript({ ...run, root: run.plan.root, planned, script });
  const onWaiting = (reason: string): void => report({ type: "waiting", service: planned.name, reason });
  const kept = await waitUntilGone({
    objects,
    watches,
    service: planned.name,
    workloads,
    ownership,
    timeoutMs,
    signal,
    onWaiting,
  });
  return { detail: summarizeChanges(lines) || `${script}-script done`, kept };
}
