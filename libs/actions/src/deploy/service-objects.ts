import {
  listMembers,
  readRecords,
  readScope,
  type ApplySet,
  type ClusterConnection,
  type KubernetesObject,
  type ObjectRef,
  type ServiceRecord,
} from "@pai/kubernetes";
import { createMask } from "@pai/core";
import { manifestRefs } from "./members.ts";
import { planDeployment, type PlannedService } from "./plan.ts";
import { withCluster, type DeployOptions } from "./run.ts";

export interface ServiceObjects {
  readonly connection: ClusterConnection;
  /** Per service, as `refsOf` has them. */
  readonly refs: ReadonlyMap<string, readonly ObjectRef[]>;
  readonly mask: (text: string) => string;
}

/** Also of services whose start failed, which left no record. */
export async function withServiceObjects<T>(
  options: DeployOptions,
  work: (found: ServiceObjects) => Promise<T>,
): Promise<T> {
  const plan = await planDeployment(options, { order: "stop" });
  return withCluster(options, plan.cluster, async (connection) => {
    const records = await readRecords(connection.objects);
    const refs = plan.order.map((planned): [string, readonly ObjectRef[]] => [
      planned.name,
      refsOf(connection, planned, records.get(planned.name)),
    ]);
    return work({ connection, refs: new Map(refs), mask: createMask(plan.cluster.secrets) });
  });
}

/** What a service was recorded with, and what its manifests name, each once; it may be there or not. */
export function refsOf(
  connection: ClusterConnection,
  planned: PlannedService,
  record: ServiceRecord | undefined,
): ObjectRef[] {
  const all: readonly ObjectRef[] = [...(record?.objects ?? []), ...manifestRefs(planned, connection)];
  return [...new Map(all.map((ref) => [keyOf(ref), ref])).values()];
}

/** What carries the label of a declarative service, but not what controllers have made for it. */
export async function findOfSet(
  { objects }: Pick<ClusterConnection, "objects">,
  set: ApplySet,
  isWhole?: Parameters<typeof listMembers>[3],
): Promise<KubernetesObject[]> {
  const { objects: members } = await listMembers(objects, set, await readScope(objects, set), isWhole);
  return members.filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0);
}

function keyOf({ kind, namespace = "", name }: ObjectRef): string {
  return `${kind} ${namespace} ${name}`;
}
