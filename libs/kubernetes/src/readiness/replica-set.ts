import type { KubernetesObject } from "../objects.ts";
import { isStale, notObserved, waitingForPods, type Readiness } from "./types.ts";

export function replicaSetReadiness({ metadata, spec, status }: KubernetesObject): Readiness {
  const wanted = (spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const now = (status ?? {}) as {
    observedGeneration?: number;
    replicas?: number;
    availableReplicas?: number;
  };
  if (isStale(metadata, now)) return notObserved;
  const pods = { ready: now.availableReplicas ?? 0, wanted };
  return pods.ready < wanted || (now.replicas ?? 0) > wanted
    ? waitingForPods(pods)
    : { state: "ready", pods };
}
