import type { KubernetesObject } from "../objects.ts";
import { isStale, notObserved, waitingForPods, type Readiness } from "./types.ts";

interface StatefulSetSpec {
  readonly replicas?: number;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number };
  };
}
interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
}

export function statefulSetReadiness({ metadata, spec, status }: KubernetesObject): Readiness {
  const { replicas: wanted = 1, updateStrategy } = (spec ?? {}) as StatefulSetSpec;
  const now = (status ?? {}) as StatefulSetStatus;
  if (isStale(metadata, now)) return notObserved;
  const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = now;
  const pods = { ready: readyReplicas, wanted };
  if (readyReplicas < wanted) return waitingForPods(pods);
  // Ordinals below the partition, and all pods with OnDelete, keep the old revision on purpose.
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  if (updateStrategy?.type === "OnDelete" || partition > 0) {
    const expected = updateStrategy?.type === "OnDelete" ? 0 : Math.max(0, wanted - partition);
    return updatedReplicas < expected
      ? waitingForPods({ ready: updatedReplicas, wanted: expected })
      : { state: "ready", pods };
  }
  return currentRevision === updateRevision
    ? { state: "ready", pods }
    : waitingForPods({ ready: updatedReplicas, wanted });
}
