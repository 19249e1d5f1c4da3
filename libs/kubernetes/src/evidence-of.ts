import type { ObjectEvent, Pod } from "./causes/types.ts";
import { findWhole } from "./find-all.ts";
import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";
import { newestReplicaSet, olderPodsOf, podsOf } from "./pods-of.ts";
import { listOnce, queriesFor, takeSnapshot } from "./wait/snapshot.ts";

export interface FoundEvidence {
  readonly objects: readonly KubernetesObject[];
  /** Those that are not ready first. */
  readonly pods: readonly Pod[];
  /** About the objects, their replica sets and their pods; oldest first. */
  readonly events: readonly ObjectEvent[];
}

/** What is in the cluster of some objects, and of what runs because of them. */
export async function evidenceOf(
  objects: Objects,
  refs: readonly ObjectRef[],
  since: Date,
): Promise<FoundEvidence> {
  const [found, list] = await Promise.all([findWhole(objects, refs), listOnce(objects, queriesFor(refs))]);
  const live = found.flatMap(({ object }) => object ?? []);
  const snapshot = takeSnapshot(list, refs, since);
  const runningOf = ({ metadata }: KubernetesObject): ReturnType<typeof snapshot.running> =>
    snapshot.running(metadata.namespace);
  const pods = live.flatMap((object) => [
    ...podsOf(object, runningOf(object)),
    ...olderPodsOf(object, runningOf(object)),
  ]);
  const sets = live.flatMap((object) => newestReplicaSet(object, runningOf(object)) ?? []);
  const uids = new Set([...live, ...pods, ...sets].map(({ metadata }) => metadata.uid));
  const namespaces = new Set(refs.map(({ namespace }) => namespace));
  return {
    objects: live,
    pods: pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b))),
    events: [...namespaces]
      .flatMap((namespace) => snapshot.events(namespace))
      .filter(({ uid }) => uids.has(uid))
      .toSorted((a, b) => a.time - b.time),
  };
}

function isReady({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True") ?? false;
}
