import {
  listMembers,
  readRecords,
  readScope,
  type ApplySet,
  type ClusterConnection,
  type KubernetesObject,
  type ObjectRef,
} from "@pai/kubernetes";
import { createMask } from "@pai/core";
import { manifestRefs } from "./members.ts";
import { planDeployment } from "./plan.ts";
import { withCluster, type DeployOptions } from "./run.ts";

export interface ServiceObjects {
  readonly connection: ClusterConnection;
  /** Per service: what it was recorded with, and what its manifests name; it may be there or not. */
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
    const refs = plan.order.map((planned): [string, readonly ObjectRef[]] => {
      const recorded = records.get(planned.name)?.objects ?? [];
      const all = [...recorded, ...manifestRefs(planned, connection)];
      return [planned.name, [...new Map(all.map((ref) => [keyOf(ref), ref])).values()]];
    });
    return work({ connection, refs: new Map(refs), mask: createMask(plan.cluster.secrets) });
  });
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
