import {
  describeTroubles,
  findAll,
  isAsRecorded,
  readRecords,
  type ClusterConnection,
  type ServiceRecord,
} from "@pai/kubernetes";
import { readServices } from "@pai/model";
import { selectServices } from "@pai/plan";
import { withCluster, type DeployOptions } from "./run.ts";
import { podCount } from "./start-service.ts";
import { readConfiguration } from "../config/read-configuration.ts";

export type ServiceState = "ready" | "not ready" | "changed" | "stopped" | "not started";

export interface ServiceStatus {
  readonly service: string;
  readonly state: ServiceState;
  /** Such as `3/3 pods`; empty for services without pods. */
  readonly pods: string;
  /** Why it is not ready, or what was changed by somebody else. */
  readonly reasons: readonly string[];
  /** When it was last started or stopped by pai. */
  readonly since?: string;
}

/** How the services are, as far as pai started them. Changes nothing. */
export async function serviceStatus(options: DeployOptions): Promise<ServiceStatus[]> {
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(options.root)]);
  const names = selectServices(services, options.services).filter((name) => services.get(name)?.deploy);
  return withCluster(options, cluster, async (connection) => {
    const records = await readRecords(connection.objects);
    return Promise.all(names.map((name) => statusOf(connection, name, records.get(name))));
  });
}

async function statusOf(
  { objects, now }: ClusterConnection,
  service: string,
  record: ServiceRecord | undefined,
): Promise<ServiceStatus> {
  if (!record) return { service, state: "not started", pods: "", reasons: [] };
  if (record.state === "stopped")
    return { service, state: "stopped", pods: "", reasons: [], since: record.time };
  const found = await findAll(objects, record.objects);
  const live = found.flatMap(({ object }) => object ?? []);
  const troubles = await describeTroubles({ objects, now, targets: record.objects });
  const changes = found
    .filter(({ ref, object }) => object && !isAsRecorded(ref, object))
    .map(({ ref }) => `${ref.kind} ${ref.name} was changed after the start`);
  const state = troubles.length > 0 ? "not ready" : changes.length > 0 ? "changed" : "ready";
  return { service, state, pods: podCount(live), reasons: [...troubles, ...changes], since: record.time };
}
