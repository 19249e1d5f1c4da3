// Stops or deletes a declarative service: what its set holds goes, in the order against applying. A
// stop-script or delete-script, where there is one, comes first, for what only it knows of, such as files on machines.
import {
  applySetOf,
  deleteRecord,
  describeObject,
  dropRevisions,
  findLeftovers,
  findOwnership,
  prune,
  readRecord,
  recordObject,
  refOf,
  runsPods,
  waitUntilGone,
  writeRecord,
  type KubernetesObject,
} from "@pai/kubernetes";
import type { PlannedService } from "../plan.ts";
import type { DeployRun, ServiceOutcome, ServiceRun } from "../run.ts";
import { runServiceScript } from "../script.ts";
import { findOfSet } from "../service-objects.ts";
import { toolVersion } from "../version.ts";

/** Ends the pods and takes the Services away; configuration and data stay. */
export async function stopDeclarative(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const { objects } = run.connection;
  const set = applySetOf(planned.name, toolVersion);
  const record = await readRecord(objects, planned.name);
  const members = await findOfSet(run.connection, set);
  const running = members.filter((each) => runsPods(each) || each.kind === "Service");
  if (running.length === 0) return { outcome: "unchanged", detail: "not running" };
  if (await run.hold()) return stopDeclarative(run, planned);
  if (planned.service.deploy?.scripts.stop)
    await runServiceScript({ ...run, root: run.plan.root, planned, script: "stop" });
  await remove(run, planned, running);
  if (record) {
    const uids = new Set(running.map(({ metadata }) => metadata.uid));
    const left = members.filter(({ metadata }) => !uids.has(metadata.uid)).map(recordObject);
    await writeRecord(objects, {
      ...record,
      state: "stopped",
      objects: left,
      time: new Date().toISOString(),
    });
  }
  return { outcome: "changed", detail: `${running.length} deleted, ${members.length - running.length} kept` };
}

/** Deletes the whole set, except what holds data, and the revisions. */
export async function deleteDeclarative(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const { objects } = run.connection;
  const set = applySetOf(planned.name, toolVersion);
  const members = await findOfSet(run.connection, set);
  const record = await readRecord(objects, planned.name);
  if (!record && members.length === 0) return { outcome: "unchanged", detail: "not in the cluster" };
  if (await run.hold()) return deleteDeclarative(run, planned);
  if (planned.service.deploy?.scripts.delete)
    await runServiceScript({ ...run, root: run.plan.root, planned, script: "delete" });
  const { prunable, kept } = findLeftovers(members, []);
  await remove(run, planned, prunable);
  for (const each of kept) {
    const name = describeObject(refOf(each));
    const message = `${name} is kept, with its data; kubectl delete takes it away`;
    run.report({ type: "warning", service: planned.name, message });
  }
  await dropRevisions(objects, set, 0);
  await deleteRecord(objects, planned.name);
  const detail = `${prunable.length} deleted${kept.length > 0 ? `, ${kept.length} kept` : ""}`;
  return { outcome: "changed", detail };
}

async function remove(
  { connection, report, timeoutMs, signal }: DeployRun,
  { name: service }: PlannedService,
  going: readonly KubernetesObject[],
): Promise<void> {
  const { objects, watches } = connection;
  const workloads = going.filter(runsPods);
  const ownership = await findOwnership(objects, workloads);
  await prune(objects, going);
  await waitUntilGone({
    objects,
    watches,
    service,
    workloads,
    ownership,
    timeoutMs,
    signal,
    onWaiting: (reason) => report({ type: "waiting", service, reason }),
  });
}
