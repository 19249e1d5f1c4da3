// How a service is whose start goes on or has failed: a record is written when all is ready, so only the
// cluster knows.
import {
  applySetOf,
  describeTroubles,
  findAll,
  findLeftovers,
  hasReadiness,
  refOf,
  runsPods,
  type ClusterConnection,
  type KubernetesObject,
  type ServiceRecord,
} from "@pai/kubernetes";
import { manifestRefs } from "./members.ts";
import type { PlannedService } from "./plan.ts";
import { findOfSet } from "./service-objects.ts";
import { toolVersion } from "./version.ts";

export interface Unfinished {
  readonly objects: readonly KubernetesObject[];
  /** Never empty. */
  readonly reasons: readonly string[];
}

/** Undefined when nothing of the service is in the cluster but data, and what a stop has left. */
export async function findUnfinished(
  connection: ClusterConnection,
  planned: PlannedService,
  record: ServiceRecord | undefined,
): Promise<Unfinished | undefined> {
  const left = new Set(record?.objects.map(({ uid }) => uid));
  const { prunable } = findLeftovers(await findOwn(connection, planned), []);
  const objects = prunable.filter(({ metadata }) => !left.has(metadata.uid ?? ""));
  if (objects.length === 0) return undefined;
  const troubles = await describeTroubles({ ...connection, targets: objects.map(refOf) });
  return { objects, reasons: troubles.length > 0 ? troubles : ["no start has found it ready yet"] };
}

/** Of what a script applies, only what runs pods: the rest may be left by a delete, or shared. */
async function findOwn(connection: ClusterConnection, planned: PlannedService): Promise<KubernetesObject[]> {
  if (planned.service.deploy?.declarative)
    return findOfSet(connection, applySetOf(planned.name, toolVersion), hasReadiness);
  const refs = manifestRefs(planned, connection).filter(runsPods);
  const found = await findAll(connection.objects, refs, { listFrom: 1 });
  return found.flatMap(({ object }) => object ?? []);
}
