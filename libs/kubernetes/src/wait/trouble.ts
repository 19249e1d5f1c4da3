import type { WaitingFor } from "@pai/core";
import { describeCause, describeWithContainer, findCauses, findRelapses } from "../causes/find-cause.ts";
import type { Cause, Evidence } from "../causes/types.ts";
import { describeTime } from "../describe-time.ts";
import { describeObject, type ObjectRef } from "../objects.ts";
import { newestReplicaSet, olderPodsOf, podsOf } from "../pods-of.ts";
import { readinessOf } from "../readiness/readiness.ts";
import type { RestartMemory } from "./restart-memory.ts";
import type { Snapshot } from "./snapshot.ts";

/** An object to wait for; the generation is the first one that counts. */
export interface WaitTarget extends ObjectRef {
  readonly generation?: number;
}

/** Why one object is not ready. */
export interface Trouble {
  readonly ref: ObjectRef;
  /** Of the kind's own counters, such as `1 of 3 pods ready`. */
  readonly reason: string;
  /** The most hopeless one first. */
  readonly causes: readonly Cause[];
  /** Kubernetes itself has given up. */
  readonly isFinal: boolean;
}

export interface Surroundings {
  readonly snapshot: Snapshot;
  readonly restarts: RestartMemory;
  readonly now: Date;
  readonly isComing: Evidence["isComing"];
}

export function findTrouble(target: WaitTarget, around: Surroundings): Trouble | undefined {
  const { snapshot, restarts, now, isComing } = around;
  const { generation = 0, ...ref } = target;
  const object = snapshot.find(ref);
  if (!object) return { ref, reason: "is not in the cluster any more", causes: [], isFinal: false };
  // The watch may be a moment behind what was read after the change.
  if ((object.metadata.generation ?? generation) < generation)
    return { ref, reason: "the change has not been seen yet", causes: [], isFinal: false };
  const running = snapshot.running(ref.namespace);
  const pods = podsOf(object, running);
  restarts.see(pods);
  const readiness = readinessOf(object);
  const replicaSet = newestReplicaSet(object, running);
  const evidence: Evidence = {
    object,
    pods,
    olderPods: olderPodsOf(object, running),
    events: snapshot.events(ref.namespace),
    nodes: snapshot.nodes,
    isComing,
    now: now.getTime(),
    restartsBefore: restarts.before,
    ...(replicaSet ? { replicaSet } : {}),
  };
  if (readiness.state === "ready") {
    const causes = findRelapses(evidence);
    return causes.length > 0 ? { ref, reason: "does not stay ready", causes, isFinal: false } : undefined;
  }
  const isFinal = readiness.state === "failed";
  return { ref, reason: readiness.reason, causes: findCauses(evidence), isFinal };
}

/** One with a cause, if there is any. */
export function worstOf(troubles: readonly Trouble[]): Trouble | undefined {
  return troubles.find(({ causes }) => causes.length > 0) ?? troubles[0];
}

/** `DaemonSet a: pod a-x on m1: container c exited with 1, twice` */
export function describeTrouble({ ref, reason, causes: [cause] }: Trouble): string {
  return `${describeObject(ref)}: ${cause ? describeCause(cause) : reason}`;
}

export interface TroubleTimes {
  readonly since: Date;
  /** Until the wait ends because of it, where a time decides. */
  readonly givesUpInMs: number | undefined;
}

/** All that is known, for whoever shows it. */
export function describeWaiting(
  trouble: Trouble,
  times: TroubleTimes,
  lastLine: string | undefined,
): WaitingFor {
  const {
    ref,
    reason,
    causes: [cause],
  } = trouble;
  const pod = cause?.pod;
  const givesUp =
    cause?.givesUp ??
    (times.givesUpInMs === undefined ? undefined : `after ${describeTime(times.givesUpInMs)}`);
  return {
    reason: `${describeTrouble(trouble)}${lastLine === undefined ? "" : `, last line: "${lastLine}"`}`,
    object: describeObject(ref),
    ...(pod ? { pod: pod.metadata.name } : {}),
    ...(pod?.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
    cause: cause ? describeWithContainer(cause) : reason,
    ...(lastLine === undefined ? {} : { lastLine }),
    since: times.since.toISOString(),
    ...(givesUp === undefined ? {} : { givesUp }),
  };
}
