// What was deployed last, kept in the cluster beside it: one ConfigMap per service. It is written after
// everything is ready, so a run that was killed leaves the old one, and the next run does the work again.
import { PaiError } from "@pai/core";
import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";

export interface ServiceRecord {
  readonly service: string;
  readonly state: "started" | "stopped";
  /** Over everything that goes into the service: rendered and static files, image digests, labels. */
  readonly hash: string;
  /** Hashes of the files by their paths in the tree, to name what has changed since; absent after a way back. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Of a declarative service: the number of its revision. */
  readonly revision?: number;
  readonly objects: readonly RecordedObject[];
  /** Version of pai that wrote it. */
  readonly tool: string;
  readonly time: string;
}

export interface RecordedObject extends ObjectRef {
  readonly uid: string;
  /** Changes whenever somebody changes the object. */
  readonly version: string;
}

const manager = "pai";
const namespace = "default";
const key = "record.json";
const managedBy = { "app.kubernetes.io/managed-by": "pai" };

function recordName(service: string): string {
  return `pai-service-${service}`;
}

export async function readRecord(objects: Objects, service: string): Promise<ServiceRecord | undefined> {
  const found = await objects.find(recordRef(service));
  // Before the first start is done, the object already stands for the service's set.
  return found?.data?.[key] === undefined ? undefined : parseRecord(found);
}

/** The records of all services, by name. */
export async function readRecords(objects: Objects): Promise<ReadonlyMap<string, ServiceRecord>> {
  const labelSelector = Object.entries(managedBy)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  const found = await objects.list({ apiVersion: "v1", kind: "ConfigMap", namespace, labelSelector });
  const records = found.filter(({ data }) => data?.[key] !== undefined).map(parseRecord);
  return new Map(records.map((record) => [record.service, record]));
}

export async function writeRecord(objects: Objects, record: ServiceRecord): Promise<void> {
  const { apiVersion, kind, name } = recordRef(record.service);
  const metadata = { name, namespace, labels: managedBy };
  await objects.apply(
    { apiVersion, kind, metadata, data: { [key]: `${JSON.stringify(record, undefined, 1)}\n` } },
    { manager, force: true },
  );
}

export async function deleteRecord(objects: Objects, service: string): Promise<void> {
  const ref = recordRef(service);
  const { metadata } = (await objects.find(ref)) ?? {};
  if (metadata?.uid !== undefined) await objects.remove({ ...ref, uid: metadata.uid });
}

export function recordObject({ apiVersion, kind, metadata }: KubernetesObject): RecordedObject {
  const { name, namespace: inNamespace, uid = "", generation, resourceVersion = "" } = metadata;
  return {
    apiVersion,
    kind,
    ...(inNamespace === undefined ? {} : { namespace: inNamespace }),
    name,
    uid,
    // The generation counts changes of the spec only; kinds without one have nothing that changes by itself.
    version: generation === undefined ? `r${resourceVersion}` : `g${generation}`,
  };
}

/** Whether the object is still the recorded one, and nobody has changed it since. */
export function isAsRecorded(recorded: RecordedObject, live: KubernetesObject | undefined): boolean {
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return false;
  const now = recordObject(live);
  return now.uid === recorded.uid && now.version === recorded.version;
}

/** The ConfigMap that holds the record. */
export function recordRef(service: string): ObjectRef {
  return { apiVersion: "v1", kind: "ConfigMap", namespace, name: recordName(service) };
}

function parseRecord({ metadata, data }: KubernetesObject): ServiceRecord {
  try {
    return JSON.parse(data?.[key] ?? "") as ServiceRecord;
  } catch (cause) {
    throw new PaiError("APPLY_REJECTED", `the record ConfigMap ${metadata.name} is damaged`, {
      cause,
      hint: `kubectl delete configmap -n ${namespace} ${metadata.name}, then start the service again`,
    });
  }
}
