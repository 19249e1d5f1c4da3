// How services are: what of them is ready, what somebody else changed, and what a start would change.
import { setTimeout as sleep } from "node:timers/promises";
import {
  applySetOf,
  describeObject,
  describeTroubles,
  findAll,
  hasReadiness,
  isAsRecorded,
  lastChangeAfter,
  listRevisions,
  readRecords,
  shareLists,
  type ClusterConnection,
  type KubernetesObject,
  type RecordedObject,
  type ServiceRecord,
} from "@pai/kubernetes";
import { readServices } from "@pai/model";
import { selectServices } from "@pai/plan";
import { imagesOf } from "./declarative/images-of.ts";
import type { PlannedService } from "./plan.ts";
import { withCluster, type DeployOptions } from "./run.ts";
import { podCount } from "./start-service.ts";
import { readTree, type Tree } from "./status-tree.ts";
import { findUnfinished } from "./status-unfinished.ts";
import { toolVersion } from "./version.ts";
import { readConfiguration } from "../config/read-configuration.ts";

/** `changed`: by somebody else; `outdated`: the tree or the configuration says something else by now. */
export type ServiceState = "ready" | "not ready" | "changed" | "outdated" | "stopped" | "not started";

export interface ServiceStatus {
  readonly service: string;
  readonly state: ServiceState;
  /** Such as `3/3 pods`; empty for services without pods. */
  readonly pods: string;
  /** Why it is not ready, or what was changed by whom. */
  readonly reasons: readonly string[];
  /** Number of the revision that runs, ready or not; absent for services that a script starts. */
  readonly revision?: number;
  /** Images of its containers, with digests where they are pinned. */
  readonly images?: readonly string[];
  /** When it was last started or stopped by pai. */
  readonly since?: string;
}

/** Changes nothing. */
export async function serviceStatus(options: DeployOptions): Promise<ServiceStatus[]> {
  return withStatus(options, (look) => look());
}

/** Looks again and again, and tells when something is different, until the signal. */
export async function watchStatus(
  options: DeployOptions & { readonly onChange: (services: readonly ServiceStatus[]) => void },
): Promise<never> {
  return withStatus(options, async (look) => {
    let told = "";
    for (;;) {
      const services = await look();
      const text = JSON.stringify(services);
      if (text !== told) options.onChange(services);
      told = text;
      await sleep(lookAgainMs, undefined, { signal: options.signal });
    }
  });
}

const lookAgainMs = 2000;

async function withStatus<T>(
  options: DeployOptions,
  work: (look: () => Promise<ServiceStatus[]>) => Promise<T>,
): Promise<T> {
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(options.root)]);
  const names = selectServices(services, options.services).filter((name) => services.get(name)?.deploy);
  const tree = await readTree({ ...options, services: names });
  let { unknown } = tree;
  return withCluster(options, cluster, (connection) =>
    work(async () => {
      const look = { ...connection, objects: shareLists(connection.objects) };
      const records = await readRecords(look.objects);
      if (unknown !== undefined && names.some((name) => records.get(name)?.state === "started")) {
        options.report({ type: "warning", message: unknown });
        unknown = undefined;
      }
      return Promise.all(names.map((name) => statusOf(look, name, records.get(name), tree)));
    }),
  );
}

async function statusOf(
  connection: ClusterConnection,
  service: string,
  record: ServiceRecord | undefined,
  { planned, hashes }: Tree,
): Promise<ServiceStatus> {
  const wantedHash = hashes.get(service);
  return record?.state === "started"
    ? statusAsRecorded(connection, record, wantedHash !== undefined && wantedHash !== record.hash)
    : statusUnrecorded(connection, service, record, planned.get(service));
}

async function statusUnrecorded(
  connection: ClusterConnection,
  service: string,
  record: ServiceRecord | undefined,
  planned: PlannedService | undefined,
): Promise<ServiceStatus> {
  const since = record && { since: record.time };
  const unfinished = planned && (await findUnfinished(connection, planned, record));
  if (!unfinished)
    return { service, state: record ? "stopped" : "not started", pods: "", reasons: [], ...since };
  const { objects, reasons } = unfinished;
  const revision = (await listRevisions(connection.objects, applySetOf(service, toolVersion))).at(-1)?.number;
  return {
    service,
    state: "not ready",
    pods: podCount(objects),
    reasons,
    ...(revision === undefined ? {} : { revision }),
    images: imagesOf(objects),
    ...since,
  };
}

async function statusAsRecorded(
  connection: ClusterConnection,
  record: ServiceRecord,
  isOutdated: boolean,
): Promise<ServiceStatus> {
  const { service, time: since } = record;
  const { objects } = connection;
  const [found, troubles, revisions] = await Promise.all([
    findAll(objects, record.objects),
    describeTroubles({ ...connection, targets: record.objects }),
    listRevisions(objects, applySetOf(service, toolVersion)),
  ]);
  const live = found.flatMap(({ object }) => object ?? []);
  const changes = found.flatMap(({ ref, object }) => describeChange(ref, object, record) ?? []);
  const revision = revisions.at(-1)?.number;
  return {
    service,
    state:
      troubles.length > 0 ? "not ready" : changes.length > 0 ? "changed" : isOutdated ? "outdated" : "ready",
    pods: podCount(live),
    reasons: [
      ...troubles,
      ...changes,
      ...(isOutdated ? ["the tree or the configuration changed after the start"] : []),
    ],
    ...(revision === undefined ? {} : { revision }),
    images: imagesOf(live),
    since,
  };
}

function describeChange(
  ref: RecordedObject,
  object: KubernetesObject | undefined,
  record: ServiceRecord,
): string | undefined {
  const name = describeObject(ref);
  // What can be ready and is not there is a trouble already.
  if (!object) return hasReadiness(ref) ? undefined : `${name} was deleted after the start`;
  if (isAsRecorded(ref, object)) return undefined;
  const last = lastChangeAfter(object, new Date(record.time));
  const by = last === undefined ? "" : ` by ${last.manager} at ${last.time.toISOString()}`;
  return `${name} was changed after the start${by}`;
}
