// How services are: what of them is ready, what somebody else changed, and what a start would change.
import { PaiError } from "@pai/core";
import {
  applySetOf,
  describeObject,
  describeTroubles,
  findAll,
  hasReadiness,
  isAsRecorded,
  lastChangeAfter,
  listRevisionsOf,
  readRecords,
  rememberReads,
  shareLists,
  watchReads,
  type ClusterConnection,
  type KubernetesObject,
  type RecordedObject,
  type RevisionInfo,
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
  /** Where no start has found that revision ready. */
  readonly isNeverReady?: true;
  /** Images of its containers, with digests where they are pinned. */
  readonly images?: readonly string[];
  /** When it was last started or stopped by pai. */
  readonly since?: string;
}

/** Changes nothing. */
export async function serviceStatus(options: DeployOptions): Promise<ServiceStatus[]> {
  return withStatus(options, async (connection, look) => look(connection));
}

/** Looks again whenever something has changed, and tells when it is of importance, until the signal. */
export async function watchStatus(
  options: DeployOptions & { readonly onChange: (services: readonly ServiceStatus[]) => void },
): Promise<never> {
  return withStatus(options, async (connection, look) => {
    const watch = watchReads(connection.watches);
    let told = "";
    try {
      for (;;) {
        const { objects, queries } = rememberReads(connection.objects);
        const services = await look({ ...connection, objects });
        const text = JSON.stringify(services);
        if (text !== told) options.onChange(services);
        told = text;
        await watch.changed(queries(), lookAgain, options.signal);
      }
    } finally {
      watch.close();
    }
  });
}

/** Some reasons depend on the time, too. */
const lookAgain = { soonestMs: 2000, latestMs: 20_000 };

interface Look extends ClusterConnection {
  /** By the ids of the services' sets. */
  readonly revisions: ReadonlyMap<string, readonly RevisionInfo[]>;
}

async function withStatus<T>(
  options: DeployOptions,
  work: (
    connection: ClusterConnection,
    look: (connection: ClusterConnection) => Promise<ServiceStatus[]>,
  ) => Promise<T>,
): Promise<T> {
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(options.root)]);
  const names = selectServices(services, options.services).filter((name) => services.get(name)?.deploy);
  const tree = await readTree({ ...options, services: names });
  let { unknown } = tree;
  return withCluster(options, cluster, (connection) =>
    work(connection, async (reading) => {
      const objects = shareLists(reading.objects);
      const sets = names.map((name) => applySetOf(name, toolVersion));
      const [records, revisions] = await Promise.all([readRecords(objects), findRevisions(objects, sets)]);
      const look = { ...reading, objects, revisions };
      if (unknown !== undefined && names.some((name) => records.get(name)?.state === "started")) {
        options.report({ type: "warning", message: unknown });
        unknown = undefined;
      }
      return Promise.all(names.map((name) => statusOf(look, name, records.get(name), tree)));
    }),
  );
}

/** Secrets hold them, which not everybody may list who may see services: the role `view` may not. */
async function findRevisions(...query: Parameters<typeof listRevisionsOf>): Promise<Look["revisions"]> {
  try {
    return await listRevisionsOf(...query);
  } catch (error) {
    if (error instanceof PaiError && error.code === "CLUSTER_DENIED") return new Map();
    throw error;
  }
}

async function statusOf(
  look: Look,
  service: string,
  record: ServiceRecord | undefined,
  { planned, hashes }: Tree,
): Promise<ServiceStatus> {
  const wantedHash = hashes.get(service);
  return record?.state === "started"
    ? statusAsRecorded(look, record, wantedHash !== undefined && wantedHash !== record.hash)
    : statusUnrecorded(look, service, record, planned.get(service));
}

async function statusUnrecorded(
  look: Look,
  service: string,
  record: ServiceRecord | undefined,
  planned: PlannedService | undefined,
): Promise<ServiceStatus> {
  const since = record && { since: record.time };
  const unfinished = planned && (await findUnfinished(look, planned, record));
  if (!unfinished)
    return { service, state: record ? "stopped" : "not started", pods: "", reasons: [], ...since };
  const { objects, reasons } = unfinished;
  return {
    service,
    state: "not ready",
    pods: podCount(objects),
    reasons,
    ...revisionOf(look, service),
    images: imagesOf(objects),
    ...since,
  };
}

async function statusAsRecorded(
  look: Look,
  record: ServiceRecord,
  isOutdated: boolean,
): Promise<ServiceStatus> {
  const { service, time: since } = record;
  const [found, troubles] = await Promise.all([
    // Lists serve all services of a namespace.
    findAll(look.objects, record.objects, { listFrom: 1 }),
    describeTroubles({ ...look, targets: record.objects }),
  ]);
  const live = found.flatMap(({ object }) => object ?? []);
  const changes = found.flatMap(({ ref, object }) => describeChange(ref, object, record) ?? []);
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
    ...revisionOf(look, service),
    images: imagesOf(live),
    since,
  };
}

/** The newest one is the one that runs. */
function revisionOf(
  { revisions }: Pick<Look, "revisions">,
  service: string,
): Pick<ServiceStatus, "revision" | "isNeverReady"> {
  const newest = revisions.get(applySetOf(service, toolVersion).id)?.at(-1);
  if (!newest) return {};
  return { revision: newest.number, ...(newest.state === "ready" ? {} : { isNeverReady: true }) };
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
