import {
  applySetOf,
  describeObject,
  findAll,
  findLeftovers,
  readRecords,
  refOf,
  runsPods,
  type ClusterConnection,
  type KubernetesObject,
  type ServiceRecord,
} from "@pai/kubernetes";
import { readClusterId } from "../config/store.ts";
import { planDeployment, type PlannedService } from "./plan.ts";
import { withCluster, type DeployOptions } from "./run.ts";
import { findOfSet, refsOf } from "./service-objects.ts";
import { toolVersion } from "./version.ts";

export interface DeletionPlan {
  /** As it was connected to. */
  readonly cluster: { readonly name: string; readonly address: string; readonly id?: string };
  readonly deletions: readonly Deletion[];
}

export interface Deletion {
  readonly service: string;
  /** The script that decides what of its data goes; absent where it will not run. */
  readonly script?: string;
  /** Its objects in the cluster, such as `DaemonSet hbase-master`. */
  readonly objects: readonly string[];
  /** Those that stay, as they hold data. */
  readonly kept: readonly string[];
}

/** What a delete would take away, in its order, and where. Changes nothing. */
export async function planDeletion(options: DeployOptions): Promise<DeletionPlan> {
  const plan = await planDeployment({ ...options, report: () => {} }, { order: "stop" });
  return withCluster(options, plan.cluster, async (connection) => {
    const { objects, context: name, server: address } = connection;
    const [records, id] = await Promise.all([readRecords(objects), readClusterId(objects)]);
    const deletions = plan.order.map((planned) => deletionOf(connection, planned, records.get(planned.name)));
    return {
      cluster: { name, address, ...(id === undefined ? {} : { id }) },
      deletions: await Promise.all(deletions),
    };
  });
}

/** Looks for what the delete itself looks for: members of the set, or what was recorded or manifests name. */
async function deletionOf(
  connection: ClusterConnection,
  planned: PlannedService,
  record: ServiceRecord | undefined,
): Promise<Deletion> {
  const isDeclarative = planned.service.deploy?.declarative !== undefined;
  const found = isDeclarative
    ? await findOfSet(connection, applySetOf(planned.name, toolVersion))
    : await findOfScript(connection, planned, record);
  const { prunable, kept } = findLeftovers(found, []);
  const isThere = record !== undefined || (isDeclarative ? found.length > 0 : found.some(runsPods));
  const script = isThere ? scriptOf(planned) : undefined;
  const going = isDeclarative ? prunable : isThere ? found : [];
  return {
    service: planned.name,
    ...(script === undefined ? {} : { script }),
    objects: going.map(refOf).map(describeObject),
    kept: isDeclarative ? kept.map(refOf).map(describeObject) : [],
  };
}

async function findOfScript(
  connection: ClusterConnection,
  planned: PlannedService,
  record: ServiceRecord | undefined,
): Promise<KubernetesObject[]> {
  const found = await findAll(connection.objects, refsOf(connection, planned, record));
  return found.flatMap(({ object }) => object ?? []);
}

function scriptOf({ service }: PlannedService): string | undefined {
  const script = service.deploy?.scripts.delete;
  return script && `${service.folder}/deploy/${script.name}`;
}
