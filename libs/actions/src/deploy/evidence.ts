// What the cluster holds about a service that failed, as text that may be kept: without values of Secrets.
import { setTimeout as sleep } from "node:timers/promises";
import { mask as masked } from "@pai/core";
import {
  describeObject,
  evidenceOf,
  refOf,
  type ClusterConnection,
  type FoundEvidence,
  type KubernetesObject,
  type ObjectRef,
} from "@pai/kubernetes";
import { formatManifestYaml } from "@pai/model";
import type { LogRecord, PodRecord, ServiceEvidence } from "@pai/report";

export interface EvidenceOptions {
  readonly connection: ClusterConnection;
  readonly service: string;
  readonly refs: readonly ObjectRef[];
  readonly since: Date;
  /** Hides the configuration's secrets. */
  readonly mask: (text: string) => string;
}

const patienceMs = 15_000;
const mostPods = 6;
const mostEvents = 200;
const logLines = 1000;

/** Never throws: a cluster that cannot tell is a fact of the report, too. */
export async function gatherEvidence(options: EvidenceOptions): Promise<ServiceEvidence> {
  const nothing = { service: options.service, objects: [], pods: [], events: [] };
  const late = new AbortController();
  try {
    return await Promise.race([
      gather(options),
      sleep(patienceMs, undefined, { signal: late.signal }).then(() => ({
        ...nothing,
        gaps: [`the cluster did not answer within ${patienceMs / 1000} s`],
      })),
    ]);
  } catch (error) {
    return { ...nothing, gaps: [error instanceof Error ? error.message : String(error)] };
  } finally {
    late.abort();
  }
}

async function gather(options: EvidenceOptions): Promise<ServiceEvidence> {
  const { connection, service, refs, since, mask } = options;
  const found = await evidenceOf(connection.objects, refs, since);
  const shown = found.pods.slice(0, mostPods);
  const left = found.pods.length - shown.length;
  return {
    service,
    objects: found.objects.map((object) => ({
      name: describeObject(refOf(object)),
      yaml: mask(yamlOf(object)),
    })),
    pods: await Promise.all(shown.map((pod) => podRecord(pod, options))),
    events: found.events.slice(-mostEvents).map(({ time, type, reason, kind, name, message }) => ({
      time: new Date(time).toISOString(),
      type,
      reason,
      about: `${kind} ${name}`,
      message: mask(message),
    })),
    gaps: left > 0 ? [`${left} more pods were not looked at`] : [],
  };
}

async function podRecord(
  pod: FoundEvidence["pods"][number],
  { connection, mask }: EvidenceOptions,
): Promise<PodRecord> {
  const { name, namespace = "default" } = pod.metadata;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  const runs = [...initContainerStatuses, ...containerStatuses].flatMap(
    ({ name: container, restartCount }): Omit<LogRecord, "text">[] => [
      ...(restartCount > 0 ? [{ container, run: "previous" } as const] : []),
      { container, run: "current" },
    ],
  );
  const logs = await Promise.all(
    runs.map(async ({ container, run }) => {
      const previous = run === "previous";
      const text = await connection.objects.log({ namespace, name, container, previous, lines: logLines });
      return { container, run, text: mask(text) };
    }),
  );
  return {
    name,
    yaml: mask(yamlOf(pod)),
    logs: logs.filter(({ text }) => text !== ""),
    ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
  };
}

/** What `kubectl apply` noted down holds a Secret's values as well. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** The object as `kubectl get -o yaml` shows it, without values of Secrets. */
export function yamlOf(object: KubernetesObject): string {
  const { managedFields: _, annotations = {}, ...metadata } = object.metadata;
  const { [lastApplied]: __, ...kept } = annotations;
  const values = object.kind === "Secret" ? { data: hidden(object.data) } : {};
  return formatManifestYaml({
    ...object,
    metadata: { ...metadata, ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}) },
    ...values,
  });
}

function hidden(data: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.keys(data).map((key) => [key, masked]));
}
