import type { KubernetesObject } from "../objects.ts";
import {
  findCondition,
  isStale,
  notObserved,
  waitingForPods,
  type Condition,
  type Readiness,
} from "./types.ts";

interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export function deploymentReadiness({ metadata, spec, status }: KubernetesObject): Readiness {
  const wanted = (spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const now = (status ?? {}) as DeploymentStatus;
  // Nothing will come of it and nothing is left to end: the controller's look at it would tell nothing.
  if (wanted === 0 && !now.replicas) return { state: "ready", pods: { ready: 0, wanted } };
  if (isStale(metadata, now)) return notObserved;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions } = now;
  const pods = { ready: Math.min(availableReplicas, updatedReplicas), wanted };
  const stuck = findCondition(conditions, "Progressing", "False");
  if (stuck?.reason === "ProgressDeadlineExceeded")
    return { state: "failed", reason: "made no progress within progressDeadlineSeconds", pods };
  if (updatedReplicas < wanted || availableReplicas < updatedReplicas) return waitingForPods(pods);
  if (replicas > updatedReplicas)
    return { state: "waiting", reason: `${replicas - updatedReplicas} old pods have not ended yet`, pods };
  return { state: "ready", pods };
}
