// One look at everything a wait depends on: a list per kind and namespace, never a request per object.
import type { Pod, Warning } from "./causes/types.ts";
import { describeObject, type KubernetesObject, type ObjectRef, type Objects } from "./objects.ts";
import type { Running } from "./pods-of.ts";
import { hasReadiness, runsPods } from "./readiness/readiness.ts";

export interface Snapshot {
  find(ref: ObjectRef): KubernetesObject | undefined;
  running(namespace: string | undefined): Running;
  /** Warnings about what is in the namespace, newest first. */
  warnings(namespace: string | undefined): readonly Warning[];
}

export async function takeSnapshot(
  objects: Objects,
  refs: readonly ObjectRef[],
  since: Date,
): Promise<Snapshot> {
  const found = new Map<string, KubernetesObject>();
  const running = new Map<string, Running>();
  const warnings = new Map<string, readonly Warning[]>();
  const watched = refs.filter(hasReadiness);
  const kinds = new Map(
    watched.map((ref) => [`${ref.apiVersion} ${ref.kind} ${ref.namespace ?? ""}`, ref] as const),
  );
  const namespaces = new Set(watched.filter(runsPods).map(({ namespace = "default" }) => namespace));
  await Promise.all([
    ...[...kinds.values()].map(async ({ apiVersion, kind, namespace }) => {
      const items = await objects.list({
        apiVersion,
        kind,
        ...(namespace === undefined ? {} : { namespace }),
      });
      for (const item of items) found.set(keyOf({ kind, ...item.metadata }), item);
    }),
    ...[...namespaces].map(async (namespace) => {
      const [pods, replicaSets, events] = await Promise.all([
        objects.list({ apiVersion: "v1", kind: "Pod", namespace }),
        objects.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }),
        objects.list({ apiVersion: "v1", kind: "Event", namespace, fieldSelector: "type!=Normal" }),
      ]);
      running.set(namespace, { pods: pods as readonly Pod[], replicaSets });
      warnings.set(namespace, warningsSince(events as readonly EventObject[], since));
    }),
  ]);
  return {
    find: (ref) => found.get(keyOf(ref)),
    running: (namespace = "default") => running.get(namespace) ?? { pods: [], replicaSets: [] },
    warnings: (namespace = "default") => warnings.get(namespace) ?? [],
  };
}

function keyOf(ref: Omit<ObjectRef, "apiVersion">): string {
  return describeObject(ref);
}

interface EventObject extends KubernetesObject {
  readonly involvedObject: { readonly uid?: string; readonly fieldPath?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string } | null;
}

function warningsSince(events: readonly EventObject[], since: Date): Warning[] {
  return (
    events
      .map((event) => ({ event, time: timeOf(event) }))
      // Event times are whole seconds.
      .filter(({ time }) => time >= since.getTime() - 1000)
      .toSorted((a, b) => b.time - a.time)
      .map(({ event: { reason = "", message = "", involvedObject } }) => ({
        reason,
        message,
        uid: involvedObject.uid ?? "",
        ...(involvedObject.fieldPath === undefined ? {} : { fieldPath: involvedObject.fieldPath }),
      }))
  );
}

// The scheduler's events have no lastTimestamp.
function timeOf({ series, lastTimestamp, eventTime, metadata }: EventObject): number {
  return Date.parse(
    series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "",
  );
}
