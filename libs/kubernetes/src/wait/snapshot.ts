// Everything that a wait depends on at one moment: from a list per kind and namespace, never a request per
// object.
import { PaiError } from "@pai/core";
import type { ObjectEvent, Pod } from "../causes/types.ts";
import { describeObject, type KubernetesObject, type ObjectRef, type Objects } from "../objects.ts";
import type { Running } from "../pods-of.ts";
import { hasReadiness, runsPods } from "../readiness/readiness.ts";
import type { WatchQuery } from "../watch/watch-pool.ts";

export interface Snapshot {
  find(ref: ObjectRef): KubernetesObject | undefined;
  running(namespace: string | undefined): Running;
  /** Events about what is in the namespace, newest first. */
  events(namespace: string | undefined): readonly ObjectEvent[];
  readonly nodes: readonly KubernetesObject[];
}

export type ListObjects = (query: WatchQuery) => readonly KubernetesObject[];

const nodes = { apiVersion: "v1", kind: "Node" } as const;
const podsIn = (namespace: string): WatchQuery => ({ apiVersion: "v1", kind: "Pod", namespace });
const replicaSetsIn = (namespace: string): WatchQuery => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  namespace,
});
// What goes well is most of what is told, and of no use here.
const dullReasons = [
  "Scheduled",
  "Created",
  "Started",
  "SuccessfulCreate",
  "SuccessfulDelete",
  "ScalingReplicaSet",
];
const eventsIn = (namespace: string): WatchQuery => ({
  apiVersion: "v1",
  kind: "Event",
  namespace,
  fieldSelector: dullReasons.map((reason) => `reason!=${reason}`).join(","),
});

/** What has to be listed to look at the objects. */
export function queriesFor(refs: readonly ObjectRef[]): WatchQuery[] {
  const watched = refs.filter(hasReadiness);
  const namespaces = namespacesOf(watched);
  const own = watched.map(collectionOf);
  const around = namespaces.flatMap((name) => [podsIn(name), replicaSetsIn(name), eventsIn(name)]);
  return [...own, ...around, ...(namespaces.length > 0 ? [nodes] : [])];
}

/** A way to list them once. */
export async function listOnce(objects: Objects, queries: readonly WatchQuery[]): Promise<ListObjects> {
  const byQuery = new Map(queries.map((query) => [JSON.stringify(query), query]));
  const lists = new Map(
    await Promise.all(
      [...byQuery].map(async ([key, query]) => {
        const list = objects.list(query);
        return [key, await (query === nodes ? list.catch(noneIfDenied) : list)] as const;
      }),
    ),
  );
  return (query) => lists.get(JSON.stringify(query)) ?? [];
}

/** Nodes only tell whether a pod can ever find room: who may not see them does without. */
function noneIfDenied(error: unknown): [] {
  if (error instanceof PaiError && error.code === "CLUSTER_DENIED") return [];
  throw error;
}

function listNodes(list: ListObjects): readonly KubernetesObject[] {
  try {
    return list(nodes);
  } catch (error) {
    return noneIfDenied(error);
  }
}

/** Events from before `since` are left out. */
export function takeSnapshot(list: ListObjects, refs: readonly ObjectRef[], since: Date): Snapshot {
  const watched = refs.filter(hasReadiness);
  const found = new Map<string, KubernetesObject>();
  const collections = new Map(watched.map((ref) => [JSON.stringify(collectionOf(ref)), collectionOf(ref)]));
  for (const query of collections.values()) {
    for (const item of list(query)) found.set(describeObject({ kind: query.kind, ...item.metadata }), item);
  }
  const running = new Map<string, Running>();
  const events = new Map<string, readonly ObjectEvent[]>();
  const namespaces = namespacesOf(watched);
  for (const name of namespaces) {
    running.set(name, { pods: list(podsIn(name)) as readonly Pod[], replicaSets: list(replicaSetsIn(name)) });
    events.set(name, eventsSince(list(eventsIn(name)) as readonly EventObject[], since));
  }
  return {
    find: (ref) => found.get(describeObject(ref)),
    running: (namespace = "default") => running.get(namespace) ?? { pods: [], replicaSets: [] },
    events: (namespace = "default") => events.get(namespace) ?? [],
    nodes: namespaces.length > 0 ? listNodes(list) : [],
  };
}

export function collectionOf({ apiVersion, kind, namespace }: ObjectRef): WatchQuery {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

function namespacesOf(refs: readonly ObjectRef[]): string[] {
  return [...new Set(refs.filter(runsPods).map(({ namespace = "default" }) => namespace))];
}

interface EventObject extends KubernetesObject {
  readonly involvedObject: {
    readonly uid?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly fieldPath?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string } | null;
}

function eventsSince(events: readonly EventObject[], since: Date): ObjectEvent[] {
  return (
    events
      .map((event) => ({ event, time: timeOf(event) }))
      // Event times are whole seconds, and so is what is known of the server's clock.
      .filter(({ time }) => time >= since.getTime() - 2000)
      .toSorted((a, b) => b.time - a.time)
      .map(({ event, time }) => {
        const { type, reason = "", message = "", involvedObject: about } = event;
        return {
          type: type === "Normal" ? type : "Warning",
          reason,
          message,
          uid: about.uid ?? "",
          kind: about.kind ?? "",
          name: about.name ?? "",
          time,
          since: event.firstTimestamp ? Date.parse(event.firstTimestamp) : time,
          ...(about.fieldPath === undefined ? {} : { fieldPath: about.fieldPath }),
        };
      })
  );
}

// The scheduler's events have no lastTimestamp.
function timeOf({ series, lastTimestamp, eventTime, metadata }: EventObject): number {
  return Date.parse(
    series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "",
  );
}
